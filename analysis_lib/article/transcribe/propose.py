"""A claims file proposed for a printed table, and what of the table found no place in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.cells import NUMBER, plain
from analysis_lib.article.transcribe.grid import (
    OTHER_COLUMN,
    P_COLUMN,
    Layout,
    with_sizes,
)
from analysis_lib.article.transcribe.groups import Asked, find_groups
from analysis_lib.article.transcribe.labels_of_rows import (
    find_level,
    find_variable,
    is_row_of_sizes,
    is_unknown,
    kind_by_note,
    kind_of_row,
)
from analysis_lib.article.transcribe.writer import Proposed, Writer
from analysis_lib.dictionary import Dictionary


def propose_claims(layout: Layout, asked: Asked, dictionary: Dictionary) -> Proposed:
    """Every number of the table as a line, in the order of its rows."""
    groups, proposed = find_groups(layout, asked, dictionary), Proposed()
    indents = any(texts and texts[0][:1].isspace() for _, texts in layout.rows)
    writer = Writer(asked, groups, dictionary, proposed, layout)
    writer.sizes(layout)
    heading, kind, tested, last = "", "", False, ""
    for row, texts in layout.rows:
        label = " ".join(texts[0].split()) if texts else ""
        cells = [(c, texts[c.place]) for c in layout.columns if c.place < len(texts)]
        if is_row_of_sizes(label):
            layout = with_sizes(layout, dict(cells))
            writer.sizes(layout)
            continue
        held = [(c, text) for c, text in cells if plain(text)]
        if not label and held:
            writer.leave(row, label, held, "the row has no label")
        elif label and all(c.role in (P_COLUMN, OTHER_COLUMN) for c, _ in held):
            heading, kind, tested = label, kind_of_row(label), bool(held)
            writer.p_of_heading(row, label, held)
        elif label:
            belongs = (
                texts[0][:1].isspace()
                or not indents
                or bool(heading and _names_level(heading, label, dictionary))
            )
            inside = heading if belongs and _is_inside(texts[0], label, heading, dictionary) else ""
            is_tested = any(c.role == P_COLUMN for c, _ in held)
            if inside and tested and is_tested and not texts[0][:1].isspace():
                inside = inside if _names_level(heading, label, dictionary) else ""
            if not inside and last and is_unknown(label):
                inside = last
            last = last if is_unknown(label) else label
            heading = heading if inside == heading else ""
            own = kind_of_row(label)
            own = own if own != NUMBER or not inside else kind
            if own == NUMBER and not inside:
                own = kind_by_note(label, find_variable(label, dictionary), layout.note)
            writer.row(row, label, inside, own, held)
    return proposed


def _names_level(heading: str, label: str, dictionary: Dictionary) -> bool:
    """Whether a label is a level of the variable that a heading names, or cuts its numbers."""
    variable = find_variable(heading, dictionary)
    if variable is None:
        return False
    is_cut = variable.is_numeric and re.match(r"[<>\u2264\u2265]?=?\s*\d", label)
    return bool(is_cut or find_level(label, variable))


def _is_inside(text: str, label: str, heading: str, dictionary: Dictionary) -> bool:
    """Whether a row belongs to the heading above: by indent, level, or no name of its own."""
    if not heading:
        return False
    variable = find_variable(heading, dictionary)
    if text[:1].isspace() or _names_level(heading, label, dictionary):
        return True
    is_own = find_variable(label, dictionary) is not None or kind_of_row(label) != NUMBER
    return variable is None and not is_own


def claims_csv(lines: Sequence[dict[str, str]]) -> str:
    """A claims file."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return buffer.getvalue()


def left_lines(proposed: Proposed) -> Iterator[str]:
    """What was not placed, and what has a name that the dictionary does not know."""
    for left in proposed.left:
        yield f"row {left.row}, {left.label or 'without label'}: {left.text!r}: {left.reason}"
    for label in dict.fromkeys(proposed.unknown):
        yield f"{label!r} is no variable of the dictionary: placed under a name of its own"
