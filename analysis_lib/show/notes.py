"""Notes under a table, and the frame of a table that compares groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analysis_lib.dictionary import lower_first
from analysis_lib.format import MARK, format_confidence, is_suppressed
from analysis_lib.labels import listed
from analysis_lib.marks import unmarked
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.show.cells import (
    NOTHING,
    CellText,
    across,
    against_reference,
    contrast_columns,
    contrasts,
    count_of,
    count_percent,
    difference,
    exact_note,
    group_columns,
    p_of_counts,
    p_of_counts_column,
    populations,
    sentence,
)
from analysis_lib.show.table import Column, Layout, Line, ReportTable, blank
from analysis_lib.study.exposure import Grouping


def finish(layout: Layout, results: Results, *, searchable: bool = False) -> ReportTable:
    """The table with its notes, the label of a synthetic cohort last: tables get copied.

    Notes that are written alike stand once, whatever rows their numbers were read from.
    """
    once = dict[str, str]()
    for note in filter(None, layout.notes):
        once.setdefault(unmarked(note), note)
    notes = list(once.values())
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


def methods(rows: Iterable[Row], statistic: str) -> str:
    """The methods behind a statistic among some rows, each once, as one phrase."""
    of = (row for row in rows if row.key.statistic == statistic)
    return listed(dict.fromkeys(row.method for row in of if row.method and not row.suppressed))


def named(what: str, how: str) -> str:
    """`what: how`, or only the name where nothing was estimated and there is no method."""
    return f"{what}: {how}" if how else what


def absent_note(labels: Iterable[str]) -> str:
    """What the extract does not record; empty if nothing is missing."""
    named = [lower_first(label) for label in labels]
    return sentence(f"not recorded in the extract: {listed(named)}") if named else ""


@dataclass(frozen=True)
class Comparison:
    """Writes lines whose cells hold the same number of everyone and of each group.

    `sizes` is the key of a row that counts everyone in the table; its `n` heads the columns.
    """

    results: Results
    grouping: Grouping
    sizes: Key

    def columns(self, heading: str, share: float = 1.4) -> tuple[Column, ...]:
        """The labels, everyone, the groups, P, and one difference per group but the reference."""
        named = f"Difference, % points\n({format_confidence(self.results.confidence_level)})"
        wide = 1.9 if len(self.grouping.levels) == 2 else 2.3
        return (
            Column(heading, 3.4),
            *group_columns(self.results, self.grouping, self.sizes, share),
            p_of_counts_column(self.results),
            *contrast_columns(self.grouping, named, wide),
        )

    def line(
        self, label: str, key: Key, text: CellText | None, *, level: int = 0, group: str = ""
    ) -> Line:
        """One number in all groups, with P and differences where the results hold them."""
        empty = blank(1 + len(self.grouping.levels))
        cells = across(self.results, self.grouping, key, text) if text else empty
        return Line(label, (*cells, self._p_value(key), *self._differences(key)), level, group)

    def counted(self, label: str, key: Key, *, level: int = 0, group: str = "") -> Line:
        """A count with its share; with its denominator too where that is not the column's size."""
        same = all(
            self._row_n(key, where) == self._row_n(self.sizes, size)
            for where, size in zip(
                populations(self.grouping, key.population),
                populations(self.grouping, self.sizes.population),
                strict=True,
            )
        )
        return self.line(label, key, count_percent if same else count_of, level=level, group=group)

    def cells_only(
        self, label: str, key: Key, text: CellText, *, level: int = 0, group: str = ""
    ) -> Line:
        """A line beside a tested one, such as its interval or denominator: no P of its own."""
        cells = across(self.results, self.grouping, key, text)
        return Line(label, (*cells, *blank(1 + len(contrasts(self.grouping)))), level, group)

    def notes(self) -> tuple[str, ...]:
        """The tests behind P, and how the differences and their intervals were made."""
        differences = methods(self.results, "difference")
        others = "each group" if len(self.grouping.levels) > 2 else self.grouping.inside[1]
        return (
            sentence(f"P: {methods(self.results, 'p_value')}"),
            exact_note(self.results),
            sentence(f"difference: {others} minus {self.grouping.inside[0]} ({differences})"),
        )

    def _row_n(self, key: Key, where: str) -> int | None:
        return self.results.row(key._replace(population=where, statistic="count")).denominator

    def _p_value(self, key: Key) -> str:
        tested = key._replace(contrast=self.grouping.contrast, statistic="p_value")
        return p_of_counts(self.results, tested) if self.results.has(tested) else ""

    def _differences(self, key: Key) -> tuple[str, ...]:
        return against_reference(self.results, self.grouping, key, _difference)


def _difference(results: Results, key: Key) -> str:
    return difference(results, key) if results.has(key, "difference") else ""
