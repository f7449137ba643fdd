"""A fitted model as tables, figures and sentences may read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from analysis_lib.format import SUPPRESSED, is_suppressed
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
    """The fit without what its rows suppress; `whole` and `terms` are the keys that they share."""
    if not results.small_cell:
        return fit
    at = whole if terms is None else terms
    factors = {
        name: replace(factor, counts=_counts(factor, name, results, at))
        for name, factor in fit.factors.items()
    }
    return replace(
        fit,
        n=_value(results, whole._replace(statistic="n")),
        events=_value(results, whole._replace(statistic="events")),
        log_likelihood=SUPPRESSED,
        log_likelihood_null=SUPPRESSED,
        coefficients=tuple(_term(term, results, at) for term in fit.coefficients),
        factors=factors,
    )


def _value(results: Results, key: Key) -> Any:
    """A count of the rows as it is shown; withheld where it stands in none."""
    return int(x) if (x := _found(results, key)) is not SUPPRESSED else x


def _found(results: Results, key: Key) -> Any:
    if not results.has(key) or results.row(key).suppressed:
        return SUPPRESSED
    return results.value(key)


def _counts(
    factor: FactorSummary, name: str, results: Results, at: Key
) -> dict[str, tuple[int, int]]:
    found = {}
    for level in factor.counts:
        key = at.of_level(name, level, factor.reference)
        n, events = (_value(results, key._replace(statistic=x)) for x in _AT_LEVEL)
        found[level] = (n, events)
    return found


_AT_LEVEL = ("n_at_level", "events_at_level")


def _term(term: CoxCoefficient, results: Results, at: Key) -> CoxCoefficient:
    key = at.of_level(term.variable, term.level, term.reference)
    n, events = (_value(results, key._replace(statistic=x)) for x in _AT_LEVEL)
    ratio = {field: _found(results, key._replace(statistic=x)) for field, x in _RATIO.items()}
    if is_suppressed(ratio["hazard_ratio"]):
        ratio = dict.fromkeys(_RATIO, SUPPRESSED)
    return replace(term, n=n, events=events, z=SUPPRESSED, **ratio)
