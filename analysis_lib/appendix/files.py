"""The small tables of words that the appendix shows; they lie beside this file."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis_lib.errors import BuildError

HERE = Path(__file__).parent


def read_words(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV file of this package.

    Raises
    ------
    BuildError
        It has other columns than it should.
    """
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    if not rows or tuple(rows[0]) != columns:
        raise BuildError(f"{name}: its header must be {','.join(columns)}")
    return rows
