"""Regression on the subdistribution hazard of one kind of event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import Fit
from analysis_lib.stats.cox_maximum import Found, infinite_direction
from analysis_lib.stats.cox_results import (
    INFINITE,
    NO_MAXIMUM,
    NOBODY,
    Coefficients,
    CoxCoefficient,
    FactorSummary,
)
from analysis_lib.stats.cumulative_incidence import CompetingData, check_competing_of_any
from analysis_lib.stats.design import Covariate, Design, Key, build_design, read_covariates, too_few
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    check_confidence_level,
    check_same_rows,
)
from analysis_lib.stats.newton import inverse
from analysis_lib.stats.partial_likelihood import (
    log_likelihood,
    maximise_efron,
    moments,
    score_residuals,
)
from analysis_lib.stats.risk_sets import RiskSets, risk_sets

METHOD = "Fine-Gray model, robust errors, Wald interval"
BESIDE_INFINITE = "another coefficient of the model is infinite"


@dataclass(frozen=True, eq=False)
class FineGrayFit(Coefficients):
    """A model of the subdistribution hazard; the coefficients are its log ratios.

    `competing` counts those whom another event removed. `degrees_of_freedom` counts every
    parameter, infinite ones included.
    """

    coefficients: tuple[CoxCoefficient, ...]
    n: int
    events: int
    competing: int
    log_likelihood: float
    log_likelihood_null: float
    covariance: pd.DataFrame
    factors: dict[str, FactorSummary]
    degrees_of_freedom: int
    confidence_level: float
    method: str = METHOD


def fit_fine_gray(
    time: ArrayLike,
    event: ArrayLike,
    competing: ArrayLike,
    covariates: pd.DataFrame,
    *,
    confidence_level: float = 0.95,
) -> FineGrayFit:
    """Log subdistribution hazard ratio of each covariate given the others.

    Its sign says in which direction the covariate moves the cumulative incidence; its size is no
    rate ratio, since those whom a competing event removed stay in the risk sets.

    Parameters
    ----------
    time, event, competing : as in `cumulative_incidence`
    covariates : as in `fit_cox`, known at time 0
    confidence_level : coverage of the Wald intervals

    Notes
    -----
    R: ``cmprsk::crr(time, cause, covariates)``, iterated to the maximum. Fine & Gray (1999), J Am
    Stat Assoc 94:496. Ties are Breslow's and censoring is taken to be independent of the
    covariates. The errors are robust and count that the weights are estimated.
    """
    data = check_competing_of_any(time, event, competing)
    level = check_confidence_level(confidence_level)
    check_same_rows(time, covariates, names=("time", "covariates"))
    terms = read_covariates(covariates)
    # As the risk sets have it: whom a competing event removed is at risk for ever.
    fit = _fit(data, terms).of(data.without_competing_end, terms, data.n, level)
    return FineGrayFit(
        fit.coefficients,
        fit.n,
        fit.events,
        data.n_competing,
        fit.log_likelihood,
        fit.log_likelihood_null,
        fit.covariance,
        fit.factors,
        fit.degrees_of_freedom,
        level,
    )


def _fit(data: CompetingData, terms: Sequence[Covariate]) -> Fit:
    risk = data.without_competing_end
    if not data.n_events:
        return Fit(not_fitted="no events" if data.n else NOBODY)
    design, null = build_design(risk, terms), _null(data)
    if reason := too_few(risk, design.parameters):
        return Fit(design.parameters, reason, log_likelihood_null=null)
    found, reasons = _maximum(data, design)
    return Fit(
        design.parameters,
        reasons=reasons | design.reasons,
        references=design.references,
        keys=design.keys if found else (),
        found=found,
        log_likelihood_null=null,
    )


def _maximum(data: CompetingData, design: Design) -> tuple[Found | None, dict[Key, str]]:
    """The finite maximum with its robust covariance, or why there is none."""
    if not design.keys:
        return None, {}
    matrix = np.zeros((data.n, len(design.keys)))
    matrix[design.kept] = design.matrix - design.matrix.mean(axis=0)
    sets = _subdistribution(data, design.kept)
    rows = matrix[sets.order]
    found = maximise_efron(sets, rows)
    if not found.is_plain:
        kept = data.without_competing_end.subset(design.kept)
        direction = infinite_direction(kept, design.matrix, np.zeros(kept.n, dtype=np.int64))
        if direction is not None:
            moves = zip(design.keys, direction, strict=True)
            return None, {key: INFINITE if move else BESIDE_INFINITE for key, move in moves}
        found = maximise_efron(sets, rows, farthest=np.inf)
    if not found.converged:
        return None, dict.fromkeys(design.keys, NO_MAXIMUM)
    influence = _influence(data, sets, rows, found.coefficients)
    bread = inverse(found.point.information)
    covariance = bread @ (influence.T @ influence) @ bread
    return Found(found.coefficients, covariance, found.point.log_likelihood), {}


def _null(data: CompetingData) -> float:
    """The log-likelihood when every patient has the same subdistribution hazard."""
    sets = _subdistribution(data, np.ones(data.n, dtype=bool))
    return log_likelihood(sets, np.zeros((data.n, 1)), np.zeros(1))


@dataclass(frozen=True, eq=False)
class Subdistribution(RiskSets):
    """The risk sets of one cause: those still there, and those whom a competing event removed.

    uncensored : probability of being uncensored just before each event. inverse : the same at each
    patient's own competing event, inverted, 0 for all others. Ties are Breslow's.
    """

    uncensored: FloatArray = field(kw_only=True)
    inverse: FloatArray = field(kw_only=True)

    def at_times(self, values: FloatArray) -> FloatArray:
        """Sum of the rows over the risk set of each event; values sorted by `order`."""
        removed = np.zeros((len(values) + 1, *values.shape[1:]))
        removed[:-1] = np.cumsum((values.T * self.inverse).T[::-1], axis=0)[::-1]
        return super().at_times(values) + (removed[self.last + 1].T * self.uncensored).T

    def spread(self, values: FloatArray) -> FloatArray:
        """Sum, for each row, of the values of the events whose risk set it is in."""
        later = np.zeros((len(values) + 1, *values.shape[1:]))
        later[1:] = np.cumsum((values.T * self.uncensored).T, axis=0)
        return super().spread(values) + (later[self.reached].T * self.inverse).T


def _subdistribution(data: CompetingData, kept: BoolArray) -> Subdistribution:
    """The risk sets of the event; who is not `kept` has no hazard."""
    sets = risk_sets(data.time, data.event)
    inverse = np.zeros(data.n)
    inverse[data.competing] = 1 / _uncensored_before(data, data.time[data.competing])
    ends = np.bincount(sets.last, minlength=data.n)
    each = np.arange(len(sets.events))
    return Subdistribution(
        order=sets.order,
        events=sets.events,
        last=sets.last,
        reached=np.cumsum(ends) - ends,
        tie_start=each,
        tie=each,
        weight=kept[sets.order].astype(float),
        uncensored=_uncensored_before(data, data.time[sets.order[sets.events]]),
        inverse=inverse[sets.order],
    )


def _uncensored_before(data: CompetingData, times: FloatArray) -> FloatArray:
    """Kaplan-Meier probability of not being censored before t; events precede censoring."""
    censored = ~(data.event | data.competing)
    at, counts = np.unique(data.time[censored], return_counts=True)
    at_risk = data.n - np.searchsorted(np.sort(data.time), at, side="left")
    curve = np.concatenate([[1.0], np.cumprod(1 - counts / at_risk)])
    return curve[np.searchsorted(at, times, side="left")]


def _influence(
    data: CompetingData, sets: Subdistribution, rows: FloatArray, coefficients: FloatArray
) -> FloatArray:
    """What each patient adds to the score: the own residual, and what being censored, or having
    been at risk of it, does to the weights.
    """
    own = score_residuals(sets, rows, coefficients)
    censored = ~(data.event | data.competing)
    times, counts = np.unique(data.time[censored], return_counts=True)
    if not len(times):
        return own
    at_risk = data.n - np.searchsorted(np.sort(data.time), times, side="left")
    pull = _pull(data, sets, rows, coefficients, times)
    compensated = np.zeros((len(times) + 1, rows.shape[1]))
    compensated[1:] = np.cumsum(pull * (counts / at_risk**2.0)[:, None], axis=0)
    own -= compensated[np.searchsorted(times, data.time, side="right")]
    at = np.searchsorted(times, data.time[censored])
    own[censored] += pull[at] / at_risk[at][:, None]
    return own


def _pull(
    data: CompetingData,
    sets: Subdistribution,
    rows: FloatArray,
    coefficients: FloatArray,
    times: FloatArray,
) -> FloatArray:
    """How the score leans on the censoring hazard at each time.

    Those removed before it, weighted, times the later hazard of the event around the later means.
    """
    at = moments(sets, rows, coefficients)
    falling = -data.time[sets.order]
    hazard = sets.uncensored / at.total
    later = _running(hazard, at.means)[np.searchsorted(falling[sets.events], -times, side="right")]
    removed = _running((at.hazard * sets.inverse)[::-1], rows[::-1])
    removed = removed[len(rows) - np.searchsorted(falling, -times, side="right")]
    return np.asarray(removed[:, 1:] * later[:, :1] - removed[:, :1] * later[:, 1:])


def _running(weight: FloatArray, columns: FloatArray) -> FloatArray:
    """Sums of the weights, and of the weighted columns, before each row and after the last."""
    sums = np.cumsum(np.column_stack([weight, weight[:, None] * columns]), axis=0)
    return np.vstack([np.zeros(sums.shape[1]), sums])
