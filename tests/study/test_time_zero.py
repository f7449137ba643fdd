from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.parameters.parse import DAYS_PER_MONTH, parse_parameters
from analysis_lib.study.study import make_study
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
