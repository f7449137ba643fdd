#!/usr/bin/env bash
# polars-readstat 0.25.0: a month of a Stata file, May 2023, is read as 30 January 1962.
#
# Behaviour. Stata counts dates in the unit that the format names: days (%td), weeks (%tw), months
# (%tm), quarters (%tq), half-years (%th) from 1960, and years (%ty) as they are. The reader takes
# every one of them for days from 1960. May 2023, month 760, becomes day 760; the year 2023 becomes
# 16 July 1965. The column's type is Date, and nothing is said.
#
# Why it matters. Registries that may not hand over days give months of diagnosis or of death as
# %tm. All of them then fall into two years of the sixties, in the right order and at a plausible
# distance in days: thirty months of survival are thirty days.
#
# Documented or reported: that Stata's date formats are read as dates is documented; not found among
# the issues.
#
# Output seen:
#   format   meant        pandas       polars-readstat
#   %td      2023-05-15   2023-05-15   2023-05-15
#   %tm      2023-05-01   2023-05-01   1962-01-30
#   %tq      2023-04-01   2023-04-01   1960-09-10
#   %ty      2023-01-01   2023-01-01   1965-07-16
#   from diagnosis in May 2021 to death in November 2023: 30 days, by pandas 914
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  polars-readstat==0.25.0 polars==2.1.0 pandas==2.3.3 numpy==2.4.6 || exit 2
"$room/venv/bin/python" -W ignore - "$room" <<'PY'
import sys

import pandas as pd
from polars_readstat import read_readstat

path = f"{sys.argv[1]}/registry.dta"


def read(form, days):
    """What both make of these days, written in the unit of the format."""
    column = pd.DataFrame({"day": pd.to_datetime(days)})
    column.to_stata(path, convert_dates={"day": form}, write_index=False)
    return [x.date() for x in pd.read_stata(path)["day"]], read_readstat(path)["day"].to_list()


print("format   meant        pandas       polars-readstat")
wrong = []
for form, day in (("td", "2023-05-15"), ("tm", "2023-05-01"), ("tq", "2023-04-01"), ("ty", "2023-01-01")):
    (by_pandas,), (by_polars,) = read(form, [day])
    print(f"%{form:<7} {day:<12} {by_pandas!s:<12} {by_polars}")
    wrong.append(str(by_pandas) == day != str(by_polars))
right, months = read("tm", ["2021-05-01", "2023-11-01"])
lived, truly = (months[1] - months[0]).days, (right[1] - right[0]).days
print(f"from diagnosis in May 2021 to death in November 2023: {lived} days, by pandas {truly}")
sys.exit(0 if wrong == [False, True, True, True] and lived == 30 else 1)
PY
