"""Fitting of a design: the maximum over its finite coefficients, and what is not finite."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from analysis_lib.stats.design import Design, Key, aliased_columns
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray, SurvivalData
from analysis_lib.stats.partial_likelihood import Maximum, maximise
from analysis_lib.stats.separation import infinite_direction, strata_along

INFINITE = "infinite coefficient: it orders the events without exception"
NO_MAXIMUM = "the maximum of the partial likelihood was not found"
# lifelines does not halve a step that lowers the likelihood: with a rare level the first, nearly
# full step can overshoot beyond return, where a shorter one succeeds.
_STEP_SIZES = (0.95, 0.5, 0.1)


@dataclass(frozen=True, eq=False)
class FittedDesign:
    """Maximum over `keys` (columns `matrix`) in the patients of `data`.

    Where the likelihood is monotone, `strata` confine the risk sets to patients alike in the
    infinite directions, which is its exact limit; otherwise there is one stratum. `maximum` is
    None when there is none.
    """

    data: SurvivalData
    keys: tuple[Key, ...]
    matrix: FloatArray
    strata: IntArray
    maximum: Maximum | None = None
    reasons: dict[Key, str] = field(default_factory=dict)

    @property
    def is_limit(self) -> bool:
        """Whether a coefficient is infinite."""
        return INFINITE in self.reasons.values()


def fit_design(data: SurvivalData, design: Design) -> FittedDesign:
    """Fit in the patients the design keeps, if need be in the limit of infinite coefficients."""
    kept = data.subset(design.kept)
    problem = FittedDesign(kept, design.keys, design.matrix, np.zeros(kept.n, dtype=np.int64))
    while True:
        fitted = _attempt(problem, _STEP_SIZES[0])
        if _is_sound(fitted):
            return fitted
        direction = infinite_direction(kept, problem.matrix, problem.strata)
        if direction is None:
            return _fit_with_shorter_steps(problem, fitted)
        # Takes at least one column out of the problem, so that the loop ends.
        problem = _limit(problem, direction)


def _fit_with_shorter_steps(problem: FittedDesign, first: FittedDesign) -> FittedDesign:
    """The finite maximum of a problem that a nearly full first step overshot."""
    attempts = [first]
    for step_size in _STEP_SIZES[1:]:
        attempts.append(_attempt(problem, step_size))
        if _is_sound(attempts[-1]):
            return attempts[-1]
    reached = [fitted for fitted in attempts if fitted.maximum is not None]
    if reached:
        return reached[-1]
    reasons = problem.reasons | dict.fromkeys(problem.keys, NO_MAXIMUM)
    return replace(problem, reasons=reasons)


def _attempt(problem: FittedDesign, step_size: float) -> FittedDesign:
    maximum = maximise(problem.data, problem.matrix, problem.strata, step_size=step_size)
    return replace(problem, maximum=maximum)


def _is_sound(fitted: FittedDesign) -> bool:
    return fitted.maximum is not None and not fitted.maximum.is_suspicious(fitted.matrix)


def _limit(problem: FittedDesign, direction: FloatArray) -> FittedDesign:
    """The problem that remains when the coefficients have gone to infinity along `direction`."""
    strata = strata_along(direction, problem.matrix, problem.strata)
    informative = _at_risk_in_stratum(problem.data, strata)
    columns = {key: problem.matrix[informative, i] for i, key in enumerate(problem.keys)}
    aliased = aliased_columns(columns, strata[informative])
    kept = [i for i, key in enumerate(problem.keys) if key not in aliased]
    infinite = {key: INFINITE for key, d in zip(problem.keys, direction, strict=True) if d}
    return FittedDesign(
        data=problem.data,
        keys=tuple(problem.keys[i] for i in kept),
        matrix=problem.matrix[:, kept],
        strata=strata,
        reasons=problem.reasons | aliased | infinite,
    )


def _at_risk_in_stratum(data: SurvivalData, strata: IntArray) -> BoolArray:
    """Patients still at risk at the first event of their stratum."""
    first = np.full(int(strata.max()) + 1, np.inf)
    np.minimum.at(first, strata[data.event], data.time[data.event])
    return np.asarray(data.time >= first[strata])
