"""The whole table of rules, an extract held against it, and what is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.rules.columns import COLUMNS, DISTRIBUTIONS, ROWS, UNITS
from analysis_lib.intake.rules.logic import CONTRADICTIONS, SECOND_LOOKS
from analysis_lib.intake.rules.rule import Hit, Rule, Severity, Values, fill
from analysis_lib.intake.rules.values import (
    DATES,
    FILLED,
    IDENTIFIERS,
    INTERVALS,
    LEVELS,
    NUMBERS,
    ORDER,
)

SECTIONS: dict[str, tuple[Rule, ...]] = {
    "Rows": ROWS,
    "Columns": COLUMNS,
    "Units": UNITS,
    "Identifiers": IDENTIFIERS,
    "Required values": FILLED,
    "Numbers": NUMBERS,
    "Dates": DATES,
    "Levels": LEVELS,
    "Order of dates": ORDER,
    "Intervals": INTERVALS,
    "Contradictions": CONTRADICTIONS,
    "Worth a second look": SECOND_LOOKS,
    "Distributions": DISTRIBUTIONS,
}
RULES: tuple[Rule, ...] = tuple(rule for section in SECTIONS.values() for rule in section)

VALUES_SHOWN = 20
_WIDEST_VALUE = 60
Place = tuple[int, str]


@dataclass(frozen=True)
class Finding:
    """One broken rule. `row` is the line in the file (the header is line 1); 0 = whole file.

    `column` is the dictionary's name, `original` what the extract calls it where a mapping renamed
    it. Values and names of direct identifiers never stand here.
    """

    row: int
    patient_id: str
    column: str
    value: str
    rule: str
    remedy: str
    severity: Severity = "error"
    rule_name: str = ""
    original: str = ""

    def sentence(self) -> str:
        patient = f", patient {self.patient_id}" if self.patient_id else ""
        where = f"row {self.row}{patient}: " if self.row else ""
        but = "; it is" if ", but" in self.rule else ", but is"
        value = f"{but} {shown(self.value)!r}" if self.value else ""
        return f"{where}{self.place} {self.rule}{value}; {self.remedy}"

    @property
    def place(self) -> str:
        """The column as a reader of the extract knows it."""
        return f"{self.column} (yours: {self.original})" if self.original else self.column


def shown(value: str) -> str:
    """A value on one line: cut where it is long, with control characters spelt out."""
    plain = "".join(x if x.isprintable() else x.encode("unicode_escape").decode() for x in value)
    return plain if len(plain) <= _WIDEST_VALUE else plain[: _WIDEST_VALUE - 1] + "…"


def of_severity(findings: Sequence[Finding], severity: Severity) -> list[Finding]:
    """The errors alone, or the warnings alone."""
    return [finding for finding in findings if finding.severity == severity]


def describe(findings: Sequence[Finding], name: str) -> str:
    """All findings as one message, the first `SHOWN` in full and the rest counted."""
    head = f"{name}: {len(findings)} finding{'s' if len(findings) > 1 else ''}"
    lines = [f"  - {finding.sentence()}" for finding in findings[:VALUES_SHOWN]]
    if len(findings) > VALUES_SHOWN:
        lines.append(
            f"  - and {len(findings) - VALUES_SHOWN} more: "
            "cart-report validate FILE lists every one"
        )
    return "\n".join([head, *lines])


def check_extract(
    table: pd.DataFrame,
    dictionary: Dictionary,
    original: Mapping[str, str] | None = None,
    *,
    header: Sequence[str] = (),
) -> list[Finding]:
    """All findings of a text table (as `read_table` gives it), errors and warnings, rule by rule.

    What is wrong with a whole column or row is said once; its values are not judged after that. A
    wrong value is not compared with others.

    Parameters
    ----------
    original
        What the extract calls the columns that a mapping renamed, ours -> theirs.
    header
        The columns as they stand in the extract, to say where one is whose name is not said.
    """
    theirs = tuple(header) or tuple(table.columns)
    values = Values(table, dictionary, original or {}, theirs)
    findings: list[Finding] = []
    settled: set[Place] = set()
    for rule in RULES:
        found = [one for one in _hits(rule, values) if not _is_settled(rule, *one, settled)]
        findings += [_finding(rule, values, columns, hit) for columns, hit in found]
        if rule.settles:
            settled |= {_place(rule, columns[0], hit) for columns, hit in found}
    return findings


def _hits(rule: Rule, values: Values) -> Iterator[tuple[tuple[str, ...], Hit]]:
    for columns in rule.targets(values):
        for hit in rule.check(values, columns):
            yield columns, hit


def _place(rule: Rule, column: str, hit: Hit) -> Place:
    """What a broken rule settles: the column, the row, or the one cell."""
    return (0 if rule.scope == "column" else hit.row, "" if rule.scope == "row" else column)


def _is_settled(rule: Rule, columns: tuple[str, ...], hit: Hit, settled: set[Place]) -> bool:
    """Whether the column, the row, or a cell that the rule compares is known to be wrong."""
    cells = {(hit.row, column) for column in columns} if len(columns) > 1 else set()
    return not settled.isdisjoint({(0, columns[0]), (hit.row, ""), *cells})


def _finding(rule: Rule, values: Values, columns: tuple[str, ...], hit: Hit) -> Finding:
    """A finding in which no value or name of a direct identifier stands."""
    column = columns[0]
    hidden = column in values.identifying
    value = values.at(hit.row, column) if hit.value is None else hit.value
    theirs = values.original.get(column, column)
    return Finding(
        row=hit.row,
        patient_id="" if "patient_id" in values.identifying else values.at(hit.row, "patient_id"),
        column=column if column in values.known else _position(values, column, hidden=hidden),
        value="" if hidden else value,
        rule=fill(rule.message, values, columns, hit),
        remedy=fill(rule.remedy, values, columns, hit),
        severity=rule.severity,
        rule_name=rule.name,
        original="" if hidden or theirs == column else theirs,
    )


def _position(values: Values, column: str, *, hidden: bool) -> str:
    """An unknown column by its name, or by its place where the name must not be said."""
    if not hidden:
        return column
    return f"column {values.header.index(column) + 1}" if column in values.header else "a column"
