"""What one binary confounder that nobody recorded does to a hazard ratio."""

from __future__ import annotations

from analysis_lib.errors import StatisticsError


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
