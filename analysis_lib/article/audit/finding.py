"""What the audit says of printed numbers: verdict, sentence and rows; as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass

from analysis_lib.writing import csv_cell

CONSISTENT = "consistent"
NEEDS_ANOTHER = "needs another denominator or test"
IMPOSSIBLE = "impossible"
NOT_CHECKABLE = "not checkable"
VERDICTS = (IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE, CONSISTENT)


@dataclass(frozen=True)
class Finding:
    """One thing that the printed numbers say about each other.

    rule : name of the rule that found it, a word of `RULES`.
    subject : what the numbers are of, in a few words.
    verdict : one of `VERDICTS`.
    explanation : one sentence with the numbers in it.
    claims : claim_id of every row it comes from, the row in question first.
    consequence : what it means for a conclusion of the article; empty where nothing.
    """

    rule: str
    subject: str
    verdict: str
    explanation: str
    claims: tuple[str, ...]
    consequence: str = ""

    @property
    def notable(self) -> bool:
        """Whether a reader should see it: not consistent, or of consequence."""
        return self.verdict != CONSISTENT or bool(self.consequence)


@dataclass(frozen=True)
class Audit:
    """Every finding, in the order of the rules and within each in the order of the claims."""

    findings: tuple[Finding, ...]

    def of_verdict(self, verdict: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.verdict == verdict)

    @property
    def notable(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.notable)

    def conflicts(self) -> dict[str, Finding]:
        """The impossible finding of each claim that is part of one: no cohort can meet them all."""
        return {
            claim: finding
            for finding in reversed(self.of_verdict(IMPOSSIBLE))
            for claim in finding.claims
        }


def about(
    rule: str, subject: str, verdict: str, text: str, claims: Iterable[str], consequence: str = ""
) -> Finding:
    """`Subject: text.`, each claim named once."""
    cited = tuple(dict.fromkeys(claims))
    return Finding(rule, subject, verdict, f"{subject}: {text}", cited, consequence)


COLUMNS = ("number", "rule", "subject", "verdict", "explanation", "consequence", "claims")


def audit_csv(audit: Audit) -> str:
    """One line per finding in the audit's order; claims separated by spaces."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, finding in enumerate(audit.findings, 1):
        row = _fields(number, finding)
        cells = [*(row[name] for name in COLUMNS[:-1]), " ".join(finding.claims)]
        writer.writerow(csv_cell(cell) for cell in cells)
    return buffer.getvalue()


def audit_json(audit: Audit) -> str:
    """The number of findings of each verdict, then every finding."""
    counts = {verdict: len(audit.of_verdict(verdict)) for verdict in VERDICTS}
    found = [_fields(number, finding) for number, finding in enumerate(audit.findings, 1)]
    document = {"counts": counts, "findings": found}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _fields(number: int, finding: Finding) -> dict[str, object]:
    return {
        "number": number,
        "rule": finding.rule,
        "subject": finding.subject,
        "verdict": finding.verdict,
        "explanation": finding.explanation,
        "consequence": finding.consequence,
        "claims": list(finding.claims),
    }
