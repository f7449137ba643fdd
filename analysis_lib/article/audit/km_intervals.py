"""Survival estimates with intervals: can any type of interval, and one for all, print them?"""

from __future__ import annotations

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.interval_types import (
    INTERVAL_TYPES,
    Fit,
    admitted_fits,
    fits,
    likeliest,
    shared_types,
    within,
)
from analysis_lib.article.audit.printed import window
from analysis_lib.article.audit.triples import LENIENT, Triple
from analysis_lib.format import EN_DASH, counted, format_interval, format_points
from analysis_lib.labels import listed

RULE = "survival intervals"
_SLIVER = 1 / 3  # of the values that round to the printed estimate


def km_interval_findings(article: Article) -> list[Finding]:
    """One finding per survival estimate with an interval, and one for all of the article."""
    admitted = admitted_fits(article)
    shared = shared_types(admitted.values())
    found = [
        about(
            RULE,
            article.curve_words(triple.key),
            *_of_triple(triple, admitted.get(triple, {}), shared, article),
        )
        for triple in article.triples("survival")
    ]
    return found + _of_article({t: x for t, x in admitted.items() if x}, shared, article)


def _of_triple(
    triple: Triple, usable: dict[str, Fit], shared: list[str], article: Article
) -> tuple[str, str, tuple[str, ...]]:
    """Can any type of interval have printed these three numbers, from so many patients?"""
    total = article.patients(triple.key.population)
    printed, verdict = _printed(triple, article), IMPOSSIBLE
    when = "before the first event" if triple.estimate.value else "once nobody is left"
    if not triple.has_width:
        text = f"{printed} is what every type of interval prints {when}: it has no width."
        return CONSISTENT, text, triple.claims
    if triple.is_reversed:
        text = f"the two ends of {printed} stand in each other's place."
        return NEEDS_ANOTHER, text, triple.claims
    if not triple.in_order:
        reason = "the estimate lies outside its interval"
        text = f"{printed} cannot be a survival estimate with its interval: {reason}."
        return IMPOSSIBLE, text, triple.claims
    if triple.is_at_end:
        text = f"{printed} is an interval as of a binomial proportion, {when} or close to it."
        return CONSISTENT, text, triple.claims
    found = fits(triple, article.confidence_level)
    if not found:
        text = (
            f"none of the {len(INTERVAL_TYPES)} usual types of interval gives the ends of "
            f"{printed}: another kind, such as an exact or a bootstrap interval, or a misprint."
        )
        return NEEDS_ANOTHER, text, triple.claims
    if not usable:
        fewest = min(fit.effective_n.low for fit in found.values())
        text = (
            f"the interval of {printed} is too narrow: it needs the information of at least "
            f"{counted(round(fewest), 'patient')}, but there are {total}"
        )
        if within(fits(triple, min(LENIENT, article.confidence_level)), total):
            verdict, text = NEEDS_ANOTHER, f"{text}, unless it is an interval of 90%"
        return verdict, f"{text}.", triple.claims
    name, fit = likeliest(usable, shared)
    text = (
        f"{printed} fits {_article(name)} interval around an estimate of {_points(fit)}, "
        f"with the information of {fit.patients(total)} patients"
        f"{'' if total is None else f' of {total}'}."
    )
    return CONSISTENT, text, triple.claims


def _printed(triple: Triple, article: Article) -> str:
    """`54% (95% CI 43–64)`; a proportion as it is."""
    ends = f"{triple.low.printed}{EN_DASH}{triple.high.printed}"
    sign = "%" if triple.estimate.unit == "%" else ""
    return f"{triple.estimate.printed}{sign} ({article.interval_words} {ends})"


def _of_article(
    known: dict[Triple, dict[str, Fit]], shared: list[str], article: Article
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
        said = "; ".join(article.curve_words(triple.key) for triple in suspects)
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
