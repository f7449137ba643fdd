"""The hazard ratios of the abstract: one sentence on all endpoints of the same two groups."""

from __future__ import annotations

import re

from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.flow.numbers import patient_flow
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.summary.words import abstract_results
from analysis_lib.topics.survival.numbers import survival_by_exposure


def _results_of(study: Study) -> str:
    outcomes = study.parameters.endpoints
    survival = [survival_by_exposure(study, x) for x in outcomes]
    ladders = [exposure_ladder(study, x) for x in outcomes]
    flow, response = patient_flow(study), response_by_exposure(study)
    return str(abstract_results(study, flow, response, survival, ladders))


def test_of_two_groups_the_abstract_gives_all_endpoints_in_one_sentence(study, study_of):
    for text in (_results_of(study), _results_of(study_of(small_cell=11))):
        for beginning in ("Unadjusted,", "Adjusted for baseline covariates,"):
            (said,) = re.findall(rf"{beginning} (.+?)\.(?= [A-Z]|$)", text)
            assert said.count("95% CI") == 2
            assert re.search(r"for progression-free survival and .+ for overall survival$", said)


def test_of_several_groups_each_endpoint_has_its_sentence(study_of):
    text = _results_of(study_of(exposure="disease_subtype"))
    assert text.count("Unadjusted, the hazard ratio for ") == 2
    assert text.count("3 groups)") == 2
