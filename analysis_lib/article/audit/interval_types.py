"""The usual types of interval of a survival estimate, and what each leaves of printed numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.printed import Window
from analysis_lib.article.audit.triples import CONFIDENCE_LEVEL, Floats, Triple, middles, quantile
from analysis_lib.format import format_fixed, format_interval

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
