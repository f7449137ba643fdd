"""A finding whose sentence names its subject first, so that it can stand alone."""

from __future__ import annotations

from collections.abc import Iterable

from analysis_lib.audit.finding import Finding


def about(
    rule: str,
    subject: str,
    verdict: str,
    text: str,
    claims: Iterable[str],
    consequence: str = "",
) -> Finding:
    """`Subject: text.`, each claim named once."""
    cited = tuple(dict.fromkeys(claims))
    return Finding(rule, subject, verdict, f"{subject}: {text}", cited, consequence)
