#!/bin/sh
# Install the locked packages and this project into a virtual environment, by uv if there is one.
# usage: install.sh PYTHON VENV LOCK
set -eu
python=$1 venv=$2 lock=$3

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "install: $python is older than 3.11; name another with: make PYTHON=python3.12" >&2
    exit 2
}
if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    VIRTUAL_ENV=$(cd "$venv" && pwd) && export VIRTUAL_ENV
    echo "installing $lock with uv"
    uv pip install --quiet --compile-bytecode --require-hashes --requirement "$lock"
    uv pip install --quiet --no-deps --no-build-isolation --editable .
else
    [ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
    echo "installing $lock with pip"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation --editable .
fi
