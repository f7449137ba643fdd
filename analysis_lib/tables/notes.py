"""Notes under a table: what was counted, tested and left out. They belong to the table itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis_lib.analyses import Results, Row
from analysis_lib.dictionary import lower_first
from analysis_lib.format import MARK, is_suppressed
from analysis_lib.labels import listed
from analysis_lib.tables.cells import NOTHING
from analysis_lib.tables.labels import sentence
from analysis_lib.tables.layout import Layout
from analysis_lib.tables.report_table import ReportTable


def finish(layout: Layout, results: Results, *, searchable: bool = False) -> ReportTable:
    """The table with its notes, the label of a synthetic cohort last: tables get copied."""
    notes = [note for note in layout.notes if note]
    if any(cell == NOTHING for line in layout.lines for cell in line.cells):
        notes.append(f"{NOTHING}: not estimable or not compared.")
    if any(is_suppressed(text) for text in (*layout.texts(), *notes)):
        notes.append(
            f"{MARK}: suppressed, since fewer than {results.small_cell} patients or needed to "
            "protect such a number."
        )
    if results.label:
        notes.append(results.label)
    return ReportTable(replace(layout, notes=tuple(notes)), searchable)


def coarse_note(results: Results) -> str:
    """How the curves that estimates are read off are made of several patients a step."""
    if not results.small_cell:
        return ""
    return (
        f"Estimates are of curves that step only when {results.small_cell} further patients have "
        "had the event, which they understate until then."
    )


def methods(rows: Iterable[Row]) -> str:
    """The methods of some rows, each once, as one phrase."""
    return listed(dict.fromkeys(row.method for row in rows if row.method and not row.suppressed))


def named(what: str, how: str) -> str:
    """`what: how`, or only the name where nothing was estimated and there is no method."""
    return f"{what}: {how}" if how else what


def absent_note(labels: Iterable[str]) -> str:
    """What the extract does not record; empty if nothing is missing."""
    named = [lower_first(label) for label in labels]
    return sentence(f"not recorded in the extract: {listed(named)}") if named else ""
