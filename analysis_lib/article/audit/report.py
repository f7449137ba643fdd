"""The findings of an audit for a reader: numbered, those of most consequence first, on one line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    VERDICTS,
    Audit,
    Finding,
)
from analysis_lib.article.audit.words import printed_number
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import counted
from analysis_lib.shown import small_page

MEANINGS = {
    IMPOSSIBLE: "No patients have these numbers together, under any reading that was tried; check "
    "the transcription first.",
    NEEDS_ANOTHER: "Possible only with another denominator, test or interval than the one that is "
    "told or usual.",
    NOT_CHECKABLE: "Other numbers would be needed, which are not printed.",
    CONSISTENT: "The numbers agree.",
}


@dataclass(frozen=True)
class Numbered:
    """A finding with its number in the audit's own order, by which it can be asked for."""

    number: int
    finding: Finding


def ranked(audit: Audit) -> tuple[Numbered, ...]:
    """By verdict, the worst first, and in each those from which something follows."""
    found = [Numbered(number, finding) for number, finding in enumerate(audit.findings, 1)]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                VERDICTS.index(one.finding.verdict), not one.finding.consequence, one.number
            ),
        )
    )  # fmt: skip


def finding_lines(audit: Audit, *, everything: bool, width: int) -> Iterator[str]:
    """One line a finding under its verdict, then the counts; an arrow where something follows."""
    shown = [one for one in ranked(audit) if everything or one.finding.notable]
    for verdict in VERDICTS:
        found = [one for one in shown if one.finding.verdict == verdict]
        if found:
            yield heading(verdict, len(found), audit)
            yield from (_one_line(one, width) for one in found)
            yield ""
    yield summary(audit)


def heading(verdict: str, shown: int, audit: Audit) -> str:
    total = len(audit.of_verdict(verdict))
    number = f"{total}" if shown == total else f"{shown} of {total}, with a consequence"
    return f"{verdict} ({number})"


def summary(audit: Audit) -> str:
    counts = [f"{verdict} {len(audit.of_verdict(verdict))}" for verdict in VERDICTS]
    return f"{counted(len(audit.findings), 'finding')}: {', '.join(counts)}"


def _one_line(one: Numbered, width: int) -> str:
    start = f"{one.number:>4} {'=>' if one.finding.consequence else '  '} "
    return start + textwrap.shorten(one.finding.explanation, width - len(start), placeholder=" ...")


def explained(one: Numbered, claims: Mapping[str, Claim], width: int) -> Iterator[str]:
    """Verdict, the arithmetic in a sentence, what follows, and the printed numbers behind it."""
    finding = one.finding
    yield f"{one.number}  {finding.verdict} ({finding.rule})"
    yield from textwrap.wrap(finding.explanation, width, break_on_hyphens=False)
    if finding.consequence:
        yield from textwrap.wrap(f"=> {finding.consequence}", width, break_on_hyphens=False)
    for name in finding.claims:
        claim = claims[name]
        yield f"    {name}: {printed_number(claim)} ({claim.source or 'no place told'})"


def audit_page(audit: Audit, claims: Sequence[Claim], title: str) -> str:
    """The findings as one HTML page that needs neither a cohort nor the report."""
    return small_page(title, _body(audit, {claim.claim_id: claim for claim in claims}))


def _body(audit: Audit, claims: Mapping[str, Claim]) -> Iterator[str]:
    yield (
        f"<p><strong>{escape(summary(audit))}.</strong> The printed numbers are set against each "
        "other; no patient data is used, and no finding says who erred.</p>"
    )
    for verdict in VERDICTS:
        found = [one for one in ranked(audit) if one.finding.verdict == verdict]
        if found:
            yield f"<h2>{escape(verdict)} ({len(found)})</h2>"
            yield f"<p>{escape(MEANINGS[verdict])}</p>"
            yield from _table(found, claims)


def _table(found: Iterable[Numbered], claims: Mapping[str, Claim]) -> Iterator[str]:
    yield '<div class="wide"><table>'
    yield (
        '<thead><tr><th scope="col">No.</th><th scope="col">Finding</th>'
        '<th scope="col">Printed numbers</th></tr></thead><tbody>'
    )
    for one in found:
        follows = one.finding.consequence
        more = f"<br><strong>{escape(follows)}</strong>" if follows else ""
        cited = "; ".join(
            f"{printed_number(claims[name])} ({claims[name].source or name})"
            for name in one.finding.claims
        )
        yield (
            f'<tr id="f{one.number}"><th scope="row">{one.number}</th>'
            f"<td>{escape(one.finding.explanation)}{more}</td><td>{escape(cited)}</td></tr>"
        )
    yield "</tbody></table></div>"
