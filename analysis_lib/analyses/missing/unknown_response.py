"""Model B if the unknown responses to the exposure had been what they cannot be shown to be."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.analyses.disclosure import withheld_count
from analysis_lib.analyses.effect_rows import EffectRows
from analysis_lib.analyses.effects import analysis_key, fit_effect, varying_terms
from analysis_lib.analyses.models import Specification, model_patients
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.regression import OUTCOME, ModelSet, model_b
from analysis_lib.analyses.results import Results, Row, study_results
from analysis_lib.cohort import Grouping, Study

PREFIX = "unknown_response"


@dataclass(frozen=True)
class UnknownResponse:
    """Model B without the unknown; and under each assumption on them, of which are `results`."""

    exposure: Grouping
    unknown: int
    unknown_events: int
    population: str
    known: EffectRows
    assumed: tuple[EffectRows, ...]
    results: Results

    @property
    def effects(self) -> tuple[EffectRows, ...]:
        return self.known, *self.assumed


def unknown_response(study: Study, published: ModelSet) -> UnknownResponse | Omitted:
    """The article's model B with every unknown response assumed, one way and the other.

    All responded, or none did; and the two extremes that look at the outcome: those with an event
    were refractory and the others responded, which widens the contrast as far as it goes, and the
    reverse, which narrows it.
    """
    combined = study.exposure.combined
    known_only = model_b(published)
    if combined is None or isinstance(known_only, Omitted):
        return Omitted("The extract records no response to the exposure; none can be assumed.")
    population = study.parameters.model_population
    patients = model_patients(study, population)
    exposed = ~patients[study.groups.variable].isin([study.exposure.unexposed])
    unknown = exposed & ~patients[combined.variable].isin(combined.levels)
    if not unknown.any():
        return Omitted(
            "Every response to the exposure in the models is known; none has to be assumed."
        )
    _, responded, refractory = combined.levels
    event = patients[f"{OUTCOME}_event"].astype(bool)
    assumptions = {
        "responded": ("All unknown responded", responded, responded),
        "refractory": ("All unknown refractory", refractory, refractory),
        "widest": ("With an event refractory, else responded", refractory, responded),
        "narrowest": ("With an event responded, else refractory", responded, refractory),
    }
    rows: list[Row] = []
    keys = []
    for name, (label, with_event, without) in assumptions.items():
        values = patients[combined.variable].astype(object)
        values = values.mask(unknown & event, with_event).mask(unknown & ~event, without)
        changed = patients.assign(**{combined.variable: pd.Categorical(values, combined.levels)})
        effect = fit_effect(
            study,
            _specification(study, combined, f"{PREFIX}_{name}", label, patients),
            among=changed.dropna(subset=[combined.variable]),
        )
        rows += effect.results
        keys.append((label, effect.key))
    results = study_results(study, rows)
    key = analysis_key(known_only.specification)
    return UnknownResponse(
        combined,
        withheld_count(study, int(unknown.sum())),
        withheld_count(study, int((unknown & event).sum())),
        population,
        EffectRows("Unknown left out", key, combined, known_only.results),
        tuple(EffectRows(label, key, combined, results) for label, key in keys),
        results,
    )


def _specification(
    study: Study, combined: Grouping, name: str, label: str, patients: pd.DataFrame
) -> Specification:
    terms = varying_terms(patients, study.parameters.as_published_terms)
    population = study.parameters.model_population
    return Specification(name, label, OUTCOME, combined, terms, population)
