"""The exposure's hazard ratios in one model, and as rows, whatever estimated them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis_lib.estimates.models import (
    Model,
    Specification,
    coefficient_rows,
    design,
    model_patients,
)
from analysis_lib.results.disclosure.models import shown_fit
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit
from analysis_lib.stats.cox_robust import ClusteredErrors, clustered_errors
from analysis_lib.stats.e_value import POWER, minimum_detectable_hazard_ratio
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

DETECTABLE_METHOD = f"Schoenfeld, power {POWER:g}"


@dataclass(frozen=True)
class Effect:
    """A fitted model, read for its exposure alone; `results` hold no other coefficient."""

    specification: Specification
    fit: CoxFit
    considered: int
    excluded: dict[str, int]
    results: Results

    @property
    def exposure(self) -> Grouping:
        return self.specification.exposure

    @property
    def key(self) -> Key:
        """What the keys of its rows have in common."""
        return analysis_key(self.specification)

    @cached_property
    def shown(self) -> CoxFit:
        """The fit as it may be shown."""
        return shown_fit(self.fit, self.results, self.key)

    def contrast(self, level: str) -> Key:
        """The key of one group against the reference."""
        exposure = self.exposure
        contrast = f"{level}_vs_{exposure.reference}"
        return self.key._replace(variable=exposure.variable, level=level, contrast=contrast)

    def events_compared(self, level: str) -> int:
        """The events of one group and of the reference, on which their comparison rests."""
        counts = self.shown.factors[self.exposure.variable].counts
        return counts[level][1] + counts[self.exposure.reference][1]


def analysis_key(specification: Specification) -> Key:
    return Key(f"cox_{specification.name}", specification.outcome, specification.population)


def varying_terms(patients: pd.DataFrame, terms: list[str]) -> tuple[str, ...]:
    """The terms that a model of these patients can hold: those that are not the same in all."""
    return tuple(name for name in terms if patients[name].nunique() > 1)


def fit_effect(
    study: Study, specification: Specification, *, among: pd.DataFrame | None = None
) -> Effect:
    """Fit one specification on its complete cases; `among` are its patients where they are fewer
    than those of its population.
    """
    patients = model_patients(study, specification.population) if among is None else among
    covariates, excluded = design(patients, specification, study)
    used = patients.loc[covariates.index]
    fit = fit_cox(
        used[f"{specification.outcome}_months"],
        used[f"{specification.outcome}_event"],
        covariates,
        confidence_level=study.parameters.confidence_level,
    )
    key = analysis_key(specification)
    here = context(key, n=fit.n)
    exposure = specification.exposure
    rows = [
        here.at("n", fit.n, unit="patients"),
        here.at("events", fit.events, unit="patients"),
        here.at("excluded", len(patients) - fit.n, unit="patients"),
        *(row for row in coefficient_rows(key, fit) if row.key.variable == exposure.variable),
        *detectable_rows(key, fit, exposure),
    ]
    return Effect(specification, fit, len(patients), excluded, study_results(study, rows))


def effect_of_model(study: Study, model: Model) -> Effect:
    """The exposure of a model that was fitted with all its diagnostics.

    The results are the model's and, beside them, what its exposure could have shown.
    """
    key = analysis_key(model.specification)
    rows = (*model.results, *detectable_rows(key, model.fit, model.specification.exposure))
    return Effect(
        model.specification,
        model.fit,
        model.considered,
        model.excluded,
        study_results(study, rows),
    )


def detectable_rows(key: Key, fit: CoxFit, exposure: Grouping) -> list[Row]:
    """The detectable hazard ratio of each group, from the events in it and in the reference."""
    counts = fit.factors[exposure.variable].counts
    n_reference, events_reference = counts[exposure.reference]
    rows = []
    for level in exposure.levels[1:]:
        n, events = counts[level]
        share = n / (n + n_reference) if n + n_reference else 0.0
        ratio = minimum_detectable_hazard_ratio(
            events + events_reference, share, confidence_level=fit.confidence_level
        )
        contrast = f"{level}_vs_{exposure.reference}"
        at = key._replace(variable=exposure.variable, level=level, contrast=contrast)
        here = context(at, n=n + n_reference)
        rows.append(here.at("minimum_detectable_hazard_ratio", ratio, method=DETECTABLE_METHOD))
        rows.append(context(at).at("power", POWER, unit="proportion"))
    return rows


@dataclass(frozen=True)
class EffectRows:
    """One model as tables, figures and sentences read it: its label, and where its numbers are."""

    label: str
    key: Key
    exposure: Grouping
    results: Results

    def contrast(self, level: str) -> Key:
        """The key of one group against the reference."""
        contrast = f"{level}_vs_{self.exposure.reference}"
        return self.key._replace(variable=self.exposure.variable, level=level, contrast=contrast)


def size_rows(key: Key, n: int, events: int) -> list[Row]:
    """Patients and events of a model."""
    here = context(key, n=n)
    return [here.at("n", n, unit="patients"), here.at("events", events, unit="patients")]


def ratio_rows(key: Key, n: int, term: CoxCoefficient, method: str) -> list[Row]:
    """Ratio, interval, P, coefficient and error of one contrast, under the method given."""
    contrast = f"{term.level}_vs_{term.reference}"
    at = key._replace(variable=term.variable, level=term.level, contrast=contrast)
    here = context(at, n=n)
    method = method if term.estimable else f"not estimable: {term.reason}"
    return [
        here.at("hazard_ratio", term.hazard_ratio, method=method),
        here.at("hazard_ratio_ci_low", term.ci_low, method=method),
        here.at("hazard_ratio_ci_high", term.ci_high, method=method),
        here.at("coefficient", term.coefficient, method=method),
        here.at("std_error", term.std_error, method=method),
        here.at("p_value", term.p_value, method=method),
    ]


CENTRE = "centre"


def errors_by_centre(study: Study, effect: Effect) -> ClusteredErrors | Omitted:
    """The sandwich by centre, in the patients and terms of the effect's model."""
    specification = effect.specification
    patients = model_patients(study, specification.population)
    covariates, _ = design(patients, specification, study)
    used = patients.loc[covariates.index]
    centres = used[CENTRE]
    if centres.isna().all():
        return Omitted("The extract records no centre; errors by centre are left out.")
    if effect.exposure.variable == CENTRE:
        return Omitted("The groups are the centres; errors by centre are left out.")
    if centres.isna().any():
        return Omitted(
            f"The centre of {int(centres.isna().sum())} of {len(used)} patients is not recorded; "
            "errors by centre are left out."
        )
    if centres.nunique() < 2:
        return Omitted("All patients are of one centre; errors by centre are left out.")
    return clustered_errors(
        effect.fit,
        used[f"{specification.outcome}_months"],
        used[f"{specification.outcome}_event"],
        covariates,
        centres,
    )


def robust_rows(effect: Effect, errors: ClusteredErrors) -> list[Row]:
    """Standard error, interval and P of every group, and how many centres they rest on."""
    here = context(effect.key, n=effect.fit.n)
    rows = [here.at("clusters", errors.clusters, method="centres")]
    for level in effect.exposure.levels[1:]:
        term = errors.coefficient(effect.exposure.variable, level)
        at = context(effect.contrast(level), n=effect.fit.n)
        method = errors.method if term.estimable else f"not estimable: {term.reason}"
        rows += [
            at.at("robust_std_error", term.std_error, method=method),
            at.at("robust_ci_low", term.ci_low, method=method),
            at.at("robust_ci_high", term.ci_high, method=method),
            at.at("robust_p_value", term.p_value, method=method),
        ]
    return rows
