"""An extract of the columns that the dictionary demands, and one exposure."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.errors import CohortError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import make_study
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.gate.words import describe_gate
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.regression.numbers import (
    as_published_models,
    screen_candidates,
    screened_models,
)
from analysis_lib.topics.regression.words import describe_model
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.survival.numbers import survival_by_response, survival_by_timing
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.whole import all_results


@pytest.fixture(scope="module")
def minimal(root, dictionary, tmp_path_factory):
    needed = [x.name for x in dictionary.extract() if x.required in ("value", "column")]
    table = pd.read_csv(root / "data" / "cohort.csv", dtype=str, keep_default_na=False)
    path = tmp_path_factory.mktemp("minimal") / "extract.csv"
    table[[*needed, "prior_blinatumomab"]].to_csv(path, index=False)
    return {
        "cohort": str(path),
        "exposure": "prior_blinatumomab",
        "imputations": 2,
    }


@pytest.fixture(scope="module")
def study(minimal, root):
    return make_study(parse_parameters({**minimal, "model_population": "infused"}), root=root)


def test_every_number_that_can_be_had_is_computed(study):
    results = all_results(study)
    analyses = {row.key.analysis for row in results}
    assert {"survival_by_exposure", "followup", "attrition", "cox_univariable"} <= analyses
    assert not {"toxicity", "response", "consolidation_fixed"} & analyses


def test_each_part_that_lacks_its_columns_says_which(study):
    for part, word in (
        (toxicity_by_exposure(study), "records no toxicity"),
        (response_by_exposure(study), "records no response to the infusion"),
        (
            survival_by_response(study, "os"),
            "records no response to the exposure, prior blinatumomab",
        ),
        (survival_by_timing(study, "os"), "records no timing of prior blinatumomab"),
    ):
        assert isinstance(part, Omitted) and word in part.reason


def test_a_model_of_covariates_that_nobody_recorded_passes_no_gate(study):
    checks = gate(study)
    failed = {check.rule.name: check.value for check in checks.of("fail")}
    terms = study.parameters.baseline_terms
    assert terms and failed["gate_recorded"] == 1.0
    assert "No conclusion about the exposure" in str(describe_gate(checks))


def test_models_in_responders_are_refused_where_no_response_is_recorded(minimal, root):
    with pytest.raises(CohortError, match=r"model_population: is 'responders'.* set it to infused"):
        make_study(parse_parameters({**minimal, "model_population": "responders"}), root=root)


def test_models_are_of_an_endpoint_that_is_asked_for(study_of) -> None:
    study = study_of(endpoints=["os"])
    models = (screen_candidates(study), as_published_models(study), screened_models(study))
    assert {row.key.outcome for one in models for row in one.results} == {"os"}
    assert "hazard of death" in str(describe_model(as_published_models(study).models[0]))


def test_nothing_is_said_to_lack_what_no_parameter_asks_for(study) -> None:
    asked = {x.name for x in missing_data(study).absent}
    assert "ph_positive" not in asked  # derived: its own extract column stands for it
    assert {"disease_subtype", "marrow_status"} <= asked and "tocilizumab" not in asked
