"""Negative controls: an exposure without effect on the endpoints, an outcome without a cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite

import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.estimates.effects import coefficient_rows, level_rows
from analysis_lib.estimates.specification import CompleteCases, complete_cases
from analysis_lib.format import counted
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_results import CoxCoefficient, Effect, not_estimable, wald
from analysis_lib.stats.design import column_name
from analysis_lib.stats.propensity import fit_propensity
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification

CRUDE = "_crude"
OF_EXPOSURE, OF_OUTCOME = "cox_control_exposure", "control_outcome"
LEAST_OF_EACH = 10  # patients with the control outcome, and without it
METHOD = "logistic regression, maximum likelihood, Wald interval"


@dataclass(frozen=True)
class Controls:
    """The control exposure by its levels, for each endpoint; the control outcome of the groups.

    Either is None where it is not there, with the reason in `left_out`.
    """

    groups: Grouping
    endpoints: tuple[str, ...]
    exposure: Variable | None
    levels: tuple[str, ...]
    outcome: Variable | None
    left_out: tuple[str, ...]
    results: Results

    def of_exposure(self, outcome: str, level: str, *, crude: bool = False) -> Key:
        """The key of the control exposure's ratio."""
        assert self.exposure is not None
        at = Key(_named(OF_EXPOSURE, crude), outcome, "infused")
        return at.of_level(self.exposure.name, level, self.levels[0])

    def of_outcome(self, level: str, *, crude: bool = False) -> Key:
        """The key of a group's odds ratio of the control outcome; of its counts by `of_level`."""
        assert self.outcome is not None
        at = Key(_named(OF_OUTCOME, crude), self.outcome.name, "infused")
        return at.of_level(self.groups.variable, level, self.groups.reference)


@once
def negative_controls(study: Study) -> Controls | Omitted:
    """The primary model's ratio of a control exposure, and the exposure's of a control outcome.

    Both adjusted as the exposure's effect is. Lipsitch, Tchetgen Tchetgen & Cohen (2010),
    Epidemiology 21:383.
    """
    if study.is_randomised:
        return Omitted(
            "The groups were assigned at random, so that nothing confounds their comparison; "
            "negative controls are left out."
        )
    exposure, outcome = _of_exposure(study), _of_outcome(study)
    left_out = tuple(x for x in (exposure, outcome) if isinstance(x, str))
    if len(left_out) == 2:
        return Omitted(" ".join(left_out))
    given = study.parameters
    rows = [row for x in (exposure, outcome) if not isinstance(x, str) for row in x]
    control = (
        None if isinstance(exposure, str) else study.dictionary[given.negative_control_exposure]
    )
    return Controls(
        study.groups,
        tuple(given.endpoints),
        control,
        control.ordered_levels if control else (),
        None if isinstance(outcome, str) else study.dictionary[given.negative_control_outcome],
        left_out,
        study_results(study, rows),
    )


def _of_exposure(study: Study) -> list[Row] | str:
    name = study.parameters.negative_control_exposure
    if not name:
        return "No negative control exposure is named (parameter negative_control_exposure)."
    rows: list[Row] = []
    for key, cases, columns in control_models(study):
        if cases.covariates[name].nunique() < 2:
            return (
                f"The negative control exposure, {study.dictionary[name].phrase}, is the same in "
                "everyone with every covariate."
            )
        fit = fit_cox_entered(
            cases.entry,
            *cases.followed,
            cases.covariates[columns],
            confidence_level=study.confidence_level,
        )
        rows += context(key, n=fit.n).patients({"n": fit.n, "events": fit.events})
        rows += [row for row in coefficient_rows(key, fit) if row.key.variable == name]
    return rows


def control_models(study: Study) -> Iterator[tuple[Key, CompleteCases, list[str]]]:
    """The models of the control exposure: their key, patients and columns, crude and adjusted."""
    name = study.parameters.negative_control_exposure
    if not name or study.is_randomised:
        return
    for outcome in study.parameters.endpoints:
        plain = baseline_specification(study, outcome, name="control_exposure")
        terms = tuple(dict.fromkeys((*plain.terms, name)))
        cases = complete_cases(study, replace(plain, terms=terms))
        for crude, columns in ((True, [name]), (False, list(cases.covariates))):
            yield Key(_named(OF_EXPOSURE, crude), outcome, "infused"), cases, columns


def _of_outcome(study: Study) -> list[Row] | str:
    name = study.parameters.negative_control_outcome
    if not name:
        return "No negative control outcome is named (parameter negative_control_outcome)."
    models = list(control_outcome_models(study))
    if not models:
        phrase = study.dictionary[name].phrase
        return (
            f"The negative control outcome, {phrase}, was there or not in fewer than "
            f"{counted(LEAST_OF_EACH, 'patient')} with every covariate, too few for a comparison."
        )
    return [
        row
        for key, happened, covariates in models
        for row in _odds_rows(study, key, happened, covariates)
    ]


def control_outcome_models(study: Study) -> Iterator[tuple[Key, pd.Series, pd.DataFrame]]:
    """The models of the control outcome: key, whom it happened to and covariates, crude first."""
    name = study.parameters.negative_control_outcome
    if not name or study.is_randomised:
        return
    known = study.patients[study.patients[name].notna()]
    model = baseline_specification(study, study.parameters.endpoints[0], name=OF_OUTCOME)
    cases = complete_cases(study, model, study.groups.among(known))
    happened = cases.patients[name] == "yes"
    if min(int(happened.sum()), int((~happened).sum())) < LEAST_OF_EACH:
        return
    for crude, columns in ((True, [study.groups.variable]), (False, list(cases.covariates))):
        yield Key(_named(OF_OUTCOME, crude), name, "infused"), happened, cases.covariates[columns]


def _odds_rows(
    study: Study, key: Key, happened: pd.Series, covariates: pd.DataFrame
) -> Iterator[Row]:
    """The odds ratio of every group against the reference, with the patients behind it."""
    groups, n = study.groups, len(happened)
    group = pd.Categorical(happened.map({False: "no", True: "yes"}), ["no", "yes"])
    fit = fit_propensity(group, covariates)
    yield from context(key, n=n).patients({"n": n, "events": int(happened.sum())})
    for level in groups.levels:
        of = covariates[groups.variable] == level
        counts = int(of.sum()), int(happened[of].sum())
        here = context(key.of_level(groups.variable, level, groups.reference), n=n)
        yield from level_rows(here, *counts)
        if level == groups.reference:
            continue
        at = Effect(groups.variable, level, groups.reference, *counts)
        column = column_name((groups.variable, level))
        value, error = (x.loc["yes"].get(column) for x in (fit.coefficients, fit.std_errors))
        estimable = value is not None and not fit.separated and isfinite(error)
        term = (
            wald(at, float(value), float(error) ** 2, study.confidence_level)
            if estimable
            else not_estimable(at, "the covariates tell the outcome without exception")
        )
        yield from _ratio_rows(here, term)


def _ratio_rows(here: Row, term: CoxCoefficient) -> Iterator[Row]:
    method = METHOD if term.estimable else f"not estimable: {term.reason}"
    ends = (term.hazard_ratio, term.ci_low, term.ci_high)
    yield from here.interval("odds_ratio", *ends, method=method)
    yield here.at("p_value", term.p_value, method=method)


def _named(analysis: str, crude: bool) -> str:
    return f"{analysis}{CRUDE}" if crude else analysis
