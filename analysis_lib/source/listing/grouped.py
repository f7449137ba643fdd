"""Findings put together by rule, and what the columns of their table say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis_lib.source.findings import Finding, Severity, of_severity, shown

HEAD = ("row", "patient", "column", "value", "problem")


@dataclass(frozen=True)
class Validation:
    """What was checked, and everything that was found; the names say which file and how large."""

    name: str
    patients: int
    columns: int
    findings: tuple[Finding, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> list[Finding]:
        return of_severity(self.findings, "error")

    @property
    def warnings(self) -> list[Finding]:
        return of_severity(self.findings, "warning")

    def groups(self, severity: Severity) -> tuple[Group, ...]:
        """The findings of a severity by rule, in the order of the table of rules."""
        found: dict[str, list[Finding]] = {}
        for finding in of_severity(self.findings, severity):
            found.setdefault(_kind(finding), []).append(finding)
        return tuple(Group(kind, tuple(group)) for kind, group in found.items())

    def summary(self) -> str:
        """How many patients, errors and warnings there are, in one line."""
        counts = [
            f"{counted(len(found), one)}{_in_rules(found)}"
            for found, one in ((self.errors, "error"), (self.warnings, "warning"))
        ]
        return f"{counted(self.patients, 'patient')}, {', '.join(counts)}"


@dataclass(frozen=True)
class Group:
    """All findings of one rule, or of the rules of one kind."""

    kind: str
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """The rule in words, and the number of its findings."""
        words = self.kind.replace("_", " ")
        return f"{words[0].upper()}{words[1:]} ({len(self.findings)})"

    @property
    def problem(self) -> str:
        """What is wrong, where it is the same in every finding; else empty."""
        return _common(finding.rule for finding in self.findings)

    @property
    def remedy(self) -> str:
        """What to do, where it is the same in every finding; else empty."""
        return _common(finding.remedy for finding in self.findings)

    def rows(self) -> list[tuple[str, ...]]:
        """The table of the findings under `HEAD`; what all of them share is left out."""
        return [
            (
                str(finding.row) if finding.row else "all",
                shown(finding.patient_id),
                shown(finding.place),
                shown(finding.value),
                "; ".join(
                    text
                    for text, common in (
                        (finding.rule, self.problem),
                        (finding.remedy, self.remedy),
                    )
                    if not common
                ),
            )
            for finding in self.findings
        ]


def filled_columns(rows: list[tuple[str, ...]]) -> list[int]:
    """The columns of the table that say anything at all."""
    return [place for place in range(len(HEAD)) if any(row[place] for row in rows)]


def counted(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _in_rules(findings: list[Finding]) -> str:
    rules = len({_kind(finding) for finding in findings})
    return f" in {counted(rules, 'rule')}" if findings else ""


def _kind(finding: Finding) -> str:
    """The rule's name up to a colon, behind which stands the pair of columns it looks at."""
    return finding.rule_name.partition(":")[0]


def _common(texts: Iterable[str]) -> str:
    distinct = set(texts)
    return distinct.pop() if len(distinct) == 1 else ""
