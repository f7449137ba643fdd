"""Write the cohort as a registry extract: one CSV file, the same bytes for the same frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis_lib.writing import write_text


def write_cohort(frame: pd.DataFrame, path: str | Path) -> None:
    """Write ISO dates, yes/no, '' for missing and '\\n' line ends; replace `path` at once."""
    write_text(extract_text(frame), Path(path))


def extract_text(frame: pd.DataFrame) -> str:
    """Render the extract as CSV text."""
    rendered = pd.DataFrame({name: [_cell(value) for value in frame[name]] for name in frame})
    return rendered.to_csv(index=False, lineterminator="\n")


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return str(value)
