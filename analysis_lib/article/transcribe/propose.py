"""A claims file proposed for a printed table, and what found no place in it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.at_risk import find_times, propose_at_risk
from analysis_lib.article.transcribe.grid import Grid
from analysis_lib.article.transcribe.keys import Asked, find_groups
from analysis_lib.article.transcribe.layout import Layout, find_layout
from analysis_lib.article.transcribe.reading import Reading
from analysis_lib.article.transcribe.shapes import with_one_label, with_totals
from analysis_lib.article.transcribe.writer import Proposed, Writer
from analysis_lib.dictionary import Dictionary


def propose_table(grid: Grid, name: str, asked: Asked, dictionary: Dictionary) -> Proposed:
    """The lines of a table of groups, of hazard ratios, or of numbers at risk below a curve."""
    times = find_times(grid)
    if times is not None:
        return propose_at_risk(grid, times, asked, dictionary)
    return propose_claims(find_layout(grid, name), asked, dictionary)


def propose_claims(layout: Layout, asked: Asked, dictionary: Dictionary) -> Proposed:
    """Every number of the table as a line, in the order of its rows."""
    layout = with_totals(with_one_label(layout))
    groups, proposed = find_groups(layout, asked, dictionary), Proposed()
    Reading(Writer(asked, groups, dictionary, proposed, layout), layout, dictionary).read()
    return proposed


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
