"""What is wrong with one value of an extract, in words that say how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One broken rule. `row` is the line in the file (the header is line 1); 0 = whole file."""

    row: int
    patient_id: str
    column: str
    value: str
    rule: str
    remedy: str

    def sentence(self) -> str:
        where = f"row {self.row}, patient {self.patient_id}: " if self.row else ""
        value = f", but is {self.value!r}" if self.value else ""
        return f"{where}{self.column} {self.rule}{value}; {self.remedy}"


def describe(findings: Sequence[Finding], name: str) -> str:
    """All findings as one message, the first `SHOWN` in full and the rest counted."""
    head = f"{name}: {len(findings)} finding{'s' if len(findings) > 1 else ''}"
    lines = [f"  - {finding.sentence()}" for finding in findings[:SHOWN]]
    if len(findings) > SHOWN:
        lines.append(f"  - and {len(findings) - SHOWN} more")
    return "\n".join([head, *lines])
