"""A cohort as arrays, one a column, that searches change and share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis.fate import mark

Arrays = dict[str, np.ndarray]
NO_RELAPSE = 0


def as_arrays(frame: pd.DataFrame) -> Arrays:
    """A copy of every column; days are whole numbers, and `relapse_day` is 0 without relapse."""
    arrays = {name: frame[name].to_numpy(copy=True) for name in frame}
    arrays["end_day"] = arrays["end_day"].astype(int)
    arrays["relapse_day"] = frame["relapse_day"].fillna(NO_RELAPSE).to_numpy(dtype=int)
    return arrays


def as_frame(arrays: Arrays, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with these columns, and with what their fates say."""
    written = frame.assign(**arrays)
    written["relapse_day"] = written["relapse_day"].where(written["relapse_day"] != NO_RELAPSE)
    return mark(written)
