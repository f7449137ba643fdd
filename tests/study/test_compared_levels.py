from __future__ import annotations

import pytest

from analysis_lib.errors import CartReportError, CohortError
from analysis_lib.study.study import open_study
from analysis_lib.topics.flow.numbers import patient_flow
from analysis_lib.topics.survival.numbers import survival_by_exposure, survival_by_response

TWO = {"cr_mrd_negative": "Negative", "active": "Active"}


def test_the_levels_named_are_compared_in_their_order_and_the_others_counted_out(study_of):
    everyone = study_of(exposure="marrow_status")
    study = study_of(exposure="marrow_status", exposure_levels=TWO, exposure_label="Marrow before")
    assert study.groups.levels == ("cr_mrd_negative", "active")
    assert study.groups.labels == ("Negative", "Active")
    assert study.groups.phrase == "marrow before" and study.title.endswith("by marrow before")
    last = study.attrition.steps[-1]
    left_out = everyone.patients["marrow_status"] == "cr_mrd_positive_or_unknown"
    assert (last.name, last.excluded) == ("exposure_compared", left_out.sum())
    assert last.rule == "Marrow before: Negative or Active, the others not compared"
    assert len(study.patients) == len(everyone.patients) - left_out.sum()


def test_turning_the_reference_turns_the_hazard_ratio(study, study_of):
    turned = study_of(exposure_levels={"exposed": "Ever", "naive": "Never"})
    ours, theirs = (survival_by_exposure(x, "os") for x in (study, turned))
    ratio = {
        x.analysis + x.tested.contrast: next(
            row.value for row in x.results if row.key.statistic == "hazard_ratio"
        )
        for x in (ours, theirs)
    }
    values = list(ratio.values())
    assert theirs.tested.contrast == "naive_vs_exposed"
    assert values[0] * values[1] == pytest.approx(1)


def test_whichever_group_is_the_reference_the_exposed_stay_the_exposed(study, study_of):
    turned = study_of(exposure_levels={"exposed": "Ever", "naive": "Never"})
    by_response, theirs = (survival_by_response(x, "pfs") for x in (study, turned))
    assert theirs.grouping.levels == by_response.grouping.levels
    assert theirs.grouping.labels[0] == "Never"
    assert theirs.unplaced == by_response.unplaced
    parents = {box.parent for box in patient_flow(turned).boxes if "timing" in box.name}
    assert parents == {"ino=exposed"}


def test_a_yes_or_no_with_labels_is_a_category(study_of):
    study = study_of(
        exposure="prior_hct", exposure_levels={"yes": "Allograft", "no": "None so far"}
    )
    assert study.groups.labels == ("Allograft", "None so far")
    assert study.groups.phrase_of("yes") == "the allograft group"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"candidates": ["age_decads"]}, "candidates: 'age_decads' .* did you mean 'age_decades'"),
        ({"forced_terms": ["death_date"]}, "forced_terms: 'death_date' is of type date"),
        ({"exposure_levels": {"naiv": "A", "exposed": "B"}}, "'naiv' is not a level of ino; did"),
        (
            {"exposure": "centre", "exposure_levels": {"C01": "One", "X": "Two"}},
            "'X' is not a level of centre",
        ),
        ({"include": {"sx": ["male"]}}, "include: 'sx' is not a variable .* did you mean 'sex'"),
        ({"product_access": ["standard"]}, "product_access: 'standard' .* 'standard_of_care'"),
        ({"landmarks": [6, 24.8]}, "24.8 months lie beyond the longest follow-up from infusion"),
        ({"landmark": 3}, "did you mean 'landmarks'"),
    ],
)
def test_a_notebook_refuses_what_the_command_line_refuses(root, monkeypatch, given, message):
    monkeypatch.chdir(root / "notebooks")
    with pytest.raises(CartReportError, match=message):
        open_study(given)


def test_a_filter_that_leaves_nobody_names_itself(study_of):
    with pytest.raises(CohortError, match="no patient is left after 'include_ph_positive'"):
        study_of(include={"disease_subtype": ["ph_like"], "ph_positive": ["yes"]})
