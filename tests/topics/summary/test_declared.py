"""What may be said of assignment, plan, time zero and treatment: only what was stated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis_lib.dictionary import EARLIER
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.plan import plan_hash
from analysis_lib.publish import methods
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.study.study import make_study
from analysis_lib.topics import gate, summary
from analysis_lib.topics.estimands.numbers import UNSTATED, study_estimands
from analysis_lib.topics.estimands.table import table_covariate_roles, table_estimands
from analysis_lib.topics.estimands.words import declared_primary, planned
from analysis_lib.topics.summary.words import abstract_background, abstract_methods
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.survival.words import describe_clock

BEFORE = "before the outcome was looked at"


def test_without_a_plan_nobody_says_when_choices_were_made(study):
    texts = str(summary.methods(study)) + str(methods.design(study)) + str(methods.models(study))
    assert "No analysis plan is stated" in texts
    assert "without a look" not in texts and f"laid down {BEFORE}" not in texts
    assert BEFORE not in str(summary.methods(study))


@pytest.mark.parametrize(("date", "said"), [("2023-05-03", True), ("2024-05-03", False)])
def test_a_plan_is_said_to_come_first_only_if_it_is_older_than_the_data(study_of, date, said):
    plan = {
        "where": "registry.example",
        "date": date,
        "parameters": plan_hash(parse_parameters({})),
    }
    texts = str(summary.methods(study_of(analysis_plan=plan)))
    assert "laid down in the analysis plan of 3 May" in texts and "registry.example" in texts
    assert (BEFORE in texts) == said
    assert planned(study_of()) == ""


def test_a_trial_is_told_as_one(study_of):
    trial, cohort = study_of(design="randomised"), study_of()
    assert "at random" in str(summary.background(trial))
    assert "earlier treatments" in str(summary.background(cohort))
    assert "not randomised" in str(summary.words_on_design(cohort))
    assert "not randomised" not in str(summary.words_on_design(trial))
    assert "randomised comparison" in str(methods.design(trial))
    assert "E-values" not in str(methods.sensitivity(trial))


def test_earlier_treatment_is_the_background_of_an_earlier_treatment_alone(study_of):
    by_sex = study_of(exposure="sex")
    assert by_sex.dictionary["sex"].known != EARLIER
    assert "earlier treatments" not in str(summary.background(by_sex))
    assert "what goes with it" in str(summary.background(by_sex))
    assert "what goes with it" in by_sex.question
    given = study_of(exposure="marrow_status", exposure_kind="treatment")
    assert "what led to it" in str(summary.background(given)) and "led to it" in given.question


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "No primary estimand was declared"),
        ("pfs_adjusted", "the adjusted hazard ratio of progression-free survival"),
        ("os_crude", "the unadjusted hazard ratio of overall survival"),
    ],
)
def test_one_estimand_is_primary_and_the_rest_exploratory(study_of, given, said):
    study = study_of(primary_estimand=given)
    assert said in declared_primary(study) and "exploratory" in declared_primary(study)
    lines = {x.label: x.cells for x in table_estimands(study_estimands(study)).layout.lines}
    assert "exploratory" in lines["Declared primary"][0]
    assert declared_primary(study) in str(summary.methods(study))


def test_what_is_not_stated_is_shown_everywhere(study):
    open_ = {"prior_lines", "prior_hct"}
    unsaid = [replace(study.dictionary[x], known="") for x in open_]
    ours = replace(study, dictionary=study.dictionary.with_variables(unsaid))
    estimands = study_estimands(ours)
    assert {x.variable.name for x in estimands.covariates if x.role == UNSTATED} == open_
    roles = {x.label: x.cells for x in table_covariate_roles(estimands).layout.lines}
    assert roles[study.dictionary["prior_hct"].label][0] == "not stated"
    lines = {x.label: x.cells for x in table_estimands(estimands).layout.lines}
    assert "when these are known is not stated" in lines["Measure"][0]
    assert "of which 7 of 9 are stated to be known before infusion" in str(summary.methods(ours))
    check = next(x for x in gate.checks(ours).checks if x.rule.name == "gate_known")
    assert (check.value, check.verdict) == (0.2, "warn")
    assert "it is not stated whether they were known" in str(gate.words(gate.checks(ours)))
    assert "gate_known" not in {x.rule.name for x in gate.checks(study).checks}


def test_the_default_clock_needs_no_word(study):
    assert str(describe_clock(study)) == ""


def test_a_clock_before_infusion_takes_delayed_entry_into_account(study_of):
    study = study_of(time_zero="apheresis_date")
    said = str(describe_clock(study))
    assert "counted from apheresis" in said and "take delayed entry into account" in said
    assert said in str(abstract_methods(study))
    drawn = plot_kaplan_meier(survival_by_exposure(study, "os")).figure
    assert "Months from apheresis" in [axes.get_xlabel() for axes in drawn.axes]


def test_progression_without_a_relapse_date_is_not_called_freedom_from_relapse(
    root, extract, write_extract
):
    path = write_extract(extract.drop(columns="relapse_date"))
    study = make_study(parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root)
    assert "equals overall survival" in str(describe_clock(study))
    only_survival = parse_parameters(
        {"preset": "aldoss_2024", "cohort": str(path), "endpoints": ["os"]}
    )
    assert str(describe_clock(make_study(only_survival, root=root))) == ""


@pytest.mark.parametrize("treatment", ["CAR T-cell therapy", "Blinatumomab"])
def test_the_treatment_is_named_in_title_and_abstract(study_of, treatment):
    study = study_of(treatment=treatment)
    assert study.title.startswith(f"Outcomes after {treatment} by ")
    assert f"Patients reach {treatment} after" in str(abstract_background(study))
