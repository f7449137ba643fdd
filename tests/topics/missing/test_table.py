"""The table of missing values: a line per variable, and notes on those it leaves out."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis_lib.results.rows import Key
from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.missing.table import table_missing_data


def test_the_table_names_what_is_missing_and_what_the_extract_lacks(study, cells) -> None:
    missing = missing_data(study)
    table = table_missing_data(missing)
    at = Key("missing_values", "", "infused", "marrow_blasts_percent", "missing")
    row = missing.results.row(at._replace(statistic="count"))
    share = f"{row.value / row.denominator:.0%}"
    line = cells(table, "Marrow blasts before apheresis")
    assert line[0] == f"{row.value:.0f}/{row.denominator} ({share})"
    assert table.layout.notes[-1] == SYNTHETIC_LABEL
    without = replace(study, patients=study.patients.assign(anakinra=pd.NA))
    notes = table_missing_data(missing_data(without)).layout.notes
    assert "Not recorded in the extract: anakinra." in notes
