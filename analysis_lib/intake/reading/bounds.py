"""How large an extract may be, told from what its file says of itself before it is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.errors import SourceError

_CHUNK = 1 << 20
_MEGABYTE = 1_000_000
_BYTES_OF_A_SIGN = 4  # at most, in UTF-8
_SEPARATORS = (b",", b";", b"\t", b"|")
_WHAT = {"characters": "characters in one cell", "megabytes": "megabytes once unpacked"}


@dataclass(frozen=True)
class Bounds:
    """The most that is read: of rows, columns, cells, characters of a cell, and megabytes.

    A larger file is refused, so that none fills the memory of the machine; a mapping file raises a
    bound under `read`, as `bounds: {rows: 5000000}`.
    """

    rows: int = 3_000_000
    columns: int = 30_000
    cells: int = 200_000_000
    characters: int = 100_000
    megabytes: int = 1_000

    def check(self, path: Path, name: str, found: int) -> None:
        """Refuse a file that holds more of something than is read.

        Raises
        ------
        SourceError
            It does; the message names both numbers and how the bound is raised.
        """
        most = getattr(self, name)
        if found > most:
            raise SourceError(
                f"{path.name}: holds {found:,} {_WHAT.get(name, name)}, but at most {most:,} are "
                "read; take out what is no patient's, or raise the bound in the mapping file: "
                f"read: {{bounds: {{{name}: {found}}}}}"
            )

    def check_size(self, path: Path, rows: int, columns: int, size: int = 0) -> None:
        """Refuse a table of so many rows and columns, of `size` bytes once it is unpacked."""
        self.check(path, "megabytes", -(-size // _MEGABYTE))
        self.check(path, "rows", rows)
        self.check(path, "columns", columns)
        self.check(path, "cells", rows * columns)

    def check_row(self, path: Path, number: int, cells: Sequence[str]) -> None:
        """Refuse a row beyond the bounds as it is read, whatever the file said of its size."""
        self.check(path, "rows", number - 1)
        self.check(path, "columns", len(cells))
        self.check(path, "cells", (number - 1) * len(cells))
        self.check(path, "characters", max(map(len, cells), default=0))


DEFAULT_BOUNDS = Bounds()


def check_archive(path: Path, bounds: Bounds) -> None:
    """Refuse an archive that says of its parts that they are too large once unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return  # the reader of workbooks says what is wrong with it
    bounds.check(path, "megabytes", -(-size // _MEGABYTE))


def check_text(path: Path, bounds: Bounds) -> None:
    """Refuse delimited text with too many lines or columns, without keeping it in memory."""
    bounds.check(path, "megabytes", -(-path.stat().st_size // _MEGABYTE))
    lines = width = quoted = 0
    header = dict.fromkeys(_SEPARATORS, 1)
    for piece, is_quoted in _pieces(path):
        if is_quoted:
            quoted += len(piece)
            bounds.check(path, "characters", quoted // _BYTES_OF_A_SIGN)
            continue
        quoted = 0
        if len(piece) == _CHUNK and not any(sign in piece for sign in (*_SEPARATORS, b"\n")):
            bounds.check(path, "characters", _CHUNK // _BYTES_OF_A_SIGN)
        if not lines:
            first = piece.lstrip(b"\r\n") if width == 0 else piece
            for sign in _SEPARATORS:
                header[sign] += first.partition(b"\n")[0].count(sign)
            width = max(header.values())
            bounds.check(path, "columns", width)
        lines += max(piece.count(b"\n"), piece.count(b"\r"))
        bounds.check(path, "rows", lines - 1)
    bounds.check(path, "cells", lines * width if width > 1 else 0)


def _pieces(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The bytes of a file in pieces that lie within quotation marks or outside of them."""
    is_quoted = False
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            for place, piece in enumerate(chunk.split(b'"')):
                if place:
                    is_quoted = not is_quoted
                yield piece, is_quoted
