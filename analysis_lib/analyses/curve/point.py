"""One point of the specification curve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from analysis_lib.analyses.curve.space import Choices
from analysis_lib.analyses.results import Key
from analysis_lib.parameters import Parameters

# Among the specifications, the article's model and the primary one where no parameter is changed.
PUBLISHED_AS = Choices("given", "responders", "published", "complete", "cox")
PRIMARY = Choices("given", "infused", "baseline", "complete", "cox")


def reported_choices(parameters: Parameters) -> tuple[Choices, Choices]:
    """The primary model and model A as the other chapters report them with these parameters."""
    missing = "complete" if parameters.missing_rule == "complete_cases" else "level"
    model_a = replace(PUBLISHED_AS, population=parameters.model_population, missing=missing)
    return replace(PRIMARY, missing=missing), model_a


@dataclass(frozen=True)
class Point:
    """One estimate; nan where its model has none."""

    choices: Choices
    outcome: str
    level: str
    hazard_ratio: float
    low: float
    high: float
    p_value: float
    n: int
    key: Key

    @property
    def excludes_one(self) -> bool:
        return self.low > 1 or self.high < 1


def estimated(points: Iterable[Point], outcome: str, level: str) -> list[Point]:
    """The points of one contrast that could be estimated, from the smallest ratio."""
    known = [
        x
        for x in points
        if (x.outcome, x.level) == (outcome, level) and np.isfinite(x.hazard_ratio)
    ]
    return sorted(known, key=lambda x: x.hazard_ratio)
