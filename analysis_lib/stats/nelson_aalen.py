"""Nelson-Aalen estimate of the cumulative hazard."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import ArrayLike, FloatArray, check_survival


def cumulative_hazard(time: ArrayLike, event: ArrayLike) -> FloatArray:
    """Sum of events over patients at risk, up to and including each patient's own time.

    R: ``survfit(Surv(time, event) ~ 1)$cumhaz``; ``mice::nelsonaalen`` spreads ties as Efron does.
    """
    data = check_survival(time, event)
    times, events = np.unique(data.time[data.event], return_counts=True)
    at_risk = data.n - np.searchsorted(np.sort(data.time), times, side="left")
    steps = np.concatenate([[0.0], np.cumsum(events / at_risk)])
    return steps[np.searchsorted(times, data.time, side="right")]
