from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import defaults
from analysis_lib.parameters.parse import DAYS_PER_MONTH, parse_parameters
from analysis_lib.study.study import SYNTHETIC_LABEL, make_study, open_study
from analysis_lib.topics.consolidation.follow_up import responders_at_landmarks
from analysis_lib.topics.survival.numbers import followup


@pytest.mark.parametrize("name", ["apheresis_date", "lymphodepletion_date"])
def test_every_endpoint_is_longer_by_the_days_before_infusion(study, study_of, name):
    moved = study_of(time_zero=name)
    ours = study.patients[study.patients[name].notna()].reset_index(drop=True)
    waited = (ours["infusion_date"] - ours[name]).dt.days / DAYS_PER_MONTH
    assert waited.median() > 0 and len(moved.patients) == len(ours)
    for endpoint in ("os_months", "pfs_months", "followup_months"):
        assert np.allclose(moved.patients[endpoint] - ours[endpoint], waited)
    for kept in ("death_30d", "crs_onset_days", "os_event", "pfs_event"):
        assert moved.patients[kept].equals(ours[kept])
    assert f"{moved.time_zero_phrase.capitalize()} to data lock" in [
        label for _, label in followup(moved).definitions
    ]


def test_consolidation_keeps_its_clock_from_infusion(study, study_of):
    ours = responders_at_landmarks(study).results
    theirs = responders_at_landmarks(study_of(time_zero="apheresis_date")).results
    assert [(x.key, x.value) for x in ours] == [(x.key, pytest.approx(x.value)) for x in theirs]


def test_patients_without_the_date_leave_by_a_rule_of_their_own(root, extract, write_extract):
    extract.loc[[2, 5, 7], "apheresis_date"] = ""
    given = {
        "preset": "aldoss_2024",
        "cohort": str(write_extract(extract)),
        "time_zero": "apheresis_date",
    }
    study = make_study(parse_parameters(given), root=root)
    step = next(x for x in study.attrition.steps if x.name == "time_zero_recorded")
    assert (step.rule, step.excluded) == ("Date of apheresis recorded", 3)


def test_a_notebook_may_hold_modules_callables_and_earlier_results(study, root, monkeypatch):
    monkeypatch.chdir(root / "notebooks")
    namespace = {**defaults(), "math": math, "Path": Path, "study": study, "In": [], "_x": 1}
    assert open_study(namespace).title == study.title


def test_any_other_public_name_is_refused():
    with pytest.raises(ParameterError, match="landmark: unknown parameter; did you mean"):
        open_study({**defaults(), "landmark": 3})


def test_the_label_comes_from_the_records(root, extract, write_extract):
    def label(frame):
        path = write_extract(frame)
        return make_study(
            parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root
        ).label

    assert label(extract) == SYNTHETIC_LABEL
    one = extract.assign(data_origin="patient")
    assert label(one) == ""
    one.loc[3, "data_origin"] = "synthetic"
    assert label(one) == SYNTHETIC_LABEL
    assert label(extract.drop(columns="data_origin")) == ""


def test_response_and_timing_are_known_for_the_named_exposure_only(study, study_of):
    assert study.exposure.combined.levels == ("naive", "responder", "refractory")
    assert study.exposure.timing.contrast == "bridging_vs_preapheresis_only"
    plain = study_of(exposure="prior_blinatumomab")
    assert plain.groups.levels == ("no", "yes")
    assert plain.exposure.response is None and plain.exposure.timing is None


def test_the_ungrouped_patient_of_the_article_is_one_naive_patient(study):
    frame = study.patients
    ungrouped = frame[frame["age_group_as_published"].isna()]
    assert ungrouped["ino"].tolist() == ["naive"]
    assert frame["age_group"].notna().all()
