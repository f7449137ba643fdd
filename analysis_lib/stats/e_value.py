"""What an unmeasured confounder would have to be, and the smallest ratio that can be found."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, isnan, nan, sqrt

from scipy.special import ndtri

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import check_confidence_level


def confounded_by(hazard_ratio: float, *, compared: float, reference: float) -> float:
    """The factor by which such a confounder multiplies the hazard ratio of a group.

    `hazard_ratio` is the confounder's own, beside every covariate; `compared` and `reference` are
    its prevalence in the group and in the reference. The ratio that was found, over this factor, is
    what remains; it is exact for rare outcomes and an approximation for others.

    Lin, Psaty & Kronmal (1998), Biometrics 54:948; Schneeweiss (2006), Pharmacoepidemiol Drug Saf
    15:291. R: ``(1 + p1 * (g - 1)) / (1 + p0 * (g - 1))``.

    Raises
    ------
    StatisticsError
        A prevalence is not in [0, 1], or the ratio is not above 0.
    """
    if not hazard_ratio > 0:
        raise StatisticsError(
            f"the hazard ratio of a confounder must be above 0, but was {hazard_ratio!r}"
        )
    for prevalence in (compared, reference):
        if not 0 <= prevalence <= 1:
            raise StatisticsError(
                f"a prevalence must be in the range [0, 1], but was {prevalence!r}"
            )
    excess = hazard_ratio - 1
    return (1 + compared * excess) / (1 + reference * excess)


COMMON_OUTCOME = 0.15


@dataclass(frozen=True)
class EValue:
    """E-values of an estimate and of the limit of its interval nearer to 1.

    `limit` is 1 where the interval contains 1: nothing need be there to move it so far.
    """

    estimate: float
    limit: float
    common: bool

    @property
    def method(self) -> str:
        scale = "converted for a common outcome" if self.common else "taken as a risk ratio"
        return f"E-value, hazard ratio {scale}"


def e_value(ratio: float, low: float, high: float, *, event_share: float) -> EValue:
    """Least risk ratio of an unmeasured confounder with exposure and outcome alike that could
    make a hazard ratio of 1 look like `ratio`, given the measured covariates.

    Parameters
    ----------
    ratio, low, high : a hazard ratio and its interval; nan where it is not estimable
    event_share : patients with the event over patients; above 0.15 the outcome is common, and the
        hazard ratio becomes about (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1 / HR)) as a risk ratio

    Notes
    -----
    R: ``EValue::evalues.HR(ratio, low, high, rare = event_share <= 0.15)``.
    VanderWeele & Ding (2017), Ann Intern Med 167:268.

    Raises
    ------
    StatisticsError
        A ratio is not above 0, or the interval does not hold the estimate.
    """
    if any(not x > 0 for x in (ratio, low, high) if not isnan(x)):
        raise StatisticsError(
            f"a hazard ratio and its limits must be above 0, but were {(ratio, low, high)!r}"
        )
    if low > ratio or high < ratio:
        raise StatisticsError(
            f"the interval must hold the estimate, but {ratio!r} is not in [{low!r}, {high!r}]"
        )
    common = event_share > COMMON_OUTCOME
    nearer = 1.0 if low <= 1 <= high else (low if ratio > 1 else high)
    return EValue(_of(ratio, common), _of(nearer, common), common)


def _of(ratio: float, common: bool) -> float:
    if not isfinite(ratio):
        return nan
    risk = (1 - 0.5 ** sqrt(ratio)) / (1 - 0.5 ** sqrt(1 / ratio)) if common else ratio
    above = max(risk, 1 / risk)
    return above + sqrt(above * (above - 1))


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
    quantiles = float(ndtri((1 + level) / 2) + ndtri(power))
    return exp(quantiles / sqrt(information))
