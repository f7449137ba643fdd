#!/usr/bin/env bash
# papermill 2.7.0: "-p patient 1_23" hands patient 123 to the notebook, "-p sample 12E3" 12000.0.
#
# Behaviour. "papermill -p name value" tries Python's int() and float() on the text. Both take an
# underscore between digits, so that centre 1, patient 23 becomes one hundred and twenty-three. An E
# between digits is an exponent, leading zeros go, "nan" and "infinity" are numbers, and digits of
# other scripts are digits. What a notebook declares, here a text, does not matter.
#
# Why it matters. Reports are run for a centre, a patient or a sample, by name. "1_23" and "12_3"
# become the same number, a filter by it finds another patient or nobody, and the executed notebook
# shows the wrong number as the parameter that was asked for. Wells ("12E3") and codes with leading
# zeros ("007") change likewise.
#
# Documented or reported: that -p guesses types, and -r does not, is documented; the underscore is
# not. Not found among the issues.
#
# Output seen:
#   asked -p patient 1_23, the notebook got 123 (int)
#   asked -p patient 12_3, the notebook got 123 (int)
#   asked -p patient 12E3, the notebook got 12000.0 (float)
#   asked -r patient 1_23, the notebook got '1_23' (str)
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  papermill==2.7.0 ipykernel==7.4.0 nbclient==0.11.0 nbformat==5.11.1 || exit 2
cd "$room"
PATH="$room/venv/bin:$PATH" "$room/venv/bin/python" -W ignore - <<'PY'
import subprocess
import sys

import nbformat

parameters = nbformat.v4.new_code_cell('patient: str = "0_0"', metadata={"tags": ["parameters"]})
show = nbformat.v4.new_code_cell('print(f"{patient!r} ({type(patient).__name__})")')
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
nbformat.write(nbformat.v4.new_notebook(cells=[parameters, show], metadata=kernel), "in.ipynb")


def got(flag, text):
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", flag, "patient", text]
    subprocess.run(command, check=True, capture_output=True)
    shown = nbformat.read("out.ipynb", 4).cells[-1].outputs[0].text.strip()
    print(f"asked {flag} patient {text}, the notebook got {shown}")
    return shown


guessed = [got("-p", text) for text in ("1_23", "12_3", "12E3")]
raw = got("-r", "1_23")
sys.exit(
    0 if guessed == ["123 (int)", "123 (int)", "12000.0 (float)"] and raw == "'1_23' (str)" else 1
)
PY
