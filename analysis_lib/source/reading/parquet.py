"""A Parquet file as the text that a CSV export of it would hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis_lib.errors import SourceError
from analysis_lib.source.reading.cells import cell_text
from analysis_lib.source.reading.rows import Row

if TYPE_CHECKING:
    from pyarrow import ChunkedArray, Table

_STORED_INDEX = "__index_level_"


def read_parquet(path: Path) -> list[Row]:
    """Rows of text, counted as in a sheet: the header is row 1, the first record row 2.

    Raises
    ------
    SourceError
        The file is no Parquet file, or a column holds lists, structures or bytes.
    """
    table = _table(path)
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
    return [(1, names), *enumerate(zip(*columns, strict=True), start=2)]


def _table(path: Path) -> Table:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
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
    return [cell_text(value) for value in column.to_pylist()]
