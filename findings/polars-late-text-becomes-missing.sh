#!/usr/bin/env bash
# polars 2.1.0 with fastexcel 0.21.0: text below row 1,000 of a workbook's column of numbers is lost.
#
# Behaviour. read_excel() takes a column's type from its first 1,000 rows. A later cell that does not
# fit becomes missing: no error, no warning, no line in the result that says so. polars' own
# read_csv() refuses the same table, and reading the same workbook by pandas keeps the text.
# Where the text comes before row 1,000 the whole column is text.
#
# Why it matters. A laboratory writes "<0.6" below its limit of detection and "haemolysed" for a
# failed sample. In a registry of more than a thousand rows those of the later patients turn into
# "not measured", those of the earlier ones stop the analysis, and which it is depends on sorting.
#
# Documented or reported: the number of rows looked at is documented (infer_schema_length); what
# happens to cells that do not fit is not.
#
# Output seen:
#   1,200 rows of CRP, "<0.6" in 40 of the last 100
#   pandas:                     1200 values, 40 of them text
#   polars:                     1160 values, 0 of them text
#   polars, all rows looked at: 1200 values, all of them text
#   polars, the same as CSV:    refused
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check \
  polars==2.1.0 fastexcel==0.21.0 pandas==2.3.3 numpy==2.4.6 openpyxl==3.1.5 || exit 2
"$room/venv/bin/python" -W ignore - "$room" <<'PY'
import csv
import sys

import openpyxl
import pandas as pd
import polars as pl

rows = [("patient", "crp_mg_l")]
rows += [(patient, 0.6 + patient % 50) for patient in range(1, 1101)]
rows += [(patient, "<0.6" if patient % 5 < 2 else 3.5) for patient in range(1101, 1201)]
workbook, table = f"{sys.argv[1]}/registry.xlsx", f"{sys.argv[1]}/registry.csv"
book = openpyxl.Workbook()
for row in rows:
    book.active.append(row)
book.save(workbook)
with open(table, "w", newline="") as file:
    csv.writer(file).writerows(rows)

below = sum(value == "<0.6" for _, value in rows)
print(f'{len(rows) - 1:,} rows of CRP, "<0.6" in {below} of the last 100')
by_pandas = pd.read_excel(workbook)["crp_mg_l"].dropna()
by_polars = pl.read_excel(workbook)["crp_mg_l"].drop_nulls()
all_rows = pl.read_excel(workbook, infer_schema_length=None)["crp_mg_l"].drop_nulls()
texts = sum(isinstance(value, str) for value in by_pandas)
print(f"pandas:                     {len(by_pandas)} values, {texts} of them text")
late = sum(isinstance(value, str) for value in by_polars)
print(f"polars:                     {len(by_polars)} values, {late} of them text")
kind = "all" if all_rows.dtype == pl.String else "not all"
print(f"polars, all rows looked at: {len(all_rows)} values, {kind} of them text")
try:
    pl.read_csv(table)
    refused = False
except pl.exceptions.ComputeError:
    refused = True
print("polars, the same as CSV:   ", "refused" if refused else "read")
lost = len(by_pandas) - len(by_polars)
sys.exit(0 if lost == below == texts and late == 0 and refused else 1)
PY
