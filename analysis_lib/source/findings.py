"""What is wrong with one value of an extract, in words that say how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
SHOWN = 20
_WIDEST_VALUE = 60


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
    lines = [f"  - {finding.sentence()}" for finding in findings[:SHOWN]]
    if len(findings) > SHOWN:
        lines.append(
            f"  - and {len(findings) - SHOWN} more: cart-report validate FILE lists every one"
        )
    return "\n".join([head, *lines])
