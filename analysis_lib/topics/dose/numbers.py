"""Doses in groups, and as an amount: a line and a curve among the exposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import METHOD, FittedEffect, fit_effect, ratio_rows
from analysis_lib.estimates.specification import (
    CompleteCases,
    Specification,
    complete_cases,
    varying_terms,
)
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.amount_response import AmountResponse, amount_response
from analysis_lib.study.study import Study
from analysis_lib.topics.dose.recorded import (
    Amount,
    dose_grouping,
    doses_of,
    grouped_patients,
    recorded_amounts,
)

AMOUNT = "cox_amount"
# Fewer exposed with an amount on record say nothing of a curve of two degrees of freedom.
FEWEST = 20
POINTS = 60
TRIMMED = (0.05, 0.95)


@dataclass(frozen=True)
class DoseGroups:
    """One endpoint: the models of the doses in groups, crude and adjusted."""

    outcome_label: str
    crude: FittedEffect
    adjusted: FittedEffect
    unknown: int
    missing_rule: str
    results: Results

    @property
    def models(self) -> tuple[FittedEffect, ...]:
        return (self.crude, self.adjusted)


@once
def dose_groups(study: Study, outcome: str) -> DoseGroups | Omitted:
    """No dose, few and many: the hazard ratio of each against none, crude and adjusted."""
    doses = doses_of(study)
    if doses is None or doses.isna().all():
        return Omitted(_not_recorded(study, "doses"))
    if len(study.groups.levels) != 2:
        return Omitted("Doses are compared where the exposure has two groups; they are left out.")
    patients, grouping = grouped_patients(study, doses), dose_grouping(study)
    if patients["dose_group"].nunique() < 3:
        return Omitted(
            f"The recorded doses of {study.exposure.phrase} are all few or all many; they are not "
            "compared in groups."
        )
    terms = varying_terms(patients, study.parameters.baseline_terms)
    models = [
        fit_effect(
            study,
            Specification(f"dose_groups_{name}", label, outcome, grouping, held, "infused"),
            among=patients,
        )
        for name, label, held in (
            ("crude", "Crude", ()),
            ("baseline", "Adjusted for baseline covariates", terms),
        )
    ]
    return DoseGroups(
        study.dictionary[outcome].label,
        models[0],
        models[1],
        withheld_count(study, len(study.patients) - len(patients)),
        study.parameters.missing_rule,
        combine(study, [x.results for x in models]),
    )


def _not_recorded(study: Study, what: str) -> str:
    return (
        f"The extract records no {what} of {study.exposure.phrase}; what they can say about it is "
        "left out."
    )


@dataclass(frozen=True)
class Modelled:
    """One amount in the model of one endpoint; `curve` are the amounts, ratio and limits drawn."""

    amount: Amount
    key: Key
    fit: AmountResponse
    curve: np.ndarray

    @property
    def is_curved(self) -> bool:
        return self.fit.curved is not None


@dataclass(frozen=True)
class Amounts:
    """One endpoint with every amount that is recorded of enough exposed."""

    outcome_label: str
    unexposed: str
    phrase: str
    modelled: tuple[Modelled, ...]
    left_out: tuple[str, ...]
    results: Results


@once
def amounts_of_exposure(study: Study, outcome: str) -> Amounts | Omitted:
    """Doses and days since the last as lines and curves in the primary model.

    The unexposed stay in the model, so that covariates are adjusted for in everyone; what is
    compared with an amount is another amount, and at its quartiles no exposure.
    """
    recorded = recorded_amounts(study)
    if not recorded:
        return Omitted(_not_recorded(study, "doses and no day of the last dose"))
    if len(study.groups.levels) != 2:
        return Omitted("Amounts are modelled where the exposure has two groups; they are left out.")
    modelled, left_out, rows = [], [], []
    for amount in recorded:
        one = _modelled(study, outcome, amount)
        if isinstance(one, str):
            left_out.append(one)
            continue
        modelled.append(one)
        rows += [*_sizes(one), *_of_amount(one)]
    if not modelled:
        return Omitted(" ".join(left_out))
    return Amounts(
        study.dictionary[outcome].label,
        study.groups.phrase_of(study.exposure.unexposed),
        study.exposure.phrase,
        tuple(modelled),
        tuple(left_out),
        study_results(study, rows),
    )


def amount_cases(study: Study, outcome: str, amount: Amount) -> tuple[CompleteCases, pd.Series]:
    """The unexposed and those with the amount on record, and it on the scale of the line."""
    unexposed = study.patients[study.groups.variable] == study.exposure.unexposed
    patients = study.patients[unexposed.to_numpy(dtype=bool) | amount.values.notna()]
    terms = varying_terms(patients, study.parameters.baseline_terms)
    specification = Specification("amount", "", outcome, study.groups, terms, "infused")
    cases = complete_cases(study, specification, patients)
    return cases, amount.scaled[cases.covariates.index]


def _modelled(study: Study, outcome: str, amount: Amount) -> Modelled | str:
    cases, values = amount_cases(study, outcome, amount)
    if values.notna().sum() < FEWEST or values.nunique() < 2:
        return (
            f"{amount.label}: recorded of fewer than {FEWEST} exposed in the model, or all the "
            "same; left out."
        )
    fit = amount_response(
        *cases.followed,
        cases.covariates.drop(columns=study.groups.variable),
        values,
        entry=cases.entry,
        confidence_level=study.confidence_level,
    )
    key = Key(AMOUNT, outcome, "infused", amount.name)
    return Modelled(amount, key, fit, _curve(amount, fit, values.dropna().to_numpy()))


def _curve(amount: Amount, fit: AmountResponse, scaled: np.ndarray) -> np.ndarray:
    """Amounts between their 5% and 95% quantiles, with the ratio there and its limits."""
    first, last = np.quantile(scaled, TRIMMED)
    grid = np.linspace(first, last, POINTS)
    found = [fit.against_unexposed(x) for x in grid]
    lines = [(x.hazard_ratio, x.ci_low, x.ci_high) for x in found]
    return np.column_stack([amount.unscaled(grid), np.array(lines)])


def _sizes(one: Modelled) -> Iterator[Row]:
    here = context(one.key, n=one.fit.alike.n)
    sizes = {"n": one.fit.alike.n, "events": one.fit.alike.events}
    exposed = {"n_at_level": one.fit.exposed, "events_at_level": one.fit.exposed_events}
    yield from here.patients({**sizes, **exposed, "n_evaluable": one.amount.known})


def _of_amount(one: Modelled) -> Iterator[Row]:
    """The ratio per doubling, the tests, and the ratios at the quartiles."""
    fit, n = one.fit, one.fit.alike.n

    def at(level: str) -> Row:
        return context(one.key._replace(level=level), n=n)

    yield from ratio_rows(at("doubled"), fit.per_unit, METHOD)
    tests = {"line": fit.line, "curve": fit.curve, "bend": fit.bend}
    for name, test in tests.items():
        if test is not None:
            yield at(name).at("lr_p_value", test.p_value, method=test.method)
    for name, value in one.amount.quartiles.items():
        yield at(name).at(QUANTITY[name], value, unit=one.amount.unit)
        found = fit.against_unexposed(one.amount.on_scale(value))
        yield from ratio_rows(at(name), found, CURVE_METHOD)


CURVE_METHOD = f"{METHOD}, natural cubic spline of 2 degrees of freedom"
QUANTITY = {"at_quartile_1": "quartile_1", "at_median": "median", "at_quartile_3": "quartile_3"}


def amount_phrase(amount: Amount) -> str:
    """The amount inside a sentence."""
    return lower_first(amount.label)


def parts(study: Study) -> Iterator[OfStudy]:
    """Doses in groups and amounts, of every endpoint."""
    for outcome in study.parameters.endpoints:
        yield dose_groups(study, outcome)
        yield amounts_of_exposure(study, outcome)
