"""How many patients a survival curve's intervals are worth, and how that falls with time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from analysis_lib.analyses.results import Key
from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, Finding
from analysis_lib.audit.interval_types import Fit, fits, likeliest, shared_types, within
from analysis_lib.audit.survival_words import curve_words
from analysis_lib.audit.triples import Triple, find_triples, patients
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "information of survival curves"


def effective_n_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per curve with intervals at two or more times.

    S(1 - S)/SE² is the number of patients who without censoring would give that error. It is a
    weighted mean of at risk / S over the event times so far, which only falls: an event leaves
    at risk / S as it is, and censoring lowers it.
    """
    admitted = {
        triple: within(fits(triple), patients(claims, triple.key.population))
        for triple in find_triples(claims, "survival")
    }
    shared = shared_types(admitted.values())
    curves: dict[Key, dict[Triple, dict[str, Fit]]] = {}
    for triple, found in sorted(admitted.items(), key=lambda pair: pair[0].months):
        if found:
            points = curves.setdefault(triple.key._replace(time_months=None), {})
            points[triple] = {k: v for k, v in found.items() if k in shared} or found
    return [
        _of_curve(key, points, shared, claims, dictionary)
        for key, points in curves.items()
        if len(points) > 1
    ]


def _of_curve(
    key: Key,
    points: dict[Triple, dict[str, Fit]],
    shared: list[str],
    claims: Sequence[Claim],
    dictionary: Dictionary,
) -> Finding:
    common = set.intersection(*(set(found) for found in points.values()))
    falling = [name for name in sorted(common) if _can_fall([p[name] for p in points.values()])]
    total = patients(claims, key.population)
    said = listed(
        f"{likeliest(found, shared)[1].patients(total)} at {triple.months:g} months"
        for triple, found in points.items()
    )
    text = f"the intervals are worth {said}{'' if total is None else f' of {total} patients'}"
    text += (
        "; a curve loses information only by censoring, so the fall measures it."
        if falling or not common
        else ", but a curve cannot gain information with time."
    )
    return about(
        RULE,
        curve_words(key, dictionary),
        CONSISTENT if falling or not common else IMPOSSIBLE,
        text,
        tuple(claim for triple in points for claim in triple.claims),
    )


def _can_fall(fits_in_time: list[Fit]) -> bool:
    """Whether some number in each window is no larger than the one before it."""
    ceiling = fits_in_time[0].effective_n.high
    for _, later in pairwise(fits_in_time):
        if later.effective_n.low > ceiling:
            return False
        ceiling = min(ceiling, later.effective_n.high)
    return True
