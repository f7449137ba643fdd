"""The choices that make a specification, each with its options and what a figure calls them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

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
