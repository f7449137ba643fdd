#!/usr/bin/env bash
# pyreadstat 1.3.7: a duration of 25 hours in an SPSS or SAS file is read as one o'clock.
#
# Behaviour. SPSS formats TIME and DTIME (days and hours) and SAS formats TIME hold durations of any
# length as seconds. The reader turns them into times of a day: whole days are dropped, without a
# warning. Five days are midnight, like no time at all. With disable_datetime_conversion=True the
# seconds come as they are.
#
# Why it matters. Hours from infusion to fever, time to engraftment, stay in intensive care: computed
# in SPSS from two times of day they are such durations. Those below a day are read right, so that
# the first rows look fine, and the long ones, which matter, become short.
#
# Documented or reported: that times become time objects is documented; what becomes of durations is
# not. Not found among the issues.
#
# Output seen:
#   hours from infusion to fever:   1.0,      25.0,     49.5,     120.0
#   SPSS, format TIME8:             01:00:00, 01:00:00, 01:30:00, 00:00:00
#   SPSS, format DTIME12:           01:00:00, 01:00:00, 01:30:00, 00:00:00
#   SAS transport, format TIME8:    01:00:00, 01:00:00, 01:30:00, 00:00:00
#   SPSS without conversion, hours: 1.0,      25.0,     49.5,     120.0
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  pyreadstat==1.3.7 pandas==2.3.3 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - "$room" <<'PY'
import sys

import pandas as pd
import pyreadstat

HOURS = [1.0, 25.0, 49.5, 120.0]
cohort = pd.DataFrame({"fever": [3600 * hours for hours in HOURS]})
sav, xpt = f"{sys.argv[1]}/cohort.sav", f"{sys.argv[1]}/cohort.xpt"


def spss(form, **options):
    pyreadstat.write_sav(cohort, sav, variable_format={"fever": form})
    return list(pyreadstat.read_sav(sav, **options)[0]["fever"])


def sas():
    pyreadstat.write_xport(cohort, xpt, variable_format={"fever": "TIME8"})
    return list(pyreadstat.read_xport(xpt)[0]["fever"])


def show(label, values):
    print(f"{label:<31} " + " ".join(f"{f'{value},':<9}" for value in values).rstrip(" ,"))


rows = {
    "SPSS, format TIME8:": spss("TIME8"),
    "SPSS, format DTIME12:": spss("DTIME12"),
    "SAS transport, format TIME8:": sas(),
}
plain = [seconds / 3600 for seconds in spss("TIME8", disable_datetime_conversion=True)]
show("hours from infusion to fever:", HOURS)
for label, row in rows.items():
    show(label, row)
show("SPSS without conversion, hours:", plain)
wrapped = all(str(row[1]) == "01:00:00" and str(row[3]) == "00:00:00" for row in rows.values())
sys.exit(0 if wrapped and plain == HOURS else 1)
PY
