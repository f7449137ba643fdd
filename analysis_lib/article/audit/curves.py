"""Survival curves against time, against another endpoint, and against whole numbers of patients."""

from __future__ import annotations

import math
from itertools import pairwise

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, Finding, about
from analysis_lib.article.audit.km_intervals import Fit, admitted_fits, likeliest, shared_types
from analysis_lib.article.audit.printed import Window, window
from analysis_lib.article.audit.triples import Triple
from analysis_lib.article.audit.words import capital
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import format_percent
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "survival curves"
DEATH = "os"
WITH_DEATH = ("pfs", "efs", "rfs", "dfs", "lfs")  # endpoints of which death is one event

_TOUCHING = 1e-9

Points = dict[float, Claim]


def curve_findings(article: Article) -> list[Finding]:
    """Survival falls with time; a composite endpoint lies at or below overall survival."""
    curves = article.curves
    found = [_falls(key, points, article) for key, points in curves.items() if len(points) > 1]
    for key, points in curves.items():
        deaths = curves.get(key._replace(outcome=DEATH), {})
        shared = [months for months in points if months in deaths]
        if key.outcome in WITH_DEATH and shared:
            found.append(_below(key, points, deaths, shared, article))
    return found


def _falls(key: Key, points: Points, article: Article) -> Finding:
    said = listed(f"{claim.printed}% at {months:g} months" for months, claim in points.items())
    # Windows that touch are no way out: what they share rounds to only one of the two.
    rises = any(
        window(later).low > window(sooner).high - _TOUCHING
        for sooner, later in pairwise(points.values())
        if later.printed != sooner.printed
    )
    text = f"survival of {said} {'rises, which a curve cannot.' if rises else 'never rises.'}"
    cited = [claim.claim_id for claim in points.values()]
    verdict = IMPOSSIBLE if rises else CONSISTENT
    return about(RULE, article.curve_words(key), verdict, text, cited)


def _below(
    key: Key, points: Points, deaths: Points, shared: list[float], article: Article
) -> Finding:
    """Per patient the composite never comes after death; the two curves can still cross."""
    composite, overall = article.endpoint_words(key.outcome), article.endpoint_words(DEATH)
    above = [t for t in shared if window(points[t]).low > window(deaths[t]).high]
    said = listed(
        f"{points[t].printed}% against {deaths[t].printed}% at {t:g} months"
        for t in (above or shared)
    )
    if above:
        text = (
            f"{composite} is printed above "
            f"{overall} ({said}): no patient stays free of the event after death, but under "
            "censoring the two curves can cross, so this is unusual and not impossible."
        )
        consequence = (
            "Such a crossing needs few patients at risk: these estimates rest on few of them."
        )
    else:
        text = f"{composite} lies at or below {overall} ({said})."
        consequence = ""
    subject = f"{composite} and {overall}, {article.patients_words(key.population)}"
    cited = tuple(one[t].claim_id for t in (above or shared) for one in (points, deaths))
    return about(RULE, capital(subject), CONSISTENT, text, cited, consequence)


CENSORING = "censoring before a landmark"


def censoring_findings(article: Article) -> list[Finding]:
    """Without censoring S(t) is the share of patients still free of the event at t."""
    censored: list[tuple[Claim, int]] = []
    for points in article.curves.values():
        for claim in points.values():
            total = article.patients(claim.key.population)
            if total is not None and not _is_share(window(claim), total):
                censored.append((claim, total))
    if not censored:
        return []
    said = listed(_words(claim, total, article) for claim, total in censored)
    text = (
        f"no whole number of patients gives {said}, so at least one of each group was censored "
        "before that time."
    )
    consequence = "Censoring began before these times, so the estimates are no simple shares."
    cited = tuple(claim.claim_id for claim, _ in censored)
    return [about(CENSORING, "Early censoring", CONSISTENT, text, cited, consequence)]


def _is_share(values: Window, total: int) -> bool:
    return math.floor(values.high * total + 1e-9) >= math.ceil(values.low * total - 1e-9)


def _words(claim: Claim, total: int, article: Article) -> str:
    """`57% of the 62 patients of … at 6 months (35 are 56.5%, 36 are 58.1%)`."""
    below = math.floor(total * window(claim).low)
    counts = listed(
        f"{count} are {format_percent(count / total, claim.decimals + 1)}"
        for count in (below, below + 1)
    )
    return (
        f"{claim.printed}% of the {total} patients of "
        f"{article.patients_words(claim.key.population)} at {claim.key.time_months:g} months "
        f"({counts})"
    )


EFFECTIVE_N = "information of survival curves"


def effective_n_findings(article: Article) -> list[Finding]:
    """One finding per curve with intervals at two or more times.

    S(1 - S)/SE² is the number of patients who without censoring would give that error. It is a
    weighted mean of at risk / S over the event times so far, which only falls: an event leaves
    at risk / S as it is, and censoring lowers it.
    """
    admitted = admitted_fits(article)
    shared = shared_types(admitted.values())
    curves: dict[Key, dict[Triple, dict[str, Fit]]] = {}
    for triple, found in sorted(admitted.items(), key=lambda pair: pair[0].months):
        if found:
            points = curves.setdefault(triple.key._replace(time_months=None), {})
            points[triple] = {k: v for k, v in found.items() if k in shared} or found
    return [
        _of_curve(key, points, shared, article) for key, points in curves.items() if len(points) > 1
    ]


def _of_curve(
    key: Key, points: dict[Triple, dict[str, Fit]], shared: list[str], article: Article
) -> Finding:
    common = set.intersection(*(set(found) for found in points.values()))
    falling = [name for name in sorted(common) if _can_fall([p[name] for p in points.values()])]
    can_fall = falling or not common
    total = article.patients(key.population)
    said = listed(
        f"{likeliest(found, shared)[1].patients(total)} at {triple.months:g} months"
        for triple, found in points.items()
    )
    text = f"the intervals are worth {said}{'' if total is None else f' of {total} patients'}"
    text += (
        "; a curve loses information only by censoring, so the fall measures it."
        if can_fall
        else ", but a curve cannot gain information with time."
    )
    cited = [claim for triple in points for claim in triple.claims]
    verdict = CONSISTENT if can_fall else IMPOSSIBLE
    return about(EFFECTIVE_N, article.curve_words(key), verdict, text, cited)


def _can_fall(fits_in_time: list[Fit]) -> bool:
    """Whether some number in each window is no larger than the one before it."""
    ceiling = fits_in_time[0].effective_n.high
    for _, later in pairwise(fits_in_time):
        if later.effective_n.low > ceiling:
            return False
        ceiling = min(ceiling, later.effective_n.high)
    return True
