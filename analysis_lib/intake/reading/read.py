"""An extract of any kind as a table of text; Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis_lib.errors import SourceError
from analysis_lib.intake.reading.delimited import read_delimited
from analysis_lib.intake.reading.excel import hidden_notes, read_excel
from analysis_lib.intake.reading.kinds import DEFAULT_BOUNDS, Bounds, Reading, kind_of_file
from analysis_lib.intake.reading.labelled import (
    Column,
    labelled_columns,
    notes_on_marks,
    read_labelled,
)
from analysis_lib.intake.reading.rows import Judge, Row, cell_text, make_table

if TYPE_CHECKING:
    from pyarrow import ChunkedArray, Table

_STORED_INDEX = "__index_level_"


def read_parquet(path: Path, bounds: Bounds = DEFAULT_BOUNDS) -> Iterator[Row]:
    """Rows of text, counted as in a sheet: the header is row 1, the first record row 2.

    Raises
    ------
    SourceError
        The file is no Parquet file or larger than its bounds, or a column holds lists, structures
        or bytes.
    """
    table = _table(path, bounds)
    names = [name for name in table.column_names if not name.startswith(_STORED_INDEX)]
    nested = [name for name in names if not _is_flat(table, name)]
    if nested:
        raise SourceError(
            f"{path.name}: {', '.join(map(repr, nested))} hold"
            f"{'s' if len(nested) == 1 else ''} lists, structures or bytes, not one value per "
            "patient; write such a column as text or leave it out"
        )
    try:
        columns = [_texts(table.column(name)) for name in names]
    except UnicodeDecodeError:
        raise _unreadable(path, "text that is not UTF-8") from None
    return chain([(1, names)], enumerate(zip(*columns, strict=True), start=2))


def _table(path: Path, bounds: Bounds) -> Table:
    """The columns as Arrow keeps them, texts by a dictionary: what stands often is kept once."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            about = file.metadata
            groups = range(about.num_row_groups)
            size = sum(about.row_group(group).total_byte_size for group in groups)
            bounds.check_size(path, about.num_rows, about.num_columns, size)
            schema = about.schema
            parts = [schema.column(place) for place in range(about.num_columns)]
            texts = [part.path for part in parts if part.physical_type == "BYTE_ARRAY"]
        with ParquetFile(path, read_dictionary=texts) as file:
            return file.read()
    except (ArrowException, OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, type(error).__name__) from None


def _unreadable(path: Path, reason: str) -> SourceError:
    return SourceError(f"{path.name}: is no readable Parquet file ({reason}); write it again")


def _is_flat(table: Table, name: str) -> bool:
    from pyarrow import types

    kind = table.schema.field(name).type
    if types.is_dictionary(kind):
        kind = kind.value_type
    binary = (
        types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)
    )
    return not (types.is_nested(kind) or binary)


def _texts(column: ChunkedArray) -> list[str]:
    from pyarrow import types

    if types.is_float32(column.type):  # 45.3 of single precision is not 45.29999923706055
        return ["" if x is None else cell_text(float(f"{x:.7g}")) for x in column.to_pylist()]
    if not types.is_dictionary(column.type):
        return [cell_text(value) for value in column.to_pylist()]
    texts: list[str] = []
    for chunk in column.chunks:
        known = [cell_text(value) for value in chunk.dictionary.to_pylist()]
        texts += ["" if x is None else known[x] for x in chunk.indices.to_pylist()]
    return texts


_AS_FOUND = Reading()
_TEXT, _LABELLED = "text files such as CSV", "files of SAS, SPSS and Stata"
_ONLY_FOR = {
    "delimiter": {"text": _TEXT},
    "decimal": {"text": _TEXT},
    "encoding": {"text": _TEXT, "labelled": _LABELLED},
    "sheet": {"excel": "Excel workbooks"},
    "keep_missing": {"labelled": _LABELLED},
}


def read_table(
    path: Path, options: Reading = _AS_FOUND, judge: Judge | None = None
) -> pd.DataFrame:
    """Every value as stripped text under its own column's name; empty text is missing.

    The index is the row in their file, the header being row 1; files of every kind with
    the same patients give the same table. `judge` is shown the header first, and
    may refuse it.

    Raises
    ------
    SourceError
        The file is absent, unreadable, empty, not what its name says, not a table, or larger than
        its bounds.
    """
    try:
        _check_file(path)
        kind = kind_of_file(path)
        _check_options(options, kind, path)
        table_of = partial(make_table, path=path, judge=judge, bounds=options.bounds)
        if kind == "excel":
            return table_of(read_excel(path, options.sheet, options.bounds), ragged=True)
        if kind == "parquet":
            return table_of(read_parquet(path, options.bounds))
        if kind == "labelled":
            return table_of(read_labelled(path, options))
        text = read_delimited(path, options)
        return table_of(text.rows(), columns=text.columns)
    except OSError as error:
        raise SourceError(f"cohort: {path.name} cannot be read ({error.strerror})") from None


def columns_of(path: Path, options: Reading = _AS_FOUND) -> list[Column]:
    """What a file of SAS, SPSS or Stata says of its columns; nothing of a file of another kind."""
    if not path.is_file() or kind_of_file(path) != "labelled":
        return []
    return labelled_columns(path, options)


def notes_on_file(path: Path, table: pd.DataFrame, options: Reading = _AS_FOUND) -> list[str]:
    """What is worth saying of the file that a table was read from, beyond its values."""
    kind = kind_of_file(path)
    if kind == "labelled":
        return notes_on_marks(path, table, options)
    if kind != "excel":
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
    for name, kinds in _ONLY_FOR.items():
        if getattr(options, name) and kind not in kinds:
            what = " and ".join(kinds.values())
            raise SourceError(
                f"mapping: read.{name} is for {what}, but the extract is {path.name}; take it out"
            )
