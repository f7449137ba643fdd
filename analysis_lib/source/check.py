"""Check an extract against the table of rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.source.findings import Finding
from analysis_lib.source.rules import RULES, Hit, Rule, Values, fill


def check_extract(
    table: pd.DataFrame,
    dictionary: Dictionary,
    original: Mapping[str, str] | None = None,
    *,
    today: dt.date | None = None,
) -> list[Finding]:
    """All findings of a text table (as `read_table` gives it), errors and warnings, rule by rule.

    What is wrong with a whole column or row is said once; its values are not judged after that.

    Parameters
    ----------
    original
        What the extract calls the columns that a mapping renamed, ours -> theirs.
    today
        The day after which a date lies in the future; the present day where None.
    """
    values = Values(table, dictionary, original or {}, today or dt.date.today())
    findings: list[Finding] = []
    settled: set[str | int] = set()
    for rule in RULES:
        found = [one for one in _hits(rule, values) if not _is_settled(one, settled)]
        findings += [_finding(rule, values, columns, hit) for columns, hit in found]
        if rule.severity == "error" and rule.scope != "value":
            settled |= {hit.row or columns[0] for columns, hit in found}
    return findings


def _hits(rule: Rule, values: Values) -> Iterator[tuple[tuple[str, ...], Hit]]:
    for columns in rule.targets(values):
        for hit in rule.check(values, columns):
            yield columns, hit


def _is_settled(found: tuple[tuple[str, ...], Hit], settled: set[str | int]) -> bool:
    columns, hit = found
    return columns[0] in settled or (hit.row != 0 and hit.row in settled)


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
    return f"column {values.table.columns.get_loc(column) + 1}" if hidden else column
