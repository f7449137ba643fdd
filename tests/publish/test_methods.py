"""The methods say what was done to these patients, and nothing that was left out."""

from __future__ import annotations

from typing import Any

import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish import methods
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.consolidation.follow_up import consolidation_follow_up
from analysis_lib.topics.missing.copies import completed_copies
from analysis_lib.topics.over_time.numbers import hazard_periods
from analysis_lib.topics.screening.bootstrap import screen_bootstrap_results
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.specifications.numbers import specification_curve
from analysis_lib.topics.standardised.numbers import standardised_survival
from analysis_lib.topics.weighting.survival import weighted_survival

FEW = {"bootstrap_resamples": 10, "imputations": 2}
ONE_TERM = {
    "candidates": ["sex"],
    "forced_terms": [],
    "as_published_terms": ["sex"],
    "baseline_terms": ["sex"],
    "before_exposure_terms": ["sex"],
}
DONE = {
    "completed copies": completed_copies,
    "bootstrap resamples [@sauerbrei1992]": screen_bootstrap_results,
    "penalised models": penalised_models,
    "Consolidation, which": consolidation_follow_up,
    "ratios before and after": lambda study: hazard_periods(study, "pfs"),
    "every combination": specification_curve,
    "were weighted": lambda study: weighted_survival(study, "pfs"),
    "was standardised": lambda study: standardised_survival(study, "pfs"),
}


def told(study: Study) -> str:
    parts = (methods.survival, methods.models, methods.missing, methods.sensitivity)
    return " ".join(str(part(study)) for part in parts)


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ({}, 0),
        ({**ONE_TERM, "include": {"consolidation": ["none"]}}, 4),
        ({"time_zero": "apheresis_date"}, 7),
    ],
)
def test_what_was_left_out_is_not_said_to_have_been_done(
    given: dict[str, Any], left_out: int
) -> None:
    study = make_study(parse_parameters({**FEW, **given}))
    text = told(study)
    omitted = {said for said, made in DONE.items() if isinstance(made(study), Omitted)}
    assert {x for x in DONE if x not in text} == omitted
    assert len(omitted) == left_out
