"""The small tables of words in `data/` that the appendix shows."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis_lib.errors import OutputError


def read_words(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV file of the project.

    Raises
    ------
    OutputError
        It is absent or has other columns.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except FileNotFoundError:
        raise OutputError(f"data/{path.name} is missing from the project; restore it") from None
    if not rows or tuple(rows[0]) != columns:
        raise OutputError(f"data/{path.name}: its header must be {','.join(columns)}")
    return rows
