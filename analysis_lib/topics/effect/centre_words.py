"""The primary ratio where centres and years differ, in sentences."""

from __future__ import annotations

import math

from analysis_lib.format import format_fixed
from analysis_lib.show.prose import capital, ratio_of
from analysis_lib.topics.effect.by_centre import CALENDAR, VOLUME
from analysis_lib.topics.effect.numbers import Ladder


def describe_centres(ladder: Ladder, level: str) -> str:
    """The ratio where centres differ in their hazards, as far as there is one."""
    if not ladder.by_centre:
        return ""
    shared, within = (ratio_of(x, level) for x in ladder.by_centre)
    variance = frailty_variance(ladder)
    said = []
    if not math.isnan(shared.value) and variance is not None:
        said.append(
            f"with a gamma frailty of each centre (variance {variance}) the hazard ratio is "
            f"{shared.as_ratio}"
        )
    if not math.isnan(within.value):
        said.append(f"stratified by centre it is {within.as_ratio}")
    return f"{capital('; '.join(said))}." if said else ""


def describe_setting(ladder: Ladder, level: str) -> str:
    """The ratio among patients of one time, and of centres alike in size."""
    names = {CALENDAR: "calendar time", VOLUME: "the volume of the centre"}
    known = [(names[x.key.analysis], ratio_of(x, level)) for x in ladder.setting]
    known = [(name, x) for name, x in known if not math.isnan(x.value)]
    said = [f"{x.as_ratio} with {name}" for name, x in known]
    return f"With one term more the hazard ratio is {' and '.join(said)}." if said else ""


def frailty_variance(ladder: Ladder) -> str | None:
    """The variance of the frailty in words; None where there is no such model."""
    if not ladder.by_centre:
        return None
    effect = ladder.by_centre[0]
    variance = effect.results.value(effect.key, "frailty_variance")
    if math.isnan(variance):
        return None
    return f"{format_fixed(variance, 2)}" if variance else "zero"
