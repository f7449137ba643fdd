"""Weights that make groups alike, and the Kaplan-Meier estimate of the weighted population."""

from __future__ import annotations

from math import nan

import numpy as np
from scipy.stats import norm

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    IntArray,
    check_confidence_level,
    check_numbers,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.kaplan_meier import KaplanMeier

_SMALLEST = 1e-12  # a propensity of 0 at machine precision has no finite inverse


def inverse_probability_weights(probabilities: FloatArray, codes: IntArray) -> FloatArray:
    """Share of the own group over its propensity: everyone is the target population.

    Stabilised by the share, so that the weights of a group sum to about its size.
    Robins, Hernan & Brumback (2000), Epidemiology 11:550; Cole & Hernan (2004).
    """
    own = _own(probabilities, codes)
    shares = np.bincount(codes, minlength=probabilities.shape[1]) / len(codes)
    return np.asarray(shares[codes] / own)


def overlap_weights(probabilities: FloatArray, codes: IntArray) -> FloatArray:
    """Harmonic mean of all propensities over the own: patients who could be in any group.

    Of two groups 1 - e, the propensity of the other group: the means of the covariates are then
    exactly equal in both. The weights are bounded.
    Li, Morgan & Zaslavsky (2018), JASA 113:390; Li & Li (2019), Ann Appl Stat 13:2389.
    """
    own = _own(probabilities, codes)
    shared = 1 / (1 / np.maximum(probabilities, _SMALLEST)).sum(axis=1)
    return np.asarray(shared / own)


def effective_sample_size(weights: ArrayLike) -> float:
    """Patients of equal weight whose mean would be as precise: (sum w)^2 / sum w^2. Kish (1965)."""
    values = check_weights(weights)
    return float(values.sum() ** 2 / (values**2).sum())


def check_weights(weights: ArrayLike) -> FloatArray:
    """Return finite weights above 0, or raise StatisticsError with the offending value."""
    values = check_numbers(weights, name="weights")
    if not (values > 0).all():
        raise StatisticsError(
            f"weights must be above 0, but {float(values.min())!r} was given: "
            "leave patients without weight out"
        )
    return values


def _own(probabilities: FloatArray, codes: IntArray) -> FloatArray:
    """The propensity of the group that each patient is in."""
    return np.maximum(probabilities[np.arange(len(codes)), codes], _SMALLEST)


def weighted_kaplan_meier(
    time: ArrayLike, event: ArrayLike, weights: ArrayLike, *, confidence_level: float = 0.95
) -> KaplanMeier:
    """Probability of being free of the event beyond t in the population that the weights make.

    Greenwood's error takes a weight for a number of patients and is too small; this one is the
    infinitesimal jackknife, with the weights taken as known. `at_risk`, `events` and `censored`
    count patients, unweighted.

    R: ``survfit(Surv(time, event) ~ 1, weights = w, robust = TRUE, conf.type = "log-log")``.
    Cole & Hernan (2004), Comput Methods Programs Biomed 75:45; lifelines has no robust error.

    Raises
    ------
    StatisticsError
        For malformed times or events, weights that are not above 0, unequal lengths.
    """
    data = check_survival(time, event)
    check_same_rows(time, weights, names=("time", "weights"))
    weight, level = check_weights(weights), check_confidence_level(confidence_level)
    times = np.unique(np.concatenate([[0.0], data.time]))
    at_risk = data.time[None, :] >= times[:, None]
    happens = (data.time[None, :] == times[:, None]) & data.event[None, :]
    leaves = (data.time[None, :] == times[:, None]) & ~data.event[None, :]
    exposed, lost = at_risk @ weight, happens @ weight
    # Rounding must not leave a remainder where everyone at risk has the event.
    remaining = np.where((at_risk & ~happens).any(axis=1), exposed - lost, 0.0)
    survival: FloatArray = np.cumprod(remaining / exposed).astype(np.float64)
    error = _jackknife(at_risk, happens, weight, lost / exposed, remaining)
    low, high = _log_log(survival, error, level)
    return KaplanMeier(
        times=times,
        survival=survival,
        std_error=survival * error,
        ci_low=low,
        ci_high=high,
        at_risk=at_risk.sum(axis=1),
        events=happens.sum(axis=1),
        censored=leaves.sum(axis=1),
        n=data.n,
        n_events=data.n_events,
        confidence_level=level,
        method="weighted Kaplan-Meier estimate, robust error, log-log interval",
    )


def _jackknife(
    at_risk: np.ndarray,
    happens: np.ndarray,
    weight: FloatArray,
    hazard: FloatArray,
    remaining: FloatArray,
) -> FloatArray:
    """Standard error of log S: the root of the summed squares of what each weight moves it by."""
    moved = happens - at_risk * hazard[:, None]
    share = np.full(len(remaining), nan)
    np.divide(1.0, remaining, out=share, where=remaining > 0)
    share[~happens.any(axis=1)] = 0.0
    influence = np.cumsum(moved * share[:, None], axis=0) * weight
    return np.asarray(np.sqrt((influence**2).sum(axis=1)))


def _log_log(
    survival: FloatArray, error: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    estimable = (survival > 0) & (survival < 1)
    logs = np.log(survival, out=np.full(len(survival), nan), where=estimable)
    half = float(norm.ppf((1 + level) / 2)) * error / logs
    return np.exp(logs * np.exp(-half)), np.exp(logs * np.exp(half))
