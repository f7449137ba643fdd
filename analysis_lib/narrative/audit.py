"""What the audit of printed numbers found, with what it means for the article's conclusions."""

from __future__ import annotations

from analysis_lib.analyses import Omitted
from analysis_lib.audit import Finding
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE
from analysis_lib.comparison import PublishedComparison
from analysis_lib.format import format_count
from analysis_lib.narrative.prose import Prose, escape, paragraph

TITLES = {
    IMPOSSIBLE: "Impossible as printed",
    NEEDS_ANOTHER: "Possible only with another denominator or test than the text suggests",
    CONSISTENT: "Consistent, and of consequence",
    NOT_CHECKABLE: "Not to be checked from what is printed",
}


def describe_findings(published: PublishedComparison | Omitted) -> Prose | Omitted:
    """The notable findings by verdict, those with a consequence first."""
    if isinstance(published, Omitted):
        return published
    audit = published.audit
    if not audit.findings:
        return paragraph("Nothing that is printed can be checked against anything else.")
    agreeing = len(audit.findings) - len(audit.notable)
    parts = [
        f"{format_count(len(audit.findings))} checks of the printed numbers against each other, "
        f"without any patient's data: in {format_count(agreeing)} of them they simply agree."
    ]
    for verdict, title in TITLES.items():
        found = [finding for finding in audit.notable if finding.verdict == verdict]
        if found:
            found.sort(key=lambda finding: not finding.consequence)
            items = "\n".join(_item(finding) for finding in found)
            parts.append(f"### {title} ({format_count(len(found))}) {{.unnumbered}}\n\n{items}")
    return Prose("\n\n".join(parts))


def _item(finding: Finding) -> str:
    """The explanation with its subject in bold, then the consequence."""
    explanation = escape(finding.explanation)
    subject = f"{escape(finding.subject)}:"
    if explanation.startswith(subject):
        explanation = f"**{subject}**{explanation.removeprefix(subject)}"
    consequence = f" *{escape(finding.consequence)}*" if finding.consequence else ""
    return f"- {explanation}{consequence}"
