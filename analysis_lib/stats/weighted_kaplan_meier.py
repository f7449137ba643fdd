"""Weights that make groups alike, and the Kaplan-Meier estimate of the weighted population."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np

from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    check_same_rows,
    check_survival,
    check_weights,
)
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier, log_log_limits

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
    check_same_rows(time, weights, names=("time", "weights"))
    plain = kaplan_meier(time, event, confidence_level=confidence_level)
    data, weight = check_survival(time, event), check_weights(weights)
    at = np.searchsorted(plain.times, data.time)
    lost = np.bincount(at, weight * data.event, minlength=len(plain.times))
    exposed = np.cumsum(np.bincount(at, weight, minlength=len(plain.times))[::-1])[::-1]
    # Rounding must not leave a remainder where everyone at risk has the event.
    remaining = np.where(plain.at_risk > plain.events, exposed - lost, 0.0)
    survival: FloatArray = np.cumprod(remaining / exposed).astype(np.float64)
    hazard = np.where(plain.events > 0, lost / exposed, 0.0)
    error = _jackknife(at, data.event, weight, hazard, remaining)
    low, high = log_log_limits(survival, error, plain.confidence_level)
    return replace(
        plain,
        survival=survival,
        std_error=survival * error,
        ci_low=low,
        ci_high=high,
        method="weighted Kaplan-Meier estimate, robust error, log-log interval",
    )


def _jackknife(
    at: IntArray, event: BoolArray, weight: FloatArray, hazard: FloatArray, remaining: FloatArray
) -> FloatArray:
    """Standard error of log S: the root of the summed squares of what each weight moves it by.

    A patient moves it by the hazard at every time at risk, and by the own event; after the own
    time no more. `at` is the row of each patient's time.
    """
    share = np.where(hazard > 0, nan, 0.0)
    np.divide(1.0, remaining, out=share, where=(hazard > 0) & (remaining > 0))
    carried = np.cumsum(hazard * share)
    moved = weight * (np.where(event, share[at], 0.0) - carried[at])
    gone = np.cumsum(np.bincount(at, moved**2, minlength=len(hazard)))
    squares = np.bincount(at, weight**2, minlength=len(hazard))
    still = np.append(np.cumsum(squares[::-1])[::-1][1:], 0.0)
    return np.sqrt(gone + carried**2 * still)
