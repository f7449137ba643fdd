"""An estimate in the middle of its interval, on the scale on which the interval is symmetric."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from analysis_lib.audit.triples import CONFIDENCE_LEVEL
from analysis_lib.audit.windows import Window

Z = NormalDist().inv_cdf((1 + CONFIDENCE_LEVEL) / 2)
Floats = NDArray[np.float64]
_GRID = 101
_TOUCHING = 1e-9


@dataclass(frozen=True)
class Middles:
    """Estimates that can be the middle, with the shortest and longest standard error of each."""

    points: Floats
    least_error: Floats
    most_error: Floats


def middles(estimate: Window, low: Window, high: Window) -> Middles | None:
    """What the rounding windows of an estimate and its ends admit; None if nothing.

    Windows that only touch admit nothing: the upper end of one rounds up and away.
    """
    centre = Window((low.low + high.low) / 2, (low.high + high.high) / 2)
    shared = centre.intersect(estimate)
    if shared.high - shared.low < _TOUCHING:
        return None
    points = np.linspace(shared.low, shared.high, _GRID)
    shortest = np.maximum(high.low - points, points - low.high)
    longest = np.minimum(high.high - points, points - low.low)
    return Middles(points, np.maximum(shortest, 0) / Z, longest / Z)
