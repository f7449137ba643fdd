"""Sentences on time zero and on the treatment's name."""

from __future__ import annotations

import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.study.study import make_study
from analysis_lib.topics.summary.words import abstract_background, abstract_methods
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.survival.words import describe_clock


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
