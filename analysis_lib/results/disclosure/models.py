"""A fitted model as tables, figures and sentences may read it."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import Any, TypeVar

from analysis_lib.format import is_suppressed
from analysis_lib.marks import SUPPRESSED, Placed, PlacedCount
from analysis_lib.results.rows import Key, Results
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, FactorSummary
from analysis_lib.study.study import Study

N = TypeVar("N", int, float)
# A field of a term and the statistic of its row.
_RATIO = {
    "coefficient": "coefficient",
    "std_error": "std_error",
    "hazard_ratio": "hazard_ratio",
    "ci_low": "hazard_ratio_ci_low",
    "ci_high": "hazard_ratio_ci_high",
    "p_value": "p_value",
}


def withheld_count(study: Study, count: N) -> N:
    """A count that stands in no row: zero, or withheld where small counts are suppressed."""
    return SUPPRESSED if count and study.parameters.small_cell else count


def withheld_counts(study: Study, counts: dict[str, int]) -> dict[str, int]:
    """The same of the patients without a value, by variable."""
    return {name: withheld_count(study, count) for name, count in counts.items()}


def shown_fit(fit: CoxFit, results: Results, whole: Key, terms: Key | None = None) -> CoxFit:
    """The fit with the numbers of its rows; `whole` and `terms` are the keys that they share.

    Where small counts are suppressed it has no others.
    """
    at = whole if terms is None else terms
    factors = {
        name: replace(factor, counts=_counts(factor, name, results, at))
        for name, factor in fit.factors.items()
    }
    likelihoods = ("log_likelihood", "log_likelihood_null") if results.small_cell else ()
    return replace(
        fit,
        n=_value(results, whole, "n", fit.n),
        events=_value(results, whole, "events", fit.events),
        coefficients=tuple(_term(term, results, at) for term in fit.coefficients),
        factors=factors,
        **dict.fromkeys(likelihoods, SUPPRESSED),
    )


def _value(results: Results, key: Key, statistic: str, own: N) -> Any:
    """A number as its row holds it; withheld where small counts are and it stands in none."""
    at = key._replace(statistic=statistic)
    if not results.has(at):
        return SUPPRESSED if results.small_cell else own
    value = results.value(at)
    if is_suppressed(value):
        return SUPPRESSED
    if isnan(value) and not results.small_cell:
        return own
    if isinstance(value, Placed) and isinstance(own, int):
        return PlacedCount(int(value), value.place)
    return value


def _counts(
    factor: FactorSummary, name: str, results: Results, at: Key
) -> dict[str, tuple[int, int]]:
    found = {}
    for level, (n, events) in factor.counts.items():
        key = at.of_level(name, level, factor.reference)
        found[level] = (
            _value(results, key, "n_at_level", n),
            _value(results, key, "events_at_level", events),
        )
    return found


def _term(term: CoxCoefficient, results: Results, at: Key) -> CoxCoefficient:
    key = at.of_level(term.variable, term.level, term.reference)
    n = _value(results, key, "n_at_level", term.n)
    events = _value(results, key, "events_at_level", term.events)
    ratio = {field: _value(results, key, x, getattr(term, field)) for field, x in _RATIO.items()}
    if is_suppressed(ratio["hazard_ratio"]):
        ratio = dict.fromkeys(_RATIO, SUPPRESSED)
    z = SUPPRESSED if results.small_cell else term.z
    return replace(term, n=n, events=events, z=z, **ratio)
