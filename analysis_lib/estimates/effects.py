"""The exposure's hazard ratios in one model, and as rows, whatever estimated them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import pandas as pd

from analysis_lib.estimates.few_events import with_penalty
from analysis_lib.estimates.specification import CompleteCases, Specification, complete_cases
from analysis_lib.results.disclosure.models import shown_fit
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit
from analysis_lib.stats.cox_robust import JackknifeErrors, jackknife_errors
from analysis_lib.stats.e_value import POWER, minimum_detectable_hazard_ratio
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

METHOD = "Cox model, Efron ties, Wald interval"
DETECTABLE_METHOD = f"Schoenfeld, power {POWER:g}"


@dataclass(frozen=True)
class Effect:
    """One model as tables, figures and sentences read it: its label, and where its numbers are.

    `key` is what the keys of its rows have in common.
    """

    label: str
    key: Key
    exposure: Grouping
    results: Results

    def contrast(self, level: str) -> Key:
        """The key of one group against the reference."""
        return self.key.compared(self.exposure, level)


@dataclass(frozen=True)
class FittedEffect(Effect):
    """The effect with the Cox model that gave it, and the patients in whom it was fitted."""

    specification: Specification
    fit: CoxFit
    cases: CompleteCases

    @property
    def considered(self) -> int:
        """The patients of whom the model could have been fitted."""
        return self.cases.considered

    @property
    def excluded(self) -> dict[str, int]:
        """Those of them who are left out for a missing value, per variable."""
        return self.cases.excluded

    @cached_property
    def shown(self) -> CoxFit:
        """The fit as it may be shown."""
        return shown_fit(self.fit, self.results, self.key)


def fit_effect(
    study: Study, specification: Specification, *, among: pd.DataFrame | None = None
) -> FittedEffect:
    """Fit one specification on its complete cases; its results hold the exposure alone.

    `among` are its patients where they are fewer than those of its population.
    """
    cases = complete_cases(study, specification, among)
    exposure, key = specification.exposure, specification.key
    fit = penalised_if_few(cases, cases.cox(study.confidence_level), exposure)
    excluded = cases.considered - fit.n
    rows = [
        *context(key, n=fit.n).patients({"n": fit.n, "events": fit.events, "excluded": excluded}),
        *(row for row in coefficient_rows(key, fit) if row.key.variable == exposure.variable),
        *detectable_rows(key, fit, exposure),
    ]
    return FittedEffect(
        specification.label,
        key,
        exposure,
        study_results(study, rows),
        specification,
        fit,
        cases,
    )


def penalised(
    fit: CoxFit, time: pd.Series, event: pd.Series, covariates: pd.DataFrame, variable: str
) -> CoxFit:
    """The fit with penalised contrasts of a factor, where these rest on few events."""
    if variable not in fit.factors:
        return fit
    return with_penalty(
        fit,
        variable,
        list(fit.factors[variable].counts),
        lambda levels: fit_firth_cox(
            time,
            event,
            covariates,
            profiled=variable,
            levels=levels,
            confidence_level=fit.confidence_level,
        ),
    )


def penalised_if_few(cases: CompleteCases, fit: CoxFit, exposure: Grouping) -> CoxFit:
    """The fit with penalised contrasts of the exposure, where these rest on few events."""
    return with_penalty(
        fit,
        exposure.variable,
        exposure.levels[1:],
        lambda levels: cases.penalised(exposure.variable, levels, fit.confidence_level),
    )


def coefficient_rows(key: Key, fit: CoxFit) -> list[Row]:
    """Every coefficient: ratio, interval, P, standard error, and the patients behind it."""
    rows = []
    for term in fit.coefficients:
        here = context(key.of_level(term.variable, term.level, term.reference), n=fit.n)
        rows += [*ratio_rows(here, term), *level_rows(here, term.n, term.events)]
    for variable, factor in fit.factors.items():
        here = context(key.of_level(variable, factor.reference, factor.reference), n=fit.n)
        rows += level_rows(here, *factor.counts[factor.reference])
    return rows


class Estimated(Protocol):
    """A fit of whatever kind that has coefficients."""

    @property
    def n(self) -> int: ...

    def coefficient(self, variable: str, level: str = "") -> CoxCoefficient: ...


def exposure_rows(
    key: Key, exposure: Grouping, fit: Estimated, method: str = METHOD, *, error: str = "std_error"
) -> list[Row]:
    """The ratio of every group against the reference."""
    rows = []
    for level in exposure.levels[1:]:
        here = context(key.compared(exposure, level), n=fit.n)
        rows += ratio_rows(here, fit.coefficient(exposure.variable, level), method, error=error)
    return rows


def ratio_rows(
    here: Row, term: CoxCoefficient, method: str = METHOD, *, error: str = "std_error"
) -> list[Row]:
    """One hazard ratio with interval, P and standard error, or why there is none."""
    method = (term.method or method) if term.estimable else f"not estimable: {term.reason}"
    return [
        *here.interval("hazard_ratio", term.hazard_ratio, term.ci_low, term.ci_high, method=method),
        here.at("coefficient", term.coefficient, method=method),
        here.at(error, term.std_error, method=method),
        here.at("p_value", term.p_value, method=method),
    ]


def level_rows(here: Row, n: int, events: int) -> list[Row]:
    """The patients at a level of a factor and their events."""
    return here.patients({"n_at_level": n, "events_at_level": events})


def detectable_rows(key: Key, fit: CoxFit, exposure: Grouping) -> Iterator[Row]:
    """The detectable hazard ratio of each group, from the events in it and in the reference."""
    counts = fit.factors[exposure.variable].counts
    n_reference, events_reference = counts[exposure.reference]
    for level in exposure.levels[1:]:
        n, events = counts[level]
        share = n / (n + n_reference) if n + n_reference else 0.0
        ratio = minimum_detectable_hazard_ratio(
            events + events_reference, share, confidence_level=fit.confidence_level
        )
        at = key.compared(exposure, level)
        here = context(at, n=n + n_reference)
        yield here.at("minimum_detectable_hazard_ratio", ratio, method=DETECTABLE_METHOD)
        yield context(at).at("power", POWER, unit="proportion")


CENTRE = "centre"


def errors_by_centre(study: Study, effect: FittedEffect) -> JackknifeErrors | Omitted:
    """The jackknife over centres, in the patients and terms of the effect's model."""
    cases = complete_cases(study, effect.specification)
    centres = cases.patients[CENTRE]
    why = ""
    if centres.isna().all():
        why = "The extract records no centre"
    elif effect.exposure.variable == CENTRE:
        why = "The groups are the centres"
    elif centres.isna().any():
        lacking = int(centres.isna().sum())
        why = f"The centre of {lacking} of {len(centres)} patients is not recorded"
    elif centres.nunique() < 2:
        why = "All patients are of one centre"
    elif reason := study.only_from_start("the jackknife over centres"):
        return Omitted(reason)
    if why:
        return Omitted(f"{why}; errors by centre are left out.")
    columns = [(effect.exposure.variable, level) for level in effect.exposure.levels[1:]]
    return jackknife_errors(effect.fit, *cases.followed, cases.covariates, centres, columns=columns)


def robust_rows(effect: FittedEffect, errors: JackknifeErrors) -> list[Row]:
    """Standard error, interval and P of every group, and how many centres they rest on."""
    rows = [context(effect.key, n=effect.fit.n).at("clusters", errors.clusters, method="centres")]
    for level in effect.exposure.levels[1:]:
        term = errors.coefficient(effect.exposure.variable, level)
        at = context(effect.contrast(level), n=effect.fit.n)
        method = errors.method if term.estimable else f"not estimable: {term.reason}"
        robust = {
            "robust_std_error": term.std_error,
            "robust_ci_low": term.ci_low,
            "robust_ci_high": term.ci_high,
            "robust_p_value": term.p_value,
        }
        rows += [at.at(name, value, method=method) for name, value in robust.items()]
    return rows
