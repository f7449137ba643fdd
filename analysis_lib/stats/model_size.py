"""How many patients a model of a time to an event takes before it can be believed.

Riley et al. (2019), Stat Med 38:1276: what the model finds is not to be far too large (expected
shrinkage), what it explains not to be overstated (optimism of Nagelkerke's R-squared), and the
risk of all patients to be known well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis_lib.errors import StatisticsError

# What is explained is not known before a model is fitted: Riley et al. take 15% of what could be.
EXPLAINED, SHRINKAGE, OPTIMISM = 0.15, 0.9, 0.05
_95 = 1.96  # as pmsampsize has it


@dataclass(frozen=True)
class ModelSize:
    """Patients that each criterion asks for, and the R-squared (Cox and Snell) behind them."""

    r_squared: float
    largest_r_squared: float
    for_shrinkage: int
    for_optimism: int

    @property
    def patients(self) -> int:
        """Of both criteria the larger."""
        return max(self.for_shrinkage, self.for_optimism)


def required_size(parameters: int, event_share: float) -> ModelSize:
    """Patients whom a Cox model of so many parameters takes where this share has the event.

    `event_share` is events over patients: in R
    `pmsampsize(type = "s", csrsquared =, parameters =, rate =, meanfup =, timepoint =)` with
    event_share = rate * meanfup and an R-squared of 15% of its maximum.

    Raises
    ------
    StatisticsError
        Without a parameter, or a share that is not within (0, 1].
    """
    if parameters < 1 or not 0 < event_share <= 1:
        raise StatisticsError(
            "a model needs at least 1 parameter and a share of events in the range (0, 1], but "
            f"has {parameters} and {event_share!r}"
        )
    largest = 1 - math.exp(2 * (event_share * math.log(event_share) - event_share))
    explained = EXPLAINED * largest
    optimistic = explained / (explained + OPTIMISM * largest)
    return ModelSize(
        explained,
        largest,
        math.ceil(_patients(parameters, explained, SHRINKAGE)),
        math.ceil(_patients(parameters, explained, optimistic)),
    )


def _patients(parameters: int, r_squared: float, shrinkage: float) -> float:
    return parameters / ((shrinkage - 1) * math.log(1 - r_squared / shrinkage))


def expected_shrinkage(patients: int, parameters: int, event_share: float) -> float:
    """The factor by which this many patients let expect that the coefficients are too large."""
    from scipy.optimize import brentq

    r_squared = required_size(parameters, event_share).r_squared
    return float(
        brentq(
            lambda x: _patients(parameters, r_squared, x) - patients,
            r_squared + 1e-12,
            1 - 1e-12,
            xtol=1e-14,
        )
    )


def risk_margin(events: int, person_time: float, time: float) -> float:
    """Half the width of the interval of everyone's risk at a time, of a constant hazard."""
    rate = events / person_time
    upper = rate + _95 * math.sqrt(rate / person_time)
    return math.exp(-rate * time) - math.exp(-upper * time)
