#!/usr/bin/env bash
# jupytext 1.19.6: a comment of a script can come out of the notebook as a shell command.
#
# Behaviour. A script in the percent format keeps IPython's magics as comments. Going to a notebook,
# jupytext takes the hash away from each comment that begins with the name of a magic or of a
# command that IPython knows without a sign: "# copy of the baseline table" becomes the line "copy
# of the baseline table", and "# ls", "# cat ..." and "# mv ..." likewise. "# compare the arms"
# stays a comment. So it is in plain code cells that hold no magic at all.
#
# Why it matters. Scripts are what is reviewed, notebooks what is executed. A line of prose that
# nobody would read twice runs as a command ("rm", "mv" and "cp" are among the names) or breaks the
# cell that made a table; which words do it is a list inside two other programs.
#
# Documented or reported: the option comment_magics is documented, with magics as its purpose. That
# words of prose are taken for commands is not.
#
# Output seen:
#   # copy of the baseline table    -> copy of the baseline table
#   # compare the arms              -> # compare the arms
#   # mv patients who moved away    -> mv patients who moved away
#   # more patients than in 2019    -> # more patients than in 2019
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check jupytext==1.19.6 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import sys

import jupytext

COMMENTS = [
    "# copy of the baseline table",
    "# compare the arms",
    "# mv patients who moved away",
    "# more patients than in 2019",
]
script = "".join(f"# %%\n{comment}\npatients = 87\n\n" for comment in COMMENTS)
compile(script, "chapter.py", "exec")  # valid Python, and each comment is one
cells = jupytext.reads(script, fmt="py:percent").cells
first = [cell.source.splitlines()[0] for cell in cells]
for comment, line in zip(COMMENTS, first, strict=True):
    print(f"{comment:<31} -> {line}")
sys.exit(0 if [line.startswith("#") for line in first] == [False, True, False, True] else 1)
PY
