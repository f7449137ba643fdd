"""Findings as lines of text for a terminal: a table for every rule."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from analysis_lib.source.listing.grouped import (
    HEAD,
    Group,
    Validation,
    counted,
    filled_columns,
)

SHOWN = 10
_GAP = "  "
_NARROWEST_PROBLEM = 30


def listing_lines(validation: Validation, *, width: int, shown: int = SHOWN) -> Iterator[str]:
    """Notes, errors, warnings, and the summary; long tables are cut after `shown` rows."""
    yield from (f"Findings in {validation.name}", "")
    for note in validation.notes:
        yield from _wrapped(note, "note: ", width)
    if validation.notes:
        yield ""
    for title, groups in (
        ("ERRORS", validation.groups("error")),
        ("WARNINGS", validation.groups("warning")),
    ):
        if groups:
            yield from (title, "")
        for group in groups:
            yield from _group_lines(group, width, shown)
            yield ""
    yield validation.summary()


def _group_lines(group: Group, width: int, shown: int) -> Iterator[str]:
    title = f"{group.title}: {group.problem}" if group.problem else group.title
    yield from _wrapped(title, "", width)
    if group.remedy:
        yield from _wrapped(f"To mend: {group.remedy}.", _GAP, width)
    rows = group.rows()[:shown]
    places = filled_columns(rows)
    table = [tuple(row[place] for place in places) for row in (HEAD, *rows)]
    yield from _table_lines(table, width, last_wraps=places[-1] == len(HEAD) - 1)
    left = len(group.findings) - shown
    if left > 0:
        yield f"{_GAP}and {counted(left, 'more row')}"


def _table_lines(table: list[tuple[str, ...]], width: int, *, last_wraps: bool) -> Iterator[str]:
    """Aligned columns; the last one, where it is the problem, is wrapped under itself."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    start = sum(widths[:-1]) + len(_GAP) * len(widths)
    room = max(width - start, _NARROWEST_PROBLEM) if last_wraps else widths[-1]
    for row in table:
        fixed = (text.ljust(size) for text, size in zip(row[:-1], widths[:-1], strict=True))
        before = _GAP + "".join(f"{text}{_GAP}" for text in fixed)
        lines = textwrap.wrap(row[-1], room, break_on_hyphens=False) or [""]
        yield f"{before}{lines[0]}".rstrip()
        yield from (" " * start + line for line in lines[1:])


def _wrapped(text: str, start: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_on_hyphens=False,
    )
