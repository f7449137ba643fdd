from __future__ import annotations

from dataclasses import fields

import pytest

from analysis_lib.dictionary import FIXED
from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters, defaults, definitions
from analysis_lib.parameters.parse import parse_parameters


def test_every_default_passes_its_own_gate():
    assert parse_parameters(defaults()) == parse_parameters({})


def test_every_parameter_is_defined_with_a_help_text():
    assert [f.name for f in fields(Parameters)] == list(definitions())
    assert all(definition.help for definition in definitions().values())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"landmark": 3}, "did you mean 'landmarks'"),
        ({"landmarks": "[a]"}, "landmarks: must be a number"),
        ({"landmarks": "[3, 3]"}, "named twice"),
        ({"landmarks": []}, "must not be empty"),
        ({"landmarks": "[3"}, "not valid YAML"),
        ({"landmarks": [-1]}, "between 0 and 240"),
        ({"data_lock": "2023-13-01"}, "must be a date like"),
        ({"data_lock": "2020-01-01"}, "must not be before infusion_start"),
        ({"infusion_start": "2024-01-01"}, "must not be after infusion_end"),
        ({"entry_p": 3}, "between 0 and 1"),
        ({"entry_p": float("nan")}, "must be a number"),
        ({"seed": 1.5}, "must be a whole number"),
        ({"seed": True}, "must be a whole number"),
        ({"nonresponse_is_pfs_event": "maybe"}, "must be true or false"),
        ({"model_population": "responder"}, "did you mean 'responders'"),
        ({"endpoints": ["pfs", "efs"]}, "must be one of pfs, os"),
        ({"include": ["female"]}, "must map columns to lists"),
        ({"exposure": 3}, "must be a text"),
        ({"hazard_cut_months": 0}, "between 0.5 and 240"),
        ({"rmst_months": []}, "must not be empty"),
        ({"baseline_terms": ["ino"]}, "is the exposure and cannot be a covariate"),
        ({"candidates": ["ino", "sex"]}, "is the exposure and cannot be a covariate"),
    ],
)
def test_an_impossible_value_is_refused_with_its_remedy(given, message):
    with pytest.raises(ParameterError, match=message.replace("[", r"\[")):
        parse_parameters(given)


def test_yaml_text_is_read_as_papermill_and_the_command_line_pass_it():
    parsed = parse_parameters(
        {"landmarks": "[9, 3]", "include": "{sex: [female]}", "seed": "7", "entry_p": "0.2"}
    )
    assert parsed.landmarks == [3, 9]
    assert parsed.include == {"sex": ["female"]}
    assert (parsed.seed, parsed.entry_p) == (7, 0.2)


def test_the_exposure_leaves_the_default_covariates():
    parsed = parse_parameters({"exposure": "prior_hct"})
    assert "prior_hct" not in parsed.candidates
    assert "prior_hct" not in parsed.as_published_terms
    assert "prior_hct" not in parsed.baseline_terms
    assert "prior_hct" in Parameters().candidates
    assert "ph_positive" not in parse_parameters({"exposure": "ph_positive"}).before_exposure_terms


def test_default_covariates_are_of_the_dictionary_and_known_in_time(dictionary):
    given = Parameters()
    assert all(dictionary[x].known for x in (*given.candidates, *given.as_published_terms))
    assert not dictionary.after_infusion & {*given.baseline_terms, *given.before_exposure_terms}
    assert {dictionary[x].known for x in given.before_exposure_terms} == {FIXED}
    assert {*given.baseline_terms, *given.forced_terms} <= {*given.candidates}
