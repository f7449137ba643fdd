"""Survival estimates with intervals: can any type of interval, and one for all, print them?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import Window, window
from analysis_lib.article.audit.triples import (
    CONFIDENCE_LEVEL,
    LENIENT,
    Floats,
    Triple,
    middles,
    quantile,
)
from analysis_lib.format import EN_DASH, counted, format_fixed, format_interval, format_points
from analysis_lib.labels import listed

_INSIDE = 1e-9


@dataclass(frozen=True)
class IntervalType:
    """An increasing transformation of S, its inverse and its derivative."""

    name: str
    transform: Callable[[Floats], Floats]
    inverse: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


# R: survfit(conf.type = ...); log-log with its sign turned, so that it increases.
INTERVAL_TYPES = (
    IntervalType("plain", lambda s: s, lambda u: u, np.ones_like),
    IntervalType("log", np.log, np.exp, lambda s: 1 / s),
    IntervalType(
        "log-log",
        lambda s: -np.log(-np.log(s)),
        lambda u: np.exp(-np.exp(-u)),
        lambda s: -1 / (s * np.log(s)),
    ),
    IntervalType(
        "logit",
        lambda s: np.log(s / (1 - s)),
        lambda u: 1 / (1 + np.exp(-u)),
        lambda s: 1 / (s * (1 - s)),
    ),
    IntervalType(
        "arcsine",
        lambda s: np.arcsin(np.sqrt(s)),
        lambda u: np.sin(u) ** 2,
        lambda s: 0.5 / np.sqrt(s * (1 - s)),
    ),
)


@dataclass(frozen=True)
class Fit:
    """What a type of interval leaves of an estimate.

    survival : the values of S that it admits.
    effective_n : S(1 - S)/SE², the patients who without censoring would give that error.
    """

    survival: Window
    effective_n: Window

    @property
    def room(self) -> float:
        """How much of the printed estimate's rounding window is left."""
        return self.survival.high - self.survival.low

    def patients(self, total: int | None) -> str:
        """The effective number in words, of so many patients at most."""
        most = self.effective_n.high if total is None else min(self.effective_n.high, total)
        return format_interval(self.effective_n.low, most, _whole)


def fit_interval(
    estimate: Window, low: Window, high: Window, kind: IntervalType, level: float = CONFIDENCE_LEVEL
) -> Fit | None:
    """The values that a type of interval admits, None if it cannot have printed the three."""
    inside = Window(max(estimate.low, _INSIDE), min(estimate.high, 1 - _INSIDE))
    middle, start, end = (_transformed(one, kind) for one in (inside, low, high))
    admitted = middles(middle, start, end, level)
    if admitted is None:
        return None
    survival = kind.inverse(admitted.points)
    scale = survival * (1 - survival) * kind.slope(survival) ** 2
    # An end at the edge of its rounding leaves an error of 0 and no bound on the patients.
    with np.errstate(divide="ignore"):
        fewest, most = scale / admitted.most_error**2, scale / admitted.least_error**2
    return Fit(
        Window(float(survival[0]), float(survival[-1])),
        Window(float(fewest.min()), float(most.max())),
    )


def interval_around(
    survival: float, variance: float, kind: IntervalType, level: float = CONFIDENCE_LEVEL
) -> Window:
    """The interval of an estimate, from the variance of its logarithm (survfit's std.err squared).

    R: ``survfit(conf.type = ...)``, with ends that lie in [0, 1].
    """
    at = np.array(survival)
    middle = kind.transform(at)
    half = quantile(level) * at * kind.slope(at) * math.sqrt(variance)
    low, high = (float(kind.inverse(middle + sign * half)) for sign in (-1, 1))
    return Window(max(low, 0.0), min(high, 1.0))


def fits(triple: Triple, level: float = CONFIDENCE_LEVEL) -> dict[str, Fit]:
    """Every type that can have printed the triple, by name."""
    return _fits(*triple.windows, level)


@lru_cache(maxsize=4096)
def _fits(estimate: Window, low: Window, high: Window, level: float) -> dict[str, Fit]:
    found = {kind.name: fit_interval(estimate, low, high, kind, level) for kind in INTERVAL_TYPES}
    return {name: fit for name, fit in found.items() if fit is not None}


def within(found: dict[str, Fit], total: int | None) -> dict[str, Fit]:
    """The fits that need no more patients than there are: without censoring S(1 - S)/SE² is n."""
    if total is None:
        return found
    return {name: fit for name, fit in found.items() if fit.effective_n.low <= _room(fit, total)}


def _room(fit: Fit, total: int) -> float:
    """The largest S(1 - S)/SE² of so many patients, none censored, under either usual variance.

    Greenwood's gives the number of patients. Tsiatis' sum of d / Y² is smaller: over the patients
    from n S + 1 to n it is at least 1/(n S + 1/2) - 1/(n + 1/2).
    """
    return (total + 0.5) * (1 + 0.5 / (total * max(fit.survival.low, _INSIDE)))


def shared_types(found: Iterable[dict[str, Fit]]) -> list[str]:
    """The types that fit every triple that any type fits, the one with most room first."""
    known = [one for one in found if one]
    names = [kind.name for kind in INTERVAL_TYPES if all(kind.name in one for one in known)]
    return sorted(names, key=lambda name: -math.prod(one[name].room for one in known))


def likeliest(found: dict[str, Fit], shared: list[str]) -> tuple[str, Fit]:
    """A triple's fit by the type of the whole article, else by the one with most room."""
    for name in shared:
        if name in found:
            return name, found[name]
    return max(found.items(), key=lambda pair: pair[1].room)


def _whole(number: float) -> str:
    return format_fixed(number, 0)


def _transformed(values: Window, kind: IntervalType) -> Window:
    """Ends at or beyond 0 and 1 are open: there an interval may have been cut off."""
    low, high = (
        float(kind.transform(np.array(end))) if 0 < end < 1 else (np.inf if end >= 1 else -np.inf)
        for end in (values.low, values.high)
    )
    return Window(low, high)


def admitted_fits(article: Article) -> dict[Triple, dict[str, Fit]]:
    """Of every survival estimate with an interval that has width, the fits its patients allow."""
    return {
        triple: within(
            fits(triple, article.confidence_level), article.patients(triple.key.population)
        )
        for triple in article.triples("survival")
        if triple.has_width and not triple.is_at_end
    }


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
