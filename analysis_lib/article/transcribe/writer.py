"""The rows of a table, number by number, and what of them found no place in a claims file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from analysis_lib.article.claims.rules import line_findings
from analysis_lib.article.transcribe.cells import (
    INCIDENCE,
    MEAN_ERROR,
    MEASURED,
    MEDIAN_ALONE,
    MEDIAN_CI,
    NUMBER,
    P_VALUE,
    PERCENT,
    PERCENT_COUNT,
    SURVIVAL,
    UNTOLD,
    Cell,
    Printed,
    read_cell,
)
from analysis_lib.article.transcribe.cells_of_rows import (
    KIND_OF_COLUMN,
    is_reference,
    may_be_percents_first,
)
from analysis_lib.article.transcribe.heads import (
    GROUP,
    INTERVALS,
    OTHER_COLUMN,
    P_COLUMN,
    RATIO_COLUMN,
    TOTAL,
    Column,
    is_total,
)
from analysis_lib.article.transcribe.keys import Asked, Groups, Read, line_of, term_of
from analysis_lib.article.transcribe.kinds_of_rows import PERCENT_FIRST, endpoint_of, median_by_note
from analysis_lib.article.transcribe.labels_of_rows import (
    Named,
    bare,
    is_statistic,
    is_unknown,
    name_row,
)
from analysis_lib.article.transcribe.layout import Layout
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.dictionary import Dictionary
from analysis_lib.study.groups import Population

_UNREAD = "no number can be told"
_WHICH = "say in the label what it is, such as median (range), median (IQR), mean (SD), % (95% CI)"
_WHY = {NUMBER: f"{_UNREAD}; {_WHICH}", UNTOLD: _WHICH}
_BEHIND = {MEDIAN_ALONE: _WHICH, MEAN_ERROR: "a standard error, not recorded"}
_TWO = re.compile(r"(?!n/n)\b[^\W\d]+\s*/\s*[^\W\d]+", re.IGNORECASE)  # Male/female


@dataclass(frozen=True)
class Left:
    """A number, or a cell, that found no place, and why."""

    row: int
    label: str
    text: str
    reason: str


@dataclass
class Proposed:
    """Lines of a claims file by column, what is left out, and names that no dictionary knows."""

    lines: list[dict[str, str]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Writer:
    """Writes the lines of one table."""

    def __init__(
        self,
        asked: Asked,
        groups: Groups,
        dictionary: Dictionary,
        proposed: Proposed,
        layout: Layout,
    ) -> None:
        self.asked, self.groups, self.dictionary = asked, groups, dictionary
        self.proposed, self.note = proposed, layout.note
        self.of_subgroups = "subgroup" in layout.head.casefold()
        self.references: dict[str, str] = {}  # the level of reference below each heading

    def sizes(self, layout: Layout) -> None:
        """The number of patients in each head."""
        heads = [column.head for column in layout.columns]
        for place, column in enumerate(layout.columns):
            if column.size and column.role in (GROUP, TOTAL) and column.head not in heads[:place]:
                number = Printed("n", str(column.size), unit="patients")
                analysis = "flow" if column.role == TOTAL else "baseline_by_exposure"
                self._add(Read(0, column.head, number, column, analysis=analysis))

    def row(
        self, row: int, label: str, heading: str, kind: str, held: Sequence[tuple[Column, str]]
    ) -> None:
        ratios = [(c, x) for c, x in held if c.role in (RATIO_COLUMN, *INTERVALS)]
        if ratios and not self._is_beside_counts(held):
            self._ratio_row(row, label, heading, held)
            return
        if ratios:
            ratios += [(c, text) for c, text in held if c.role == P_COLUMN]
            self.leave(row, label, ratios, "a ratio beside counts; key it by hand")
            held = [one for one in held if one not in ratios]
        if kind == MEDIAN_ALONE:
            kind = median_by_note(self.note)
        grades = dict.fromkeys(column.grade for column, _ in held if column.grade)
        for grade in grades:
            of_grade = [(c, text) for c, text in held if c.grade == grade]
            plain_columns = [(replace(c, grade=""), text) for c, text in of_grade]
            self.row(row, f"{label}, {grade}", heading, NUMBER, plain_columns)
        if grades:
            others = [(c, text) for c, text in held if not c.grade]
            self.leave(row, label, others, "of which grade? key it by hand")
            return
        named = self._named(label, heading, kind)
        told = PERCENT_FIRST.search(self.note)
        if kind == NUMBER and not told and may_be_percents_first(held):
            groups = [one for one in held if one[0].role != P_COLUMN]
            self.leave(row, label, groups, "percents before counts? say % (n) in the label")
            return
        for column, text in held:
            if column.role == P_COLUMN:
                self._p(row, label, heading, named, text, kind)
                continue
            if column.role == OTHER_COLUMN:
                self._not_read(row, label, column, text)
                continue
            asked = self._asked(column, kind)
            cell = read_cell(text, asked)
            usual = median_by_note(self.note)
            if asked == NUMBER and cell.left and usual != MEDIAN_ALONE:
                cell = read_cell(text, usual)
            if cell.total and len(cell.numbers) == 1 and _TWO.search(label):
                self.leave(row, label, [(column, text)], "two counts? write a row for each")
                continue
            self._cell(row, label, named, cell, column, text, kind)

    def _asked(self, column: Column, kind: str) -> str:
        """What a cell holds, where its head or a note says more than its row."""
        if column.part == "percent":
            return PERCENT
        if column.part in MEASURED:
            return column.part
        first = column.part == "percent first" or PERCENT_FIRST.search(self.note)
        return PERCENT_COUNT if kind == NUMBER and first and column.part != "count" else kind

    def _named(self, label: str, heading: str, kind: str) -> Named:
        """Variable and level of a row; of a mean or median the variable alone."""
        if heading and is_statistic(label):
            label, heading = heading, ""
        named = name_row(label, heading, self.dictionary)
        if is_unknown(label) and heading:
            named = Named(named.variable, "missing")
        if not named.known and kind not in (SURVIVAL, INCIDENCE):
            self.proposed.unknown.append(f"{heading}: {label}" if heading else label)
        return Named(named.variable, "", named.known) if kind in MEASURED else named

    def _cell(
        self, row: int, label: str, named: Named, cell: Cell, column: Column, text: str, kind: str
    ) -> None:
        for number in cell.numbers:
            self._add(Read(row, label, number, column, named, kind, total=cell.total))
        self._leave_of_cell(row, label, text, cell, kind)

    def _leave_of_cell(self, row: int, label: str, text: str, cell: Cell, kind: str) -> None:
        if cell.left:
            known = _BEHIND.get(kind, "not estimable, not recorded")
            reason = known if cell.numbers else _WHY.get(kind, _UNREAD)
            self.proposed.left.append(Left(row, label, text, reason))

    def p_of_heading(self, row: int, label: str, held: Sequence[tuple[Column, str]]) -> None:
        named = name_row(label, "", self.dictionary)
        kind = MEDIAN_CI if endpoint_of(label) else NUMBER
        for column, text in held:
            if column.role == OTHER_COLUMN:
                self._not_read(row, label, column, text)
            else:
                self._p(row, label, "", Named(named.variable, "", named.known), text, kind)

    def _not_read(self, row: int, label: str, column: Column, text: str) -> None:
        self.leave(row, label, [(column, text)], f"the column {column.head!r} is not read")

    def _p(self, row: int, label: str, heading: str, named: Named, text: str, kind: str) -> None:
        cell = read_cell(text, P_VALUE)
        if not cell.numbers:
            if cell.left:
                self.proposed.left.append(Left(row, label, text, "no P value can be told"))
            return
        if not self.groups.contrast:
            of = "other than two groups" if self.groups.levels else "all levels together"
            reason = f"P of {of}; key it by hand"
            self.proposed.left.append(Left(row, label, text, reason))
            return
        is_level = heading and named.level and not is_statistic(label)
        scope = f"row {bare(label)}" if is_level else "as printed"
        number = cell.numbers[0]
        self._add(Read(row, label, number, None, Named(named.variable), kind, scope=scope))

    def _ratio_row(
        self, row: int, label: str, heading: str, held: Sequence[tuple[Column, str]]
    ) -> None:
        if not self.asked.outcome and not endpoint_of(label):
            self.leave(row, label, held, "a hazard ratio of which endpoint? say it by --outcome")
            return
        within, compares = Population(self.asked.base), len(self.groups.levels) > 1
        if not compares and (self.of_subgroups or is_total(label)):
            self.leave(row, label, held, "a ratio within patients: of which groups? key it by hand")
            return
        if compares:
            within, key = self._subgroup(label, heading)
        elif any(is_reference(*one, held) for one in held):
            self.references[heading] = label
            self.leave(row, label, held, "taken for the level of reference")
            return
        else:
            reference = self.references.get(heading, "") if heading else ""
            key = term_of(label, heading, self.dictionary, self.proposed.unknown, reference)
        for column, text in held:
            if column.role == OTHER_COLUMN:
                self._not_read(row, label, column, text)
                continue
            kind = KIND_OF_COLUMN.get(column.role, "")
            cell = read_cell(text, kind) if kind else Cell(left=text)
            model = {"analysis": "cox_as_published_a"} if column.adjusted else {}
            for number in cell.numbers:
                read = Read(row, label, number, scope="as printed", term=key | model, within=within)
                self._add(read)
            self._leave_of_cell(row, label, text, cell, kind)

    def _is_beside_counts(self, held: Sequence[tuple[Column, str]]) -> bool:
        """Whether groups have counts with percents there: no row of a forest has, but `20/60`."""
        cells = [plain(text) for c, text in held if c.role in (GROUP, TOTAL)]
        return not self.of_subgroups and any("(" in cell for cell in cells)

    def _subgroup(self, label: str, heading: str) -> tuple[Population, dict[str, str]]:
        """Beside columns of groups a ratio compares the groups, in the patients of its row."""
        groups, base = self.groups, self.asked.base
        level = groups.contrast.partition("_vs_")[0]
        key = {"variable": groups.variable, "level": level, "contrast": groups.contrast}
        if is_total(label) or endpoint_of(label):
            outcome = {"outcome": endpoint} if (endpoint := endpoint_of(label)) else {}
            return Population(base), key | outcome
        named = name_row(label, heading, self.dictionary)
        if not named.known:
            self.proposed.unknown.append(f"{heading}: {label}" if heading else label)
        return Population(base, named.variable, named.level or "yes"), key

    def _add(self, read: Read) -> None:
        taken = {x["claim_id"] for x in self.proposed.lines}
        line = line_of(read, self.asked, self.groups, self.dictionary, taken)
        if broken := line_findings(line):
            self.proposed.left.append(Left(read.row, read.label, read.number.value, broken[0]))
        else:
            self.proposed.lines.append(line)

    def leave(self, row: int, label: str, held: Sequence[tuple[Column, str]], reason: str) -> None:
        self.proposed.left += [Left(row, label, text, reason) for _, text in held]
