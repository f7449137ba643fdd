"""The exposure's hazard ratio in each subgroup, and whether it differs between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, nan

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis_lib.estimates.effects import METHOD, ratio_rows
from analysis_lib.estimates.specification import CompleteCases, complete_cases
from analysis_lib.labels import listed
from analysis_lib.parameters.parse import is_chosen
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.disclosure.rules import withheld
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit
from analysis_lib.stats.cox_tests import likelihood_ratio_test
from analysis_lib.stats.e_value import POWER
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import baseline_specification

INTERACTION = "cox_interaction"
PRODUCT = "{} in {}"


@dataclass(frozen=True)
class Subgroups:
    """The levels of one variable in one endpoint's model, in their order."""

    key: Key
    variable: str
    levels: tuple[str, ...]
    exposure: Grouping

    def of(self, level: str, group: str) -> Key:
        """The key of one group against the reference in one subgroup."""
        contrast = self.exposure.against(group)
        return self.key._replace(variable=self.variable, level=level, contrast=contrast)

    @property
    def test_key(self) -> Key:
        return self.key._replace(variable=self.variable)


@dataclass(frozen=True)
class Interactions:
    """One endpoint: every variable by whose levels the effect is compared."""

    outcome_label: str
    exposure: Grouping
    variables: tuple[Subgroups, ...]
    left_out: tuple[str, ...]
    results: Results


@once
def interactions(study: Study, outcome: str) -> Interactions | Omitted:
    """One model a variable: the primary model, the variable, and its product with the exposure.

    The hazard ratio in a subgroup is that of the same model for all, so that the covariates have
    one coefficient. Wang et al. (2007), N Engl J Med 357:2189.
    """
    found, results, left_out = [], [], []
    chosen = is_chosen(study.parameters, "subgroup_terms")
    for name in study.parameters.subgroup_terms:
        if not chosen and study.patients[name].isna().all():
            continue  # of another disease, whose mapping has no such variable
        one = _by(study, outcome, name)
        if one is None:
            left_out.append(study.dictionary[name].phrase)
        else:
            found.append(one[0])
            results.append(one[1])
    if not found:
        return Omitted(
            "No variable of the subgroups has two levels with patients of every group; the effect "
            "is not compared between subgroups."
            if left_out
            else "No subgroups are named; the effect is not compared between any."
        )
    said = (
        f"Without patients of every group at two levels, and so left out: {listed(left_out)}."
        if left_out
        else ""
    )
    return Interactions(
        study.dictionary[outcome].label,
        study.groups,
        tuple(found),
        (said,) if said else (),
        combine(study, results),
    )


def cases_by(study: Study, outcome: str, name: str) -> CompleteCases:
    """Those of the primary model and of the variable that makes the subgroups."""
    plain = baseline_specification(study, outcome)
    terms = plain.terms if name in plain.terms else (*plain.terms, name)
    return complete_cases(study, replace(plain, terms=terms))


def _by(study: Study, outcome: str, name: str) -> tuple[Subgroups, Results] | None:
    cases = cases_by(study, outcome, name)
    levels = _crossed(cases, name, study.groups)
    if len(levels) < 2 or set(levels) != set(cases.covariates[name].unique()):
        return None
    key = Key(INTERACTION, outcome, "infused")
    subgroups = Subgroups(key, name, levels, study.groups)
    return subgroups, study_results(study, list(_rows(study, cases, subgroups)))


def _crossed(cases: CompleteCases, name: str, exposure: Grouping) -> tuple[str, ...]:
    """The levels at which every group has patients, in their order."""
    table = pd.crosstab(cases.covariates[name], cases.covariates[exposure.variable])
    full = table.reindex(columns=list(exposure.levels), fill_value=0).gt(0).all(axis=1)
    return tuple(x for x in cases.covariates[name].cat.categories if bool(full.get(x, False)))


def _rows(study: Study, cases: CompleteCases, one: Subgroups) -> Iterator[Row]:
    exposure, level = one.exposure, study.confidence_level
    plain = fit_cox_entered(cases.entry, *cases.followed, cases.covariates, confidence_level=level)
    columns = products(cases, one)
    others = cases.covariates.drop(columns=exposure.variable)
    fit = fit_cox_entered(
        cases.entry, *cases.followed, others.assign(**columns), confidence_level=level
    )
    test = likelihood_ratio_test(fit, plain)
    whole = context(one.test_key, n=fit.n)
    yield from whole.patients({"n": fit.n, "events": fit.events})
    yield whole.at("lr_p_value", test.p_value, method=test.method)
    yield whole.at("power", POWER, unit="proportion")
    inside = {x: cases.covariates[one.variable] == x for x in one.levels}
    event = cases.followed[1]
    for subgroup in one.levels:
        own = inside[subgroup]
        for group in exposure.levels[1:]:
            here = context(one.of(subgroup, group), n=fit.n)
            ratio = ratio_rows(here, _ratio(fit, subgroup, group), METHOD)
            few = _rests_on_few(study, cases, one, inside[subgroup], group)
            yield from map(withheld, ratio) if few else ratio
            counts = {"n_at_level": int(own.sum()), "events_at_level": int(event[own].sum())}
            yield from here.patients(counts)
            if subgroup != one.levels[0]:
                found = _detectable(fit, (one.levels[0], subgroup), group)
                yield here.at("detectable_ratio_of_hazard_ratios", found, method=DETECTABLE)


def _rests_on_few(
    study: Study, cases: CompleteCases, one: Subgroups, inside: pd.Series, group: str
) -> bool:
    """Whether a group in a subgroup, which no row counts, is of few patients or events."""
    groups = cases.covariates[one.exposure.variable]
    own = [inside & (groups == x) for x in (group, one.exposure.reference)]
    counts = [int(x) for y in own for x in (y.sum(), cases.followed[1][y].sum())]
    return any(0 < x < study.parameters.small_cell for x in counts)


DETECTABLE = f"from the error of the difference of the two log hazard ratios, power {POWER:g}"


def products(cases: CompleteCases, one: Subgroups) -> dict[str, pd.Series]:
    """A column for each group in each subgroup: its coefficient is the group's log ratio there."""
    groups, values = cases.covariates[one.exposure.variable], cases.covariates[one.variable]
    return {
        PRODUCT.format(group, subgroup): ((groups == group) & (values == subgroup)).astype(float)
        for group in one.exposure.levels[1:]
        for subgroup in one.levels
    }


def _ratio(fit: CoxFit, subgroup: str, group: str) -> CoxCoefficient:
    return fit.coefficient(PRODUCT.format(group, subgroup))


def _detectable(fit: CoxFit, subgroups: tuple[str, str], group: str) -> float:
    """The ratio above 1 of two subgroups' hazard ratios that is found with the power."""
    names = [PRODUCT.format(group, x) for x in subgroups]
    if any(x not in fit.estimates for x in names):
        return nan
    covariance = fit.covariance.loc[names, names].to_numpy()
    error = float(np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]))
    return exp(float(ndtri((1 + fit.confidence_level) / 2) + ndtri(POWER)) * error)


def parts(study: Study) -> Iterator[OfStudy]:
    """The interactions of every endpoint."""
    for outcome in study.parameters.endpoints:
        yield interactions(study, outcome)
