"""Rows and columns that a workbook does not show, and that are read like all others."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import IO
from xml.parsers.expat import ParserCreate

from analysis_lib.source.reading.excel import opened_sheet
from analysis_lib.source.reading.rows import SHOWN


def hidden_notes(path: Path, sheet: str, rows: Collection[int], width: int) -> list[str]:
    """What the sheet hides of these rows and of its first columns, counted; nothing if nothing.

    A filter hides a row, and so does a folded group. Whoever filtered the sheet may believe that
    the rows are gone.
    """
    with opened_sheet(path, sheet) as source:
        hidden_rows, columns = _hidden(source, width)
    patients = set(rows)
    of_patients = [row for row in hidden_rows if row in patients]
    notes = []
    if of_patients:
        count = len(of_patients)
        more = f" and {count - SHOWN} more" if count > SHOWN else ""
        notes.append(
            f"{_are_hidden(count, 'row')} in the sheet and read like the others: row "
            f"{', '.join(map(str, of_patients[:SHOWN]))}{more}; delete them if a filter was meant "
            "to leave them out"
        )
    if columns:
        notes.append(f"{_are_hidden(len(columns), 'column')} in the sheet and read like the others")
    return notes


def _are_hidden(count: int, what: str) -> str:
    return f"{count} {what}s are hidden" if count > 1 else f"1 {what} is hidden"


def _hidden(source: IO[bytes], width: int) -> tuple[list[int], list[int]]:
    """The numbers of hidden rows, and of hidden columns within a width, from a sheet's tags."""
    rows: list[int] = []
    columns: list[int] = []
    last = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal last
        tag = tag.rpartition(":")[2]
        if tag == "row":
            last = int(attributes.get("r", last + 1))
            if _is_hidden(attributes):
                rows.append(last)
        elif tag == "col" and _is_hidden(attributes):
            columns.extend(range(int(attributes["min"]), min(int(attributes["max"]), width) + 1))

    parser = ParserCreate()
    parser.StartElementHandler = begin
    parser.ParseFile(source)
    return rows, columns


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("hidden") in ("1", "true")
