"""What a hazard ratio printed with its interval says about its standard error and Wald P."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analysis_lib.audit.symmetry import middles
from analysis_lib.audit.triples import Triple
from analysis_lib.audit.windows import Window

_SMALLEST = 1e-6


@dataclass(frozen=True)
class Wald:
    """Windows of the standard error of the log hazard ratio and of the two-sided Wald P."""

    std_error: Window
    p_value: Window

    @property
    def events_split_evenly(self) -> float:
        """Events of two equal groups that carry this information: no fewer can have happened.

        An event informs a coefficient of a yes-no term by p(1 - p) <= 1/4, p the share of the
        term among those at risk, weighted by hazard; other covariates take from it.
        """
        return 4 / self.std_error.high**2

    @property
    def events_at_level(self) -> int:
        """Events at the level, at least: at the maximum, the sum of p is the events there."""
        return math.ceil(1 / self.std_error.high**2 - 1e-9)


def wald(triple: Triple) -> Wald | None:
    """None where the ratio cannot be the middle of its interval on the log scale."""
    admitted = middles(*(_log(one) for one in triple.windows))
    if admitted is None:
        return None
    with np.errstate(divide="ignore"):
        largest = np.abs(admitted.points) / admitted.least_error
    smallest = np.abs(admitted.points) / admitted.most_error
    crosses_one = admitted.points[0] <= 0 <= admitted.points[-1]
    return Wald(
        Window(float(admitted.least_error.min()), float(admitted.most_error.max())),
        Window(
            float(2 * ndtr(-largest.max())),
            1.0 if crosses_one else float(2 * ndtr(-smallest.min())),
        ),
    )


def _log(values: Window) -> Window:
    return Window(math.log(max(values.low, _SMALLEST)), math.log(max(values.high, _SMALLEST)))
