"""The smallest hazard ratio that a comparison can be expected to find."""

from __future__ import annotations

from math import exp, nan, sqrt

from scipy.stats import norm

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import check_confidence_level

POWER = 0.8


def minimum_detectable_hazard_ratio(
    events: int, share: float, *, confidence_level: float = 0.95, power: float = POWER
) -> float:
    """Hazard ratio above 1 that a two-sided test finds with the given power; so is its inverse.

    exp((z_{1 - alpha/2} + z_power) / sqrt(events * share * (1 - share))), where alpha is
    1 - confidence_level and `share` the compared group's part of the patients in both groups.
    Covariates correlated with the group ask for more events, so that for an adjusted comparison
    the value is a lower bound. nan without events or with one group only.

    R: ``exp((qnorm(1 - alpha / 2) + qnorm(power)) / sqrt(events * share * (1 - share)))``.
    Schoenfeld (1983), Biometrics 39:499.

    Raises
    ------
    StatisticsError
        Events are negative, or the share, the level or the power is no proportion.
    """
    level = check_confidence_level(confidence_level)
    if events < 0:
        raise StatisticsError(
            f"events must be >= 0, but are {events!r}: count those of both groups"
        )
    if not 0.0 <= share <= 1.0:
        raise StatisticsError(f"share must lie in [0, 1], but is {share!r}: give a proportion")
    if not 0.0 < power < 1.0:
        raise StatisticsError(f"power must lie between 0 and 1, but is {power!r}: 0.8 is usual")
    information = events * share * (1 - share)
    if information == 0:
        return nan
    quantiles = float(norm.ppf((1 + level) / 2) + norm.ppf(power))
    return exp(quantiles / sqrt(information))
