#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17): a date in an Excel workbook becomes "45306.0", TRUE "1.0".
#
# Behaviour. Recent versions of pandoc read xlsx. They show a cell's stored number and none of its
# format: 15 January 2024 is 45306.0, 85% is 0.85, 30 hours is 1.25, patient 7 is 7.0. TRUE and
# FALSE are 1.0 and 0.0. "10" with a raised 9 comes as "10 9". Hidden rows are shown like the
# others. Nothing is said on the way. A workbook that openpyxl wrote, pandas' usual way, is refused,
# since its parts are named from the root of the archive, which the format allows.
#
# Why it matters. Registries hand out workbooks, and a report turns them into pages with the tool
# that it has at hand. Dates of infusion and death stop being dates, flags turn into counts, and
# rows that somebody hid because they were withdrawn are back in the table.
#
# Documented or reported: the manual lists xlsx among the inputs without limits. Not found among the
# issues that could be searched.
#
# Output seen:
#   | id  | infused | orr  | alive | hours | ANC       |
#   |-----|---------|------|-------|-------|-----------|
#   | 7.0 | 45306.0 | 0.85 | 1.0   | 1.25  | 10 9 /L   |
#   | 8.0 | 45307.0 | 1.0  | 0.0   | 0.25  | withdrawn |
#   a workbook written by openpyxl: refused
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  pypandoc_binary==1.17 xlsxwriter==3.2.9 openpyxl==3.1.5 || exit 2
cd "$room"
"$room/venv/bin/python" -W ignore - <<'PY'
import datetime as dt
import sys

import openpyxl
import pypandoc
import xlsxwriter

book = xlsxwriter.Workbook("registry.xlsx")
sheet = book.add_worksheet()
day, percent, hours = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "0%", "[h]:mm"))
sheet.write_row(0, 0, ["id", "infused", "orr", "alive", "hours", "ANC"])
for row, (patient, date, rate, alive, share) in enumerate(
    [(7, dt.date(2024, 1, 15), 0.85, True, 1.25), (8, dt.date(2024, 1, 16), 1, False, 0.25)],
    start=1,
):
    sheet.write(row, 0, patient)
    sheet.write_datetime(row, 1, date, day)
    sheet.write(row, 2, rate, percent)
    sheet.write_boolean(row, 3, alive)
    sheet.write(row, 4, share, hours)
sheet.write_rich_string(1, 5, "10", book.add_format({"font_script": 1}), "9", "/L")
sheet.write(2, 5, "withdrawn")
sheet.set_row(2, None, None, {"hidden": True})
book.close()

cells = openpyxl.load_workbook("registry.xlsx").active
assert cells["B2"].value == dt.datetime(2024, 1, 15) and cells["D2"].value is True  # a date, a flag
table = pypandoc.convert_file("registry.xlsx", "gfm").splitlines()
print(*(line for line in table if line.startswith("|")), sep="\n")
first = [
    cell.strip() for cell in next(line for line in table if "45306" in line).strip("|").split("|")
]

plain = openpyxl.Workbook()
plain.active.append(["id"])
plain.save("openpyxl.xlsx")
try:
    pypandoc.convert_file("openpyxl.xlsx", "gfm")
    refused = False
except RuntimeError:
    refused = True
print("a workbook written by openpyxl:", "refused" if refused else "read")
as_seen = first == ["7.0", "45306.0", "0.85", "1.0", "1.25", "10 9 /L"] and any(
    "withdrawn" in r for r in table
)
sys.exit(0 if as_seen and refused else 1)
PY
