"""The whole results table: every analysis of the report, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from analysis_lib.analyses.baseline import (
    baseline_by_exposure,
    baseline_by_response,
    baseline_by_timing,
)
from analysis_lib.analyses.competing import (
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)
from analysis_lib.analyses.consolidation import consolidation_effects, responders_at_landmarks
from analysis_lib.analyses.e_values import e_values
from analysis_lib.analyses.estimands import study_estimands
from analysis_lib.analyses.flow import exposure_doses, patient_flow
from analysis_lib.analyses.followup import Followup, followup
from analysis_lib.analyses.gate import gate
from analysis_lib.analyses.hazard_periods import hazard_periods
from analysis_lib.analyses.ladder import Ladder, exposure_ladder
from analysis_lib.analyses.leave_one_out import leave_one_centre_out
from analysis_lib.analyses.missing import (
    imputed_effects,
    missing_data,
    response_bounds,
    unknown_response,
)
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.penalised import penalised_models
from analysis_lib.analyses.positivity import check_positivity
from analysis_lib.analyses.propensity import exposure_propensity
from analysis_lib.analyses.proportionality import proportionality
from analysis_lib.analyses.regression import (
    as_published_models,
    screen_candidates,
    screened_models,
)
from analysis_lib.analyses.response import response_by_exposure
from analysis_lib.analyses.response_contrast import response_contrast
from analysis_lib.analyses.restricted_means import restricted_means
from analysis_lib.analyses.results import Results, combine
from analysis_lib.analyses.sensitivity import sensitivity_to_choices
from analysis_lib.analyses.survival import (
    survival_by_exposure,
    survival_by_response,
    survival_by_timing,
)
from analysis_lib.analyses.toxicity import toxicity_by_exposure
from analysis_lib.analyses.vocabulary import check_vocabulary
from analysis_lib.analyses.weighted_survival import weighted_survival
from analysis_lib.analyses.weighting import weigh_groups
from analysis_lib.cohort import Study


class _Analysis(Protocol):
    @property
    def results(self) -> Results: ...


def all_results(study: Study) -> Results:
    """Every number of the report, keys unique and in the vocabulary."""
    results = combine(study, _parts(study))
    check_vocabulary(results, study.dictionary)
    return results


def _parts(study: Study) -> Iterator[Results]:
    yield patient_flow(study).results
    parts: list[_Analysis | Omitted] = [
        exposure_doses(study),
        baseline_by_exposure(study),
        baseline_by_response(study),
        baseline_by_timing(study),
        missing_data(study),
        toxicity_by_exposure(study),
        toxicity_onset_by_exposure(study),
        response_by_exposure(study),
        responders_at_landmarks(study),
    ]
    for outcome in study.parameters.endpoints:
        parts += [
            survival_by_exposure(study, outcome),
            survival_by_response(study, outcome),
            survival_by_timing(study, outcome),
            consolidation_effects(study, outcome),
            restricted_means(study, outcome),
            hazard_periods(study, outcome),
        ]
    parts.append(relapse_and_death_by_exposure(study))
    yield from (part.results for part in parts if not isinstance(part, Omitted))
    follow_up = followup(study)
    yield follow_up.results
    screen = screen_candidates(study)
    yield screen.results
    published = as_published_models(study)
    yield published.results
    contrasts = response_contrast(study, published)
    if not isinstance(contrasts, Omitted):
        yield contrasts.results
    screened = screened_models(study, screen)
    yield screened.results
    ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
    yield from (ladder.results for ladder in ladders)
    yield from (proportionality(study, ladder).results for ladder in ladders)
    yield sensitivity_to_choices(study, ladders).results
    yield from _confounding(study, ladders, follow_up)
    beside: list[_Analysis | Omitted] = [
        penalised_models(study, screened),
        imputed_effects(study),
        unknown_response(study, published),
        response_bounds(study),
    ]
    yield from (part.results for part in beside if not isinstance(part, Omitted))


def _confounding(study: Study, ladders: Sequence[Ladder], follow_up: Followup) -> Iterator[Results]:
    """What is asked, how far the groups can be made alike, and what that can carry."""
    yield study_estimands(study).results
    propensity = exposure_propensity(study)
    weighting = weigh_groups(study, propensity)
    weighted = [weighted_survival(study, weighting, x) for x in study.parameters.endpoints]
    parts: list[_Analysis | Omitted] = [
        propensity,
        weighting,
        *weighted,
        check_positivity(study, propensity),
        e_values(study, ladders, weighted),
        *(leave_one_centre_out(study, ladder) for ladder in ladders),
        gate(study, ladders, propensity, weighting, follow_up),
    ]
    yield from (part.results for part in parts if not isinstance(part, Omitted))
