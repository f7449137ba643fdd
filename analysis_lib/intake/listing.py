"""Findings as a person reads them: grouped by rule, as lines of text, JSON or a web page."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from html import escape

from analysis_lib.intake.check import Finding, of_severity, shown
from analysis_lib.intake.rules.rule import Severity
from analysis_lib.shown import small_page

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

    @cached_property
    def problem(self) -> str:
        """What is wrong, where it is the same in every finding; else empty."""
        return _common(finding.rule for finding in self.findings)

    @cached_property
    def remedy(self) -> str:
        """What to do, where it is the same in every finding; else empty."""
        return _common(finding.remedy for finding in self.findings)

    def rows(self, most: int | None = None) -> list[tuple[str, ...]]:
        """The table of the first findings under `HEAD`; what all of them share is left out."""
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
            for finding in self.findings[:most]
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


SHOWN = 10
_GAP = "  "
_NARROWEST_PROBLEM = 30


def listing_lines(validation: Validation, *, width: int) -> Iterator[str]:
    """Notes, errors, warnings, and the summary; long tables are cut after `SHOWN` rows."""
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
            yield from _group_lines(group, width)
            yield ""
    yield validation.summary()


def _group_lines(group: Group, width: int) -> Iterator[str]:
    title = f"{group.title}: {group.problem}" if group.problem else group.title
    yield from _wrapped(title, "", width)
    if group.remedy:
        yield from _wrapped(f"To mend: {group.remedy}.", _GAP, width)
    rows = group.rows(SHOWN)
    places = filled_columns(rows)
    table = [tuple(row[place] for place in places) for row in (HEAD, *rows)]
    yield from _table_lines(table, width, last_wraps=places[-1] == len(HEAD) - 1)
    left = len(group.findings) - SHOWN
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


def listing_json(validation: Validation) -> str:
    """Counts, notes and every finding with all its parts."""
    record = {
        "extract": validation.name,
        "patients": validation.patients,
        "columns": validation.columns,
        "errors": len(validation.errors),
        "warnings": len(validation.warnings),
        "notes": list(validation.notes),
        "findings": [asdict(finding) for finding in validation.findings],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


_CAUTION = (
    "This list names rows, patients and values of the extract: keep it where the extract is kept."
)


def listing_page(validation: Validation) -> str:
    """A table for every rule, errors before warnings; every text of the extract is escaped."""
    return small_page(
        f"Findings in {validation.name}",
        (
            f"<p><strong>{escape(validation.summary())}.</strong></p>",
            f"<p>{_CAUTION}</p>",
            *_notes(validation),
            *_section(validation, "error", "Errors"),
            *_section(validation, "warning", "Warnings"),
        ),
    )


def _notes(validation: Validation) -> Iterator[str]:
    if validation.notes:
        yield "<h2>Notes</h2>"
        yield "<ul>"
        yield from (f"<li>{escape(note)}</li>" for note in validation.notes)
        yield "</ul>"


def _section(validation: Validation, severity: Severity, title: str) -> Iterator[str]:
    yield f"<h2>{title}</h2>"
    groups = validation.groups(severity)
    if not groups:
        yield "<p>None.</p>"
    for group in groups:
        yield from _table(group)


def _table(group: Group) -> Iterator[str]:
    rows = group.rows()
    places = filled_columns(rows)
    title = f"{group.title}: {group.problem}" if group.problem else group.title
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{escape(group.title)}">'
    yield "<table>"
    yield f"<caption>{escape(title)}</caption>"
    head = "".join(f'<th scope="col">{HEAD[place].capitalize()}</th>' for place in places)
    yield f"<thead><tr>{head}</tr></thead>"
    yield "<tbody>"
    for row in rows:
        yield f"<tr>{''.join(_cell(row, place) for place in places)}</tr>"
    yield "</tbody>"
    yield "</table>"
    if group.remedy:
        yield f"<p>To mend: {escape(group.remedy)}.</p>"
    yield "</div>"


def _cell(row: tuple[str, ...], place: int) -> str:
    kind = ' class="value"' if HEAD[place] == "value" else ""
    return f"<td{kind}>{escape(row[place])}</td>"
