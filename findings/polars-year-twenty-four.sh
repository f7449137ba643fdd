#!/usr/bin/env bash
# polars 2.1.0: a date typed with two digits of the year becomes one of the first century.
#
# Behaviour. read_csv(..., try_parse_dates=True) and str.to_date() without a format find out a
# column's format by themselves. Where the day comes first, two digits are taken for the whole year:
# 15/06/24 is 15 June of the year 24. One such date among others of four digits stays, and the
# column is one of dates; a date that lacks its year, or that does not exist, makes it text. Two
# digits of the year in front are taken for the day: 24-01-15 is 24 January of the year 15.
#
# Why it matters. Among dates typed by hand there are a few like this. Nothing is said, and a
# patient has been followed for minus 730,352 days. The median of many times looks right, and
# a negative time is dropped or set to 0 further on.
#
# Documented or reported: that a format with %Y takes two digits if the caller names it (issue
# 18791). That polars chooses such a format for them was not found.
#
# Output seen:
#   15/06/2024: date, days of follow-up 29 133 166
#   15/06/24:   date, days of follow-up -730352 29 166
#   15/06:      text
#   31/06/2024: text
#   24-01-15 by str.to_date(): 0015-01-24
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 || exit 2
"$room/venv/bin/python" -W ignore - <<'PY'
import io
import sys
from datetime import date

import polars as pl

ROWS = "patient,diagnosed,seen\n1,01/02/2024,01/03/2024\n2,03/02/2024,{}\n3,05/02/2024,20/07/2024\n"


def follow_up(second):
    """Days of the three patients, sorted; nothing if the column is no date."""
    table = pl.read_csv(io.StringIO(ROWS.format(second)), try_parse_dates=True)
    if table["seen"].dtype != pl.Date:
        return None
    return sorted((table["seen"] - table["diagnosed"]).dt.total_days().to_list())


answers = {typed: follow_up(typed) for typed in ("15/06/2024", "15/06/24", "15/06", "31/06/2024")}
for typed, days in answers.items():
    told = f"date, days of follow-up {' '.join(map(str, days))}" if days else "text"
    print(f"{typed + ':':<12}{told}")
year_first = pl.Series(["24-01-15"]).str.to_date()[0]
print(f"24-01-15 by str.to_date(): {year_first}")
by_hand = (date(2024, 6, 15) - date(2024, 2, 3)).days
found = answers["15/06/2024"][1] == by_hand and answers["15/06/24"][0] < -700_000
text = answers["15/06"] is None and answers["31/06/2024"] is None
sys.exit(0 if found and text and year_first == date(15, 1, 24) else 1)
PY
