"""Which effects a Cox model reports, and the patients and events behind each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis_lib.stats.covariates import Covariate, Factor
from analysis_lib.stats.cox_results import Effect, FactorSummary
from analysis_lib.stats.inputs import SurvivalData


def describe_effects(data: SurvivalData, terms: Sequence[Covariate]) -> list[Effect]:
    """One effect per numeric covariate and per level of a factor other than its reference."""
    factors = summarise_factors(data, terms, {})
    effects = []
    for term in terms:
        if term.name not in factors:
            effects.append(Effect(term.name, "", "", data.n, data.n_events))
            continue
        factor = factors[term.name]
        effects += [
            Effect(term.name, level, factor.reference, *counts)
            for level, counts in factor.counts.items()
            if level != factor.reference
        ]
    return effects


def summarise_factors(
    data: SurvivalData, terms: Sequence[Covariate], working: dict[str, str]
) -> dict[str, FactorSummary]:
    """Patients and events per level; `working` names the references that differ from the first."""
    summaries = {}
    for term in terms:
        if isinstance(term, Factor):
            patients = term.counts(np.ones(data.n, dtype=bool)).tolist()
            counts = zip(patients, term.counts(data.event).tolist(), strict=True)
            summaries[term.name] = FactorSummary(
                reference=term.levels[0],
                working_reference=working.get(term.name, term.levels[0]),
                counts=dict(zip(term.levels, counts, strict=True)),
            )
    return summaries
