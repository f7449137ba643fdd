"""What a penalised Cox model reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.stats.cox_model import INFINITE
from analysis_lib.stats.cox_results import CoxCoefficient, Effect, not_estimable, wald
from analysis_lib.stats.design import Key
from analysis_lib.stats.indicators import Indicators, level_counts
from analysis_lib.stats.inputs import FloatArray, SurvivalData


@dataclass(frozen=True, eq=False)
class PenalisedCox:
    """Coefficients with their intervals; `effective_parameters` is the trace of the hat matrix."""

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    effective_parameters: float
    confidence_level: float
    method: str

    def coefficient(self, variable: str, level: str = "") -> CoxCoefficient:
        """The coefficient of a numeric variable, or of one level of a factor."""
        for candidate in self.coefficients:
            if (candidate.variable, candidate.level) == (variable, level):
                return candidate
        raise KeyError((variable, level))


def penalised_cox(
    columns: Indicators,
    data: SurvivalData,
    estimates: FloatArray,
    covariance: FloatArray,
    *,
    infinite: Sequence[Key] = (),
    effective_parameters: float,
    confidence_level: float,
    method: str,
) -> PenalisedCox:
    """Every coefficient with Wald's interval; those left out or infinite with their reason."""
    position = {key: index for index, key in enumerate(columns.keys)}
    coefficients = []
    reasons = columns.left_out | dict.fromkeys(infinite, INFINITE)
    for key, effect in effects_of(columns, data).items():
        if key not in reasons:
            i = position[key]
            one = wald(effect, float(estimates[i]), float(covariance[i, i]), confidence_level)
        else:
            one = not_estimable(effect, reasons[key])
        coefficients.append(one)
    return PenalisedCox(
        tuple(coefficients),
        data.n,
        data.n_events,
        effective_parameters,
        confidence_level,
        method,
    )


def effects_of(columns: Indicators, data: SurvivalData) -> dict[Key, Effect]:
    """Which contrast each column describes, and the patients and events behind it."""
    known = {covariate.name: covariate for covariate in columns.covariates}
    order = [*columns.keys, *columns.left_out]
    names = list(known)
    order.sort(key=lambda key: names.index(key[0]))
    effects = {}
    for variable, level in order:
        covariate = known[variable]
        reference = covariate.levels[0] if level else ""  # type: ignore[union-attr]
        n, events = level_counts(covariate, level, data)
        effects[variable, level] = Effect(variable, level, reference, n, events)
    return effects
