"""Survival estimates with intervals: can any type of interval, and one for all, print them?"""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding
from analysis_lib.audit.interval_types import (
    INTERVAL_TYPES,
    Fit,
    fits,
    likeliest,
    shared_types,
    within,
)
from analysis_lib.audit.survival_words import curve_words
from analysis_lib.audit.triples import Triple, find_triples, patients
from analysis_lib.audit.windows import window
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import EN_DASH, format_interval, format_points
from analysis_lib.labels import listed

RULE = "survival intervals"
_SLIVER = 1 / 3  # of the values that round to the printed estimate


def km_interval_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per survival estimate with an interval, and one for all of the article."""
    totals = {
        triple: patients(claims, triple.key.population)
        for triple in find_triples(claims, "survival")
    }
    admitted = {triple: within(fits(triple), total) for triple, total in totals.items()}
    shared = shared_types(admitted.values())
    found = [_of_triple(triple, total, shared, dictionary) for triple, total in totals.items()]
    return found + _of_article(
        {t: known for t, known in admitted.items() if known}, shared, dictionary
    )


def _of_triple(
    triple: Triple, total: int | None, shared: list[str], dictionary: Dictionary
) -> Finding:
    """Can any type of interval have printed these three numbers, from so many patients?"""
    subject = curve_words(triple.key, dictionary)
    printed = (
        f"{triple.estimate.printed}% (95% CI {triple.low.printed}{EN_DASH}{triple.high.printed})"
    )
    found = fits(triple)
    if not triple.in_order or not found:
        reason = (
            "the estimate lies outside its interval"
            if not triple.in_order
            else f"none of the {len(INTERVAL_TYPES)} usual types of interval gives these ends"
        )
        text = f"{printed} cannot be a survival estimate with its interval: {reason}."
        return about(RULE, subject, IMPOSSIBLE, text, triple.claims)
    usable = within(found, total)
    if not usable:
        fewest = min(fit.effective_n.low for fit in found.values())
        text = (
            f"the interval of {printed} is too narrow: it needs the information of at least "
            f"{fewest:.0f} patients, but there are {total}."
        )
        return about(RULE, subject, IMPOSSIBLE, text, triple.claims)
    name, fit = likeliest(usable, shared)
    text = (
        f"{printed} fits {_article(name)} interval around an estimate of {_points(fit)}, "
        f"with the information of {fit.patients(total)} patients"
        f"{'' if total is None else f' of {total}'}."
    )
    return about(RULE, subject, CONSISTENT, text, triple.claims)


def _of_article(
    known: dict[Triple, dict[str, Fit]], shared: list[str], dictionary: Dictionary
) -> list[Finding]:
    """Is there one type of interval for all estimates of the article?"""
    if len(known) < 2:
        return []
    subject, total = "Type of the survival intervals", len(known)
    misses = {
        kind.name: [triple for triple, found in known.items() if kind.name not in found]
        for kind in INTERVAL_TYPES
    }
    failing = listed(f"{name} fails {len(missed)}" for name, missed in misses.items() if missed)
    if not shared:
        fewest = min(len(missed) for missed in misses.values())
        nearest = [missed for missed in misses.values() if len(missed) == fewest]
        suspects = dict.fromkeys(triple for missed in nearest for triple in missed)
        said = "; ".join(curve_words(triple.key, dictionary) for triple in suspects)
        text = (
            f"no single type of interval gives all {total} survival estimates with their ends: "
            f"{failing}; the estimates in question are those of {said}."
        )
        cited = tuple(claim for triple in suspects for claim in triple.claims)
        return [about(RULE, subject, NEEDS_ANOTHER, text, cited)]
    fitting = listed(_with_slivers(name, known) for name in shared)
    text = f"of the usual types of interval, {fitting} can give all {total} survival estimates"
    text += f"; {failing}." if failing else "."
    consequence = (
        f"Whoever recomputes these intervals must choose {' or '.join(shared)}; "
        "the default of a survival package need not be it."
        if failing
        else ""
    )
    cited = tuple(claim for triple in known for claim in triple.claims)
    return [about(RULE, subject, CONSISTENT, text, cited, consequence)]


def _with_slivers(name: str, known: dict[Triple, dict[str, Fit]]) -> str:
    """A type, and for how many estimates it leaves only a sliver of the rounding window."""
    slivers = sum(
        found[name].room < _SLIVER * (window(triple.estimate).high - window(triple.estimate).low)
        for triple, found in known.items()
    )
    if not slivers:
        return name
    return f"{name} (for {slivers} only with an estimate close to the edge of its rounding)"


def _points(fit: Fit) -> str:
    def one_decimal(proportion: float) -> str:
        return format_points(proportion, 1)

    return f"{format_interval(fit.survival.low, fit.survival.high, one_decimal)}%"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
