"""The choices that make a specification, and one point of the curve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from analysis_lib.dictionary import BRIDGING, INFUSED, Dictionary
from analysis_lib.estimates.specification import varying_terms
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.results.rows import Key
from analysis_lib.results.store import once
from analysis_lib.study.study import Study
from analysis_lib.topics.specifications.choices import (
    PRIMARY,
    PUBLISHED_AS,
    Choices,
)


@once
def covariates(study: Study, terms: str) -> tuple[str, ...]:
    """The covariates behind an option that vary among the patients; never the exposure itself."""
    given = study.parameters
    named = {
        "none": [],
        "fixed": given.before_exposure_terms,
        "baseline": given.baseline_terms,
        "bridging": [*given.baseline_terms, "bridging_therapy"],
        "before": [x for x in given.as_published_terms if study.dictionary[x].known != INFUSED],
        "published": given.as_published_terms,
    }[terms]
    own = study.groups.variable
    return varying_terms(study.patients, [x for x in dict.fromkeys(named) if x != own])


def may_weigh(terms: tuple[str, ...], dictionary: Dictionary) -> tuple[str, ...]:
    """Covariates of a propensity: not those that follow the decision to bridge."""
    return tuple(x for x in terms if dictionary[x].known not in (BRIDGING, INFUSED))


class Reported(NamedTuple):
    """The choices of the models that the other chapters report."""

    primary: Choices
    model_a: Choices


def reported_choices(parameters: Parameters) -> Reported:
    """The primary model and model A as the other chapters report them with these parameters."""
    missing = "complete" if parameters.missing_rule == "complete_cases" else "level"
    model_a = replace(PUBLISHED_AS, population=parameters.model_population, missing=missing)
    return Reported(replace(PRIMARY, missing=missing), model_a)


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


@dataclass(frozen=True)
class PrintedRatio:
    """An estimate with its interval, as printed."""

    value: float
    low: float
    high: float
