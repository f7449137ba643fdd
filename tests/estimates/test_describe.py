from __future__ import annotations

import math

import pandas as pd

from analysis_lib.estimates.describe import rank_row
from analysis_lib.results.rows import Key, context


def test_a_quantity_that_nobody_has_on_record_leaves_its_test_open():
    groups = pd.Series(pd.Categorical(["a", "b", "b"]))
    row = rank_row(context(Key("toxicity")), pd.Series([None, None, None], dtype="Int64"), groups)
    assert math.isnan(row.value)
    assert (row.n, row.method) == (0, "")
