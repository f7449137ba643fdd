"""Read an extract as text, before any value is interpreted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis_lib.errors import SourceError
from analysis_lib.source.reading.delimited import read_delimited
from analysis_lib.source.reading.excel import read_excel
from analysis_lib.source.reading.hidden import hidden_notes
from analysis_lib.source.reading.options import Reading
from analysis_lib.source.reading.parquet import read_parquet
from analysis_lib.source.reading.rows import Judge, make_table
from analysis_lib.source.reading.signature import kind_of_file

_AS_FOUND = Reading()
_ONLY_FOR = {
    "delimiter": "text",
    "decimal": "text",
    "encoding": "text",
    "sheet": "excel",
}


def read_table(
    path: Path, options: Reading = _AS_FOUND, judge: Judge | None = None
) -> pd.DataFrame:
    """Every value as stripped text under its own column's name; empty text is missing.

    The index is the row in their file, the header being row 1; a CSV, an Excel sheet and a
    Parquet file of the same patients give the same table. `judge` is shown the header first, and
    may refuse it.

    Raises
    ------
    SourceError
        The file is absent, unreadable, empty, not what its name says, or not a table.
    """
    try:
        _check_file(path)
        kind = kind_of_file(path)
        _check_options(options, kind, path)
        if kind == "excel":
            return make_table(read_excel(path, options.sheet), path, ragged=True, judge=judge)
        if kind == "parquet":
            return make_table(read_parquet(path), path, judge=judge)
        return make_table(read_delimited(path, options), path, judge=judge)
    except OSError as error:
        raise SourceError(f"cohort: {path.name} cannot be read ({error.strerror})") from None


def notes_on_file(path: Path, table: pd.DataFrame, options: Reading = _AS_FOUND) -> list[str]:
    """What is worth saying of the file that a table was read from, beyond its values."""
    if kind_of_file(path) != "excel":
        return []
    return hidden_notes(path, options.sheet, table.index, len(table.columns))


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise SourceError(f"cohort: {path.name} is a folder; name the file in it")
    if not path.exists():
        raise SourceError(
            f"cohort: there is no file {path.name} in {path.parent.name or '.'}/; "
            "check the name (relative paths start at the project's folder)"
        )
    if not path.is_file():
        raise SourceError(f"cohort: {path.name} is no regular file; name a file")


def _check_options(options: Reading, kind: str, path: Path) -> None:
    for name, only in _ONLY_FOR.items():
        if getattr(options, name) and only != kind:
            what = "text files such as CSV" if only == "text" else "Excel workbooks"
            raise SourceError(
                f"mapping: read.{name} is for {what}, but the extract is {path.name}; take it out"
            )
