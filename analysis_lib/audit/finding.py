"""What the audit says about printed numbers: a verdict, a sentence, and the rows it comes from."""

from __future__ import annotations

from dataclasses import dataclass

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
