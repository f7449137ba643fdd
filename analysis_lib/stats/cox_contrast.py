"""Contrast between two levels of a factor in a fitted Cox model."""

from __future__ import annotations

import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_results import (
    CoxCoefficient,
    CoxFit,
    Effect,
    FactorSummary,
    not_estimable,
    wald,
)
from analysis_lib.stats.design import column_name


def contrast(fit: CoxFit, variable: str, level: str, versus_level: str) -> CoxCoefficient:
    """Log hazard ratio of `level` against `versus_level`, either of which may be the reference.

    The variance is a'Va with V the covariance of the coefficients.
    R: ``relevel`` and refit.
    """
    factor = _factor(fit, variable, (level, versus_level))
    patients, events = factor.counts[level]
    effect = Effect(variable, level, versus_level, patients, events)
    for name in (level, versus_level):
        if name != factor.working_reference and column_name((variable, name)) not in fit.estimates:
            return not_estimable(effect, _reason(fit, factor, variable, name))
    weights = pd.Series(0.0, index=fit.estimates.index)
    for name, sign in ((level, 1.0), (versus_level, -1.0)):
        if name != factor.working_reference:
            weights[column_name((variable, name))] = sign
    variance = float(weights @ fit.covariance @ weights)
    return wald(effect, float(weights @ fit.estimates), variance, fit.confidence_level)


def _factor(fit: CoxFit, variable: str, levels: tuple[str, str]) -> FactorSummary:
    if variable not in fit.factors:
        raise StatisticsError(
            f"a contrast needs a factor of the model, but was asked of {variable!r}: "
            f"choose one of {sorted(fit.factors)}"
        )
    factor = fit.factors[variable]
    for name in levels:
        if name not in factor.counts:
            raise StatisticsError(
                f"{name!r} is no level of {variable!r}: choose two of {list(factor.counts)}"
            )
    if levels[0] == levels[1]:
        raise StatisticsError(f"a contrast needs two levels of {variable!r}, but got {levels}")
    return factor


def _reason(fit: CoxFit, factor: FactorSummary, variable: str, level: str) -> str:
    if level != factor.reference:
        return fit.coefficient(variable, level).reason
    return "no patients or no events at the reference level"
