"""Consolidation after response: fixed, time-varying and landmark estimates side by side."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses.consolidation.contrasts import Contrast, contrast_models
from analysis_lib.analyses.consolidation.curves import simon_makuch
from analysis_lib.analyses.consolidation.estimates import estimate_rows
from analysis_lib.analyses.consolidation.estimators import Estimator, estimators
from analysis_lib.analyses.consolidation.follow_up import FollowUp, consolidation_follow_up
from analysis_lib.analyses.disclosure import withheld_count
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Results, study_results
from analysis_lib.analyses.survival import SurvivalComparison
from analysis_lib.cohort import Study


@dataclass(frozen=True)
class ConsolidationEffects:
    """Consolidation against none for one endpoint, by contrast and by estimator.

    `adjustment` names the covariates of the adjusted estimates, `incomplete` counts the patients
    that they leave out; `curves` are those of Simon and Makuch.
    """

    outcome: str
    outcome_label: str
    follow_up: FollowUp
    contrasts: tuple[Contrast, ...]
    estimators: tuple[Estimator, ...]
    adjustment: tuple[str, ...]
    incomplete: int
    curves: tuple[SurvivalComparison, ...]
    results: Results


def consolidation_effects(study: Study, outcome: str) -> ConsolidationEffects | Omitted:
    """Hazard of the endpoint after consolidation against without it, among responders.

    The fixed estimate counts the time before consolidation as if it came after it: who is to be
    consolidated cannot fail before (Suissa 2008, Am J Epidemiol 167:492). The time-varying one
    counts it from its first day (Mantel & Byar 1974, J Am Stat Assoc 69:81), the landmark ones by
    a day fixed in advance (Anderson, Cain & Gelber 1983, J Clin Oncol 1:710).
    """
    follow_up = consolidation_follow_up(study)
    if isinstance(follow_up, Omitted):
        return follow_up
    models = contrast_models(study, follow_up)
    tried = estimators(study)
    curves = simon_makuch(study, follow_up, outcome)
    level = study.parameters.confidence_level
    rows = [
        *(row for m in models for e in tried for row in estimate_rows(m, e, outcome, level)),
        *(row for comparison in curves for row in comparison.results),
    ]
    return ConsolidationEffects(
        outcome,
        study.dictionary[outcome].label,
        follow_up,
        tuple(contrast for model in models for contrast in model.contrasts),
        tried,
        tuple(models[0].covariates.columns),
        withheld_count(study, len(models[0].patients) - len(models[0].covariates)),
        curves,
        study_results(study, rows),
    )
