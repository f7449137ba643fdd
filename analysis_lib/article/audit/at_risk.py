"""Numbers at risk against the events and the curve, and follow-up against the study's dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.design import DAYS_OF, dates_of_design
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import window
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import counted
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "numbers at risk"
_PATIENTS_AT_A_TIME = 2  # whose events at the time itself the curve may have counted


def at_risk_findings(article: Article) -> Iterator[Finding]:
    """Numbers at risk never rise, fit beside the events so far, and bound the curve from below.

    Whoever is at risk is free of the event, so at risk / n <= S; each event lowers the curve by
    1 / n at least, so S <= 1 - events / n.
    """
    for key, points in by_curve(article, "at_risk").items():
        total = article.patients(key.population)
        said = listed(f"{claim.printed} at {months:g} months" for months, claim in points.items())
        verdict, reason = CONSISTENT, "never rise"
        if any(later.value > sooner.value for sooner, later in pairwise(points.values())):
            verdict = NEEDS_ANOTHER
            reason = "rise, which they cannot unless patients enter late"
        if total is not None and any(claim.value > total for claim in points.values()):
            verdict, reason = IMPOSSIBLE, f"are more than the {counted(total, 'patient')}"
        claims = [claim.claim_id for claim in points.values()]
        text = f"the numbers at risk, {said}, {reason}."
        yield about(RULE, article.curve_words(key), verdict, text, claims)
        if total is not None:
            yield from _against_curve(key, points, total, article)


def by_curve(article: Article, statistic: str) -> dict[Key, dict[float, Claim]]:
    found: dict[Key, dict[float, Claim]] = {}
    for claim in article.claims:
        if claim.key.statistic == statistic and claim.key.time_months is not None:
            key = claim.key._replace(time_months=None, statistic="survival")
            found.setdefault(key, {}).setdefault(claim.key.time_months, claim)
    return {key: dict(sorted(points.items())) for key, points in found.items()}


def _against_curve(
    key: Key, points: dict[float, Claim], total: int, article: Article
) -> Iterator[Finding]:
    curve = article.curves.get(key, {})
    events = by_curve(article, "events_to_date").get(key, {})
    for months, claim in points.items():
        had, survival = events.get(months), curve.get(months)
        if had is not None:
            room = total - int(had.value)
            fits = claim.value <= room + _PATIENTS_AT_A_TIME
            text = f"{claim.printed} at risk and {had.printed} with the event by {months:g} months"
            text += f" are {'' if fits else 'not '}of {counted(total, 'patient')}."
            cited = (claim.claim_id, had.claim_id)
            verdict = CONSISTENT if fits else IMPOSSIBLE
            yield about(RULE, article.curve_words(key), verdict, text, cited)
        if survival is not None:
            yield _of_survival(key, claim, survival, had, total, article)


def _of_survival(
    key: Key, claim: Claim, survival: Claim, had: Claim | None, total: int, article: Article
) -> Finding:
    values, slack = window(survival), _PATIENTS_AT_A_TIME / total
    least = claim.value / total
    most = 1 - had.value / total if had is not None else 1.0
    fits = least <= values.high + slack and values.low <= most + slack
    bounds = f"from {100 * least:.1f}%" + (f" to {100 * most:.1f}%" if had is not None else " on")
    text = f"{survival.printed}% at {claim.key.time_months:g} months lies "
    text += f"{'' if fits else 'not '}where {claim.printed} at risk"
    text += f" and {had.printed} events" if had is not None else ""
    text += f" of {counted(total, 'patient')} put it, {bounds}"
    text += "." if fits else ": other patients, or a misprint."
    cited = (survival.claim_id, claim.claim_id, *((had.claim_id,) if had else ()))
    verdict = CONSISTENT if fits else NEEDS_ANOTHER
    return about(RULE, article.curve_words(key), verdict, text, cited)


FOLLOW_UP = "follow-up and dates"


def follow_up_findings(article: Article) -> Iterator[Finding]:
    """No follow-up is longer than from the first entry to the data lock."""
    dates = dates_of_design(article)
    if len(dates) < 2:
        return
    (first, start), (last, end) = dates[0], dates[-1]
    distinct = {(claim.key, claim.printed): claim for claim in reversed(article.claims)}
    for claim in reversed(distinct.values()):
        of_time = claim.key.analysis == "followup" and claim.key.statistic in ("median", "maximum")
        if of_time and claim.unit in DAYS_OF and claim.comparator == "=":
            yield _of_follow_up(claim, first, last, (start.claim_id, end.claim_id))


def _of_follow_up(claim: Claim, first: dt.date, last: dt.date, dates: tuple[str, str]) -> Finding:
    days = window(claim).low * DAYS_OF[claim.unit]
    fits = days <= (last - first).days + 1
    text = (
        f"the {claim.key.statistic} of {claim.printed} {claim.unit} is "
        f"{'no longer' if fits else 'longer'} than from {first} to {last}"
    )
    text += "." if fits else ": counted from another day, or a misprint."
    verdict = CONSISTENT if fits else NEEDS_ANOTHER
    return about(FOLLOW_UP, "Follow-up", verdict, text, (claim.claim_id, *dates))
