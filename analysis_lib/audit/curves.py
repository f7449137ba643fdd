"""Survival curves against time, and against the curve of another endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from analysis_lib.analyses.results import Key
from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, Finding
from analysis_lib.audit.survival_words import curve_words, endpoint_words, patients_words
from analysis_lib.audit.triples import find_curves
from analysis_lib.audit.windows import window
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "survival curves"
DEATH = "os"
WITH_DEATH = ("pfs", "efs", "rfs", "dfs", "lfs")  # endpoints of which death is one event

_TOUCHING = 1e-9

Points = dict[float, Claim]


def curve_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Survival falls with time; a composite endpoint lies at or below overall survival."""
    curves = find_curves(claims)
    found = [_falls(key, points, dictionary) for key, points in curves.items() if len(points) > 1]
    for key, points in curves.items():
        deaths = curves.get(key._replace(outcome=DEATH), {})
        shared = [months for months in points if months in deaths]
        if key.outcome in WITH_DEATH and shared:
            found.append(_below(key, points, deaths, shared, dictionary))
    return found


def _falls(key: Key, points: Points, dictionary: Dictionary) -> Finding:
    said = listed(f"{claim.printed}% at {months:g} months" for months, claim in points.items())
    # Windows that touch are no way out: what they share rounds to only one of the two.
    rises = any(
        window(later).low > window(sooner).high - _TOUCHING
        for sooner, later in pairwise(points.values())
        if later.printed != sooner.printed
    )
    text = f"survival of {said} {'rises, which a curve cannot.' if rises else 'never rises.'}"
    return about(
        RULE,
        curve_words(key, dictionary),
        IMPOSSIBLE if rises else CONSISTENT,
        text,
        tuple(claim.claim_id for claim in points.values()),
    )


def _below(
    key: Key, points: Points, deaths: Points, shared: list[float], dictionary: Dictionary
) -> Finding:
    """Per patient the composite never comes after death; the two curves can still cross."""
    composite = endpoint_words(key, dictionary)
    overall = endpoint_words(key._replace(outcome=DEATH), dictionary)
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
    subject = f"{composite} and {overall}, {patients_words(key.population, dictionary)}"
    cited = tuple(one[t].claim_id for t in (above or shared) for one in (points, deaths))
    return about(RULE, f"{subject[0].upper()}{subject[1:]}", CONSISTENT, text, cited, consequence)
