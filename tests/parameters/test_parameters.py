from __future__ import annotations

from dataclasses import fields

import pytest

from analysis_lib.command_line.main import main
from analysis_lib.dictionary import FIXED
from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters, defaults, definitions
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.values import RepeatedKeyError, load_yaml


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


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"landmarks": [6, 25]}, "landmarks: 25 months lie beyond the time from infusion_start"),
        ({"rmst_months": [60]}, "rmst_months: 60 months lie beyond"),
        ({"hazard_cut_months": 40}, "hazard_cut_months: 40 months lie beyond"),
        ({"consolidation_landmarks": [800]}, "800 days lie beyond .* 759.00 days"),
        ({"exposure_levels": {"naive": "Never"}}, "only 'naive' is named"),
        ({"exposure_levels": {"naive": " ", "exposed": "Ever"}}, "label of 'naive' is empty"),
        ({"exposure_levels": {"naive": "A", "exposed": "A"}}, "'A' labels two levels"),
        ({"include": {"sex": []}}, "'sex' names no level, which leaves nobody"),
        ({"include": {"ino": ["exposed"]}}, "is the exposure, and this filter leaves 1"),
        (
            {
                "exposure": "marrow_status",
                "exposure_levels": {"active": "Active", "cr_mrd_negative": "Negative"},
                "include": {"marrow_status": ["active", "cr_mrd_positive_or_unknown"]},
            },
            "this filter leaves 1",
        ),
        ({"include": "{sex: [male], sex: [female]}"}, "include: 'sex' is set twice"),
        ({"time_zero": "infusion"}, "did you mean 'infusion_date'"),
        ({"treatment": ""}, "treatment: must not be empty"),
    ],
)
def test_a_contradiction_is_refused_in_one_sentence(given, message):
    with pytest.raises(ParameterError, match=message) as refused:
        parse_parameters(given)
    assert "\n" not in str(refused.value)


def test_a_default_landmark_beyond_a_short_study_is_not_refused():
    short = {
        "infusion_start": "2023-01-01",
        "infusion_end": "2023-03-01",
        "data_lock": "2023-06-30",
    }
    assert parse_parameters(short).landmarks == [6, 12]


def test_yes_and_no_are_levels_and_only_true_and_false_are_switches():
    parsed = parse_parameters(
        {"exposure": "prior_hct", "exposure_levels": "{yes: Transplanted, no: Never}"}
    )
    assert parsed.exposure_levels == {"yes": "Transplanted", "no": "Never"}
    assert parse_parameters({"include": "{prior_hct: [no]}"}).include == {"prior_hct": ["no"]}
    assert parse_parameters({"nonresponse_is_pfs_event": "true"}).nonresponse_is_pfs_event is True


def test_a_key_set_twice_is_refused_at_any_depth():
    assert load_yaml("a: {b: 1}\nc: {b: 2}") == {"a": {"b": 1}, "c": {"b": 2}}
    with pytest.raises(RepeatedKeyError, match="'a' is set twice"):
        load_yaml("a: 1\nb: 2\na: 3")
    with pytest.raises(RepeatedKeyError, match="'b' is set twice"):
        load_yaml("a: {b: 1, b: 2}")


STRANGE = ("011", "-011", "08", "12:30", "1:30:15.5", "00.5", "1_0", "0x1F", "0b11", "0o11", "1١")


@pytest.mark.parametrize("typed", STRANGE)
@pytest.mark.parametrize(
    ("name", "form"), [("small_cell", "{}"), ("hazard_cut_months", "{}"), ("landmarks", "[6, {}]")]
)
def test_a_strange_number_is_refused_as_typed(name, form, typed):
    with pytest.raises(ParameterError, match=f"^{name}: .*'{typed}'; write it"):
        parse_parameters({name: form.format(typed)})


@pytest.mark.parametrize("typed", STRANGE)
def test_p_and_a_yaml_file_refuse_it_alike(tmp_path, capsys, typed):
    (tmp_path / "ours.yaml").write_text(f"small_cell: {typed}\n", encoding="utf-8")
    messages = []
    for given in (["-p", "small_cell", typed], ["-f", str(tmp_path / "ours.yaml")]):
        assert main(["results", *given]) == 2
        messages.append(capsys.readouterr().err)
    assert messages[0] == messages[1]
    assert repr(typed) in messages[0]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0", 0), ("11", 11), ("+11", 11), ("-3", -3), ("0.5", 0.5), (".5", 0.5), ("1.5e+2", 150.0),
     ("-0.25", -0.25), ("10.", 10.0)],
)  # fmt: skip
def test_a_plain_number_is_that_number(typed, value):
    read = load_yaml(typed)
    assert (read, type(read)) == (value, type(value))


def test_a_level_that_looks_like_a_number_stays_as_typed():
    given = parse_parameters({"include": "{centre: [011, 12:30]}"})
    assert given.include == {"centre": ["011", "12:30"]}
