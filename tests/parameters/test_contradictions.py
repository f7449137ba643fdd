from __future__ import annotations

import pytest

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.values import RepeatedKeyError, load_yaml


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
