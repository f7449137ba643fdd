"""Quantiles of a survival curve, read off a step function and its band."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from analysis_lib.stats.inputs import FloatArray

_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True)
class Quantile:
    """A survival time; nan where the curve, or the band, does not come down far enough."""

    estimate: float
    ci_low: float
    ci_high: float


def survival_quantile(
    times: FloatArray, survival: FloatArray, low: FloatArray, high: FloatArray, level: float
) -> Quantile:
    """Time at which S(t) falls to `level`, with limits where the band falls to it.

    R: ``quantile(survfit, probs = 1 - level)``. Brookmeyer & Crowley (1982).
    """
    return Quantile(
        estimate=_crossing(times, survival, level),
        ci_low=_crossing(times, low, level),
        ci_high=_crossing(times, high, level),
    )


def _crossing(times: FloatArray, curve: FloatArray, level: float) -> float:
    """First time at which the curve is at or below `level`.

    A flat step exactly at the level answers with its midpoint, as R does; a step that lasts to
    the end of follow-up is taken to end there.
    """
    reached = np.flatnonzero(curve <= level + _TOLERANCE)
    if not reached.size:
        return nan
    first = reached[0]
    if curve[first] < level - _TOLERANCE:
        return float(times[first])
    below = np.flatnonzero(curve < level - _TOLERANCE)
    end = below[0] if below.size else len(times) - 1
    return float((times[first] + times[end]) / 2)
