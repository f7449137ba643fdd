"""Kaplan-Meier estimate of a weighted population."""

from __future__ import annotations

from math import nan

import numpy as np
from scipy.stats import norm

from analysis_lib.stats.inputs import (
    ArrayLike,
    FloatArray,
    check_confidence_level,
    check_same_rows,
    check_survival,
)
from analysis_lib.stats.kaplan_meier import KaplanMeier
from analysis_lib.stats.weights import check_weights


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
