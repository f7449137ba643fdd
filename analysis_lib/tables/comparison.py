"""The frame of a table that compares groups: everyone, each group, P, and differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis_lib.analyses import Key, Results
from analysis_lib.cohort import Grouping
from analysis_lib.format import format_confidence
from analysis_lib.tables.cells import count_of, count_percent, difference, p_value
from analysis_lib.tables.labels import (
    contrast_columns,
    contrasts,
    group_columns,
    populations,
    sentence,
)
from analysis_lib.tables.layout import Column, Line, blank
from analysis_lib.tables.notes import methods

CellText = Callable[[Results, Key], str]


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
            Column("P", 0.7),
            *contrast_columns(self.grouping, named, wide),
        )

    def line(
        self, label: str, key: Key, text: CellText | None, *, level: int = 0, group: str = ""
    ) -> Line:
        """One number in all groups, with P and differences where the results hold them."""
        where = populations(self.grouping, key.population)
        cells = [text(self.results, key._replace(population=x)) if text else "" for x in where]
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
        where = populations(self.grouping, key.population)
        cells = [text(self.results, key._replace(population=x)) for x in where]
        return Line(label, (*cells, *blank(1 + len(contrasts(self.grouping)))), level, group)

    def notes(self) -> tuple[str, ...]:
        """The tests behind P, and how the differences and their intervals were made."""
        tests = [x for x in self.results if x.key.statistic == "p_value"]
        differences = [x for x in self.results if x.key.statistic == "difference"]
        others = "each group" if len(self.grouping.levels) > 2 else self.grouping.labels[1]
        return (
            sentence(f"P: {methods(tests)}"),
            sentence(
                f"difference: {others} minus {self.grouping.labels[0]} ({methods(differences)})"
            ),
        )

    def _row_n(self, key: Key, where: str) -> int | None:
        return self.results.row(key._replace(population=where, statistic="count")).denominator

    def _p_value(self, key: Key) -> str:
        tested = key._replace(contrast=self.grouping.contrast, statistic="p_value")
        return p_value(self.results, tested) if self.results.has(tested) else ""

    def _differences(self, key: Key) -> list[str]:
        keys = [key._replace(contrast=contrast) for contrast in contrasts(self.grouping)]
        return [
            difference(self.results, at)
            if self.results.has(at._replace(statistic="difference"))
            else ""
            for at in keys
        ]
