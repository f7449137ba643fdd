"""Length of follow-up."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.stats.inputs import ArrayLike, check_survival
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier


def reverse_kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, confidence_level: float = 0.95
) -> KaplanMeier:
    """Distribution of the follow-up patients would have had without the event.

    Censoring is the event here, so `.median()` of the result is the median follow-up.

    R: ``survfit(Surv(time, 1 - event) ~ 1, conf.type = "log-log")``. Schemper & Smith (1996).
    """
    data = check_survival(time, event)
    curve = kaplan_meier(data.time, ~data.event, confidence_level=confidence_level)
    return replace(curve, method="reverse Kaplan-Meier estimate, log-log interval")
