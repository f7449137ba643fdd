"""The choices that make a specification, each with its options and what a figure calls them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from analysis_lib.dictionary import BRIDGING, INFUSED, Dictionary
from analysis_lib.estimates.specification import varying_terms
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.results.rows import Key
from analysis_lib.results.store import once
from analysis_lib.study.study import Study

PREFIX = "curve"
RULES = {
    "given": "as the parameters have it",
    "nonresponse": "other rule for non-response",
    "followup": "restricted by date of infusion",
}
TERMS = {
    "none": "no covariate",
    "fixed": "what therapy cannot have changed",
    "baseline": "baseline covariates",
    "bridging": "baseline and bridging therapy",
    "before": "terms of model A known before infusion",
    "published": "all terms of model A",
}
MISSING = {
    "complete": "complete cases",
    "level": "a missing category is a level",
    "imputed": "multiple imputation",
}
ESTIMATORS = {
    "cox": "Cox",
    "firth": "Cox, Firth penalty",
    "iptw": "inverse-probability weights",
    "overlap": "overlap weights",
}
POPULATIONS = {"infused": "all infused", "responders": "responders"}
DIMENSIONS = {
    "rule": ("Endpoint and follow-up", RULES),
    "population": ("Population", POPULATIONS),
    "terms": ("Adjusted for", TERMS),
    "missing": ("Missing values", MISSING),
    "estimator": ("Estimator", ESTIMATORS),
}


# Weights balance what was there before the exposure's consequences, never what came after.
WEIGHTED = ("iptw", "overlap")
WEIGHED_BY = ("fixed", "baseline", "before")


@dataclass(frozen=True)
class Choices:
    """One option of each choice."""

    rule: str
    population: str
    terms: str
    missing: str
    estimator: str

    @property
    def analysis(self) -> str:
        """The name of the analysis in the results table; the population has its own column."""
        return "_".join((PREFIX, self.rule, self.terms, self.missing, self.estimator))


def choices_of(analysis: str, population: str) -> Choices:
    """The choices behind a row of the results table."""
    _, rule, terms, missing, estimator = analysis.split("_")
    return Choices(rule, population, terms, missing, estimator)


def all_choices() -> Iterator[Choices]:
    """Every combination that makes sense, whatever the cohort."""
    for rule, population, terms, missing, estimator in product(
        RULES, POPULATIONS, TERMS, MISSING, ESTIMATORS
    ):
        if estimator in WEIGHTED and (terms not in WEIGHED_BY or missing == "imputed"):
            continue
        if missing == "imputed" and estimator != "cox":
            continue
        if terms == "none" and missing != "complete":
            continue
        if rule == "nonresponse" and population == "responders":
            continue
        yield Choices(rule, population, terms, missing, estimator)


def curve_analyses() -> dict[str, str]:
    """Names of the analyses, for the vocabulary, each with its meaning."""
    return {
        one.analysis: f"the exposure's hazard ratio: {RULES[one.rule]}, {TERMS[one.terms]}, "
        f"{MISSING[one.missing]}, {ESTIMATORS[one.estimator]}"
        for one in all_choices()
    }


# Among the specifications, the article's model and the primary one where no parameter is changed.
PUBLISHED_AS = Choices("given", "responders", "published", "complete", "cox")
PRIMARY = Choices("given", "infused", "baseline", "complete", "cox")
BY_OPTION = f"{PREFIX}_by"


def option_analysis(dimension: str, option: str) -> str:
    """The name of the analysis of all specifications that took one option."""
    return f"{BY_OPTION}_{dimension}_{option}"


def summary_analyses() -> dict[str, str]:
    """Names of the analyses, for the vocabulary, each with its meaning."""
    return {
        option_analysis(dimension, option): f"the specifications with: {meaning}"
        for dimension, (_, options) in DIMENSIONS.items()
        for option, meaning in options.items()
    }


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
