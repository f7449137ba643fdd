"""The exposure's hazard ratios in one Cox model, without what the model says of its covariates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis_lib.analyses.disclosure import shown_fit
from analysis_lib.analyses.models import (
    Model,
    Specification,
    coefficient_rows,
    design,
    model_patients,
)
from analysis_lib.analyses.results import Key, Results, Row, context, study_results
from analysis_lib.cohort import Grouping, Study
from analysis_lib.stats import CoxFit, fit_cox, minimum_detectable_hazard_ratio
from analysis_lib.stats.detectable_effect import POWER

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
