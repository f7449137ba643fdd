"""The maximum of the partial likelihood, in the limit where coefficients are infinite."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from analysis_lib.stats.cox_results import INFINITE, NO_MAXIMUM
from analysis_lib.stats.design import Design, Key, aliased_columns
from analysis_lib.stats.inputs import FloatArray, IntArray, SurvivalData
from analysis_lib.stats.newton import FARTHEST, inverse
from analysis_lib.stats.of_record import is_small, lifelines_cox
from analysis_lib.stats.partial_likelihood import maximise_efron, risk_sets
from analysis_lib.stats.separation import at_risk_in_stratum, infinite_direction, strata_along


@dataclass(frozen=True, eq=False)
class Found:
    """Coefficients, their covariance and the log-likelihood reached."""

    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float


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
    maximum: Found | None = None
    reasons: dict[Key, str] = field(default_factory=dict)

    @property
    def is_limit(self) -> bool:
        """Whether a coefficient is infinite."""
        return INFINITE in self.reasons.values()

    def finite(self) -> tuple[tuple[Key, ...], Found | None]:
        """The columns that have a finite estimate, and the maximum in them."""
        if self.maximum is None:
            return (), None
        of, kept = self.maximum, np.array([key not in self.reasons for key in self.keys], bool)
        keys = tuple(key for key in self.keys if key not in self.reasons)
        covariance = of.covariance[np.ix_(kept, kept)]
        return keys, Found(of.coefficients[kept], covariance, of.log_likelihood)


def fit_design(
    data: SurvivalData,
    design: Design,
    *,
    strata: IntArray | None = None,
    of_record: bool = False,
) -> FittedDesign:
    """Fit in the patients the design keeps, if need be in the limit of infinite coefficients.

    With `strata` risk sets hold patients of one stratum alone, and a column that is the same
    within each is no part of the fit.
    """
    kept = data.subset(design.kept)
    problem = FittedDesign(kept, design.keys, design.matrix, np.zeros(kept.n, dtype=np.int64))
    if strata is not None:
        problem = _confined(problem, strata[design.kept], {})
    while (found := _maximum(problem, FARTHEST)) is None:
        direction = infinite_direction(kept, problem.matrix, problem.strata)
        if direction is None:
            found = _maximum(problem, np.inf)
            break
        # Takes at least one column out of the problem, so that the loop ends.
        problem = _limit(problem, direction)
    if found is None:
        reasons = problem.reasons | dict.fromkeys(problem.keys, NO_MAXIMUM)
        return replace(problem, reasons=reasons)
    if of_record and problem.keys and is_small(kept):
        record = lifelines_cox(kept, problem.matrix, problem.strata)
        found = found if record is None else Found(*record)
    return replace(problem, maximum=found)


def _maximum(problem: FittedDesign, farthest: float) -> Found | None:
    """The maximum, unless it is not found or, up to `farthest`, may lie at infinity."""
    strata = problem.strata if problem.strata.any() else None
    sets = risk_sets(problem.data.time, problem.data.event, strata=strata)
    # Centred, so that the moments lose no digits.
    rows = (problem.matrix - problem.matrix.mean(axis=0))[sets.order]
    found = maximise_efron(sets, rows, farthest=farthest)
    if not (found.converged if farthest == np.inf else found.is_plain):
        return None
    try:
        covariance = inverse(found.point.information)
    except np.linalg.LinAlgError:
        return None
    return Found(found.coefficients, covariance, found.point.log_likelihood)


def _limit(problem: FittedDesign, direction: FloatArray) -> FittedDesign:
    """The problem that remains when the coefficients have gone to infinity along `direction`."""
    strata = strata_along(direction, problem.matrix, problem.strata)
    infinite = {key: INFINITE for key, d in zip(problem.keys, direction, strict=True) if d}
    return _confined(problem, strata, infinite)


def _confined(problem: FittedDesign, strata: IntArray, reasons: dict[Key, str]) -> FittedDesign:
    """The problem in risk sets within strata, without the columns that do not vary in them."""
    informative = at_risk_in_stratum(problem.data, strata)
    columns = {key: problem.matrix[informative, i] for i, key in enumerate(problem.keys)}
    aliased = aliased_columns(columns, strata[informative])
    kept = [i for i, key in enumerate(problem.keys) if key not in aliased]
    return FittedDesign(
        data=problem.data,
        keys=tuple(problem.keys[i] for i in kept),
        matrix=problem.matrix[:, kept],
        strata=strata,
        reasons=problem.reasons | aliased | reasons,
    )
