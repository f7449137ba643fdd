from __future__ import annotations

import itertools

import pandas as pd
import pytest

from analysis_lib.errors import CohortError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.study import make_study

FAILS = {
    "minimum_age": {"SYN-901", "SYN-902", "SYN-903"},
    "infusion_window": {"SYN-904", "SYN-905", "SYN-906", "SYN-907"},
    "product_access": {"SYN-908", "SYN-909"},
    "minimum_followup": {"SYN-910", "SYN-911", "SYN-912"},
}
EDGES = {"SYN-921", "SYN-922", "SYN-923"}


@pytest.fixture
def mixed(root, extract, write_extract):
    ineligible = pd.read_csv(root / "tests/data/ineligible.csv", dtype=str, keep_default_na=False)
    path = write_extract(pd.concat([extract, ineligible], ignore_index=True))
    return make_study(parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root)


def test_each_rule_excludes_exactly_the_patients_who_fail_it(mixed):
    excluded = {step.name: step.excluded for step in mixed.attrition.steps}
    failing = {name: len(patients) for name, patients in FAILS.items()}
    assert excluded == {**failing, "exposure_recorded": 0}
    kept = set(mixed.patients["patient_id"])
    assert not kept & set.union(*FAILS.values())
    assert kept >= EDGES


def test_the_steps_add_up(mixed):
    steps = mixed.attrition.steps
    assert steps[0].entered == mixed.infused == 204
    assert all(a.remaining == b.entered for a, b in itertools.pairwise(steps))
    assert steps[-1].remaining == len(mixed.patients) == 192


def test_a_filter_is_data_and_is_one_more_step(study_of):
    study = study_of(include={"disease_subtype": ["ph_positive"]})
    assert set(study.patients["disease_subtype"]) == {"ph_positive"}
    assert [s.name for s in study.attrition.steps][-2:] == [
        "include_disease_subtype",
        "exposure_recorded",
    ]


def test_a_patient_whose_exposure_is_unknown_is_excluded_by_name_of_the_rule(study_of):
    study = study_of(exposure="race_ethnicity")
    last = study.attrition.steps[-1]
    assert (last.name, last.excluded) == ("exposure_recorded", 1)
    assert study.patients["race_ethnicity"].notna().all()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"include": {"disease": ["x"]}}, "'disease' is not a variable of the dictionary"),
        ({"include": {"sex": ["x"]}}, "'x' is not a level of sex; its levels are female, male"),
        ({"include": {"age_years": ["40"]}}, "has no levels"),
        ({"minimum_age": 100}, "no patient is left after 'minimum_age'"),
        ({"exposure": "age_years"}, "is decimal, but must have levels"),
        ({"exposure": "prior_ino"}, "not a variable of the dictionary"),
        ({"exposure": "product_access"}, "has 1 level with patients"),
        (
            {"exposure": "mrd_method", "include": {"mrd_status": ["not_tested"]}},
            "no patient is left",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(study_of, parameters, message):
    with pytest.raises(CohortError, match=message):
        study_of(**parameters)
