"""The target trial is written from the parameters, and its gaps from the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.publish.appendix import table_checklist
from analysis_lib.results.rows import Omitted
from analysis_lib.study.left_open import choices_left_open
from analysis_lib.study.study import Study
from analysis_lib.topics import estimands

StudyOf = Callable[..., Study]
COMPONENTS = (
    "Eligibility",
    "Strategies",
    "Assignment",
    "Time zero",
    "Follow-up",
    "Outcomes",
    "Causal contrast",
    "Assumptions",
    "Analysis",
)


def cells(study: Study) -> dict[str, tuple[str, ...]]:
    table = estimands.table_target_trial(estimands.target_trial(study))
    return {line.label: line.cells for line in table.layout.lines}


def test_every_component_is_specified_emulated_and_has_its_gap(study: Study) -> None:
    found = cells(study)
    assert tuple(found) == COMPONENTS
    assert all(all(texts) for texts in found.values())


def test_eligibility_and_strategies_hold_the_rules_and_the_sizes(study: Study) -> None:
    found = cells(study)
    n, rules = len(study.patients), [step.rule for step in study.attrition.steps]
    assert f": {n} of {study.infused} in the extract" in found["Eligibility"][1]
    assert all(f"{rule[1:]}" in found["Eligibility"][1] for rule in rules)
    for level, label in zip(study.groups.levels, study.groups.labels, strict=True):
        size = len(study.groups.members(study.patients, level))
        assert f"{label}, n\u00a0=\u00a0{size}" in found["Strategies"][1]


def test_assignment_names_the_terms_of_the_primary_model(study_of: StudyOf) -> None:
    found = cells(study_of(baseline_terms=["age_decades"]))
    assert found["Assignment"][1].count(";") == 0
    assert "age" in found["Assignment"][1]


@pytest.mark.parametrize(
    ("stage", "said"),
    [("at time zero", "form on the day of infusion"), ("", "is not stated; if before infusion")],
)
def test_no_order_is_claimed_that_was_not_stated(study: Study, stage: str, said: str) -> None:
    trial = estimands.target_trial(study)
    asked = replace(trial, estimands=replace(trial.estimands, exposure_stage=stage))
    lines = {x.label: x.cells for x in estimands.table_target_trial(asked).layout.lines}
    assert said in lines["Time zero"][2] and "came before" not in lines["Time zero"][2]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "came before infusion"),
        ({"exposure": "consolidation_any", "exposure_kind": "treatment"}, "form"),
    ],
)
def test_the_gap_at_time_zero_depends_on_when_the_exposure_is_known(
    study_of: StudyOf, given: dict[str, str], said: str
) -> None:
    assert said in cells(study_of(**given))["Time zero"][2]


@pytest.mark.parametrize(
    ("exposure", "said"),
    [
        ("marrow_status", "It is not stated (parameter exposure_kind) whether marrow status"),
        ("sex", "Sex is a characteristic, and nobody can be assigned to it"),
    ],
)
def test_no_trial_is_emulated_of_what_nobody_can_be_assigned_to(
    study_of: StudyOf, exposure: str, said: str
) -> None:
    assert isinstance(found := estimands.target_trial(study_of(exposure=exposure)), Omitted)
    assert said in found.reason


def test_what_the_exposure_is_can_be_stated_and_is_open_until_then(study_of: StudyOf) -> None:
    stated = study_of(exposure="marrow_status", exposure_kind="treatment")
    assert not isinstance(estimands.target_trial(stated), Omitted)
    named = study_of(exposure="marrow_status", preset="neutral", claims="")
    assert any("exposure_kind" in x for x in choices_left_open(named))
    treatment = study_of(preset="neutral", claims="")
    assert not any("exposure_kind" in x for x in choices_left_open(treatment))


def test_a_rule_that_looks_ahead_is_said_where_there_is_one(study_of: StudyOf) -> None:
    assert "looks ahead" in cells(study_of())["Follow-up"][2]
    assert "looks ahead" not in cells(study_of(minimum_followup_days=0))["Follow-up"][2]


def test_without_a_calendar_there_is_no_lock(study: Study) -> None:
    trial = estimands.target_trial(study)
    lines = estimands.table_target_trial(replace(trial, lock="")).layout.lines
    assert "last time recorded" in next(x for x in lines if x.label == "Follow-up").cells[1]


def test_the_checklist_of_target_has_its_thirty_nine_items_in_order(
    study: Study,
) -> None:
    items = [row[0] for row in table_checklist("TARGET", study).rows]
    assert len(items) == 39
    numbers = [int("".join(c for c in x.split("(")[0] if c.isdigit())) for x in items]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 22))
