"""Estimands and the roles of covariates in tables, in the diagram and in sentences."""

from __future__ import annotations

from collections.abc import Callable

from analysis_lib.study.study import Study
from analysis_lib.topics.estimands.figure import plot_causal_diagram
from analysis_lib.topics.estimands.numbers import study_estimands
from analysis_lib.topics.estimands.table import table_covariate_roles, table_estimands
from analysis_lib.topics.estimands.words import describe_roles, describe_selection


def lines(table):
    return {line.label: line.cells for line in table.layout.lines}


def test_the_published_question_selects_and_adjusts_for_what_follows_infusion(study):
    found = lines(table_estimands(study_estimands(study)))
    n = len(study.patients)
    assert f"n\u00a0=\u00a0{n}" in found["Population"][0]
    responders = (study.patients["cr_cri"] == "yes").sum()
    assert f"n\u00a0=\u00a0{responders}" in found["Population"][1]
    hct = (study.patients["consolidation"] == "allo_hct").sum()
    (transplant,) = [x for x in found if x.startswith(f"Allogeneic HCT after infusion, {hct} ")]
    assert found[transplant][0].startswith("Treatment policy")
    assert found[transplant][1].startswith("Adjusted for")
    (died,) = [x for x in found if x.startswith("Died before assessment")]
    assert found[died][0].startswith("Composite")
    assert found[died][1].startswith("Selected away")


def test_in_everyone_infused_nobody_is_selected_away(study_of):
    study = study_of(model_population="infused", as_published_terms=["prior_hct"])
    cells = [cell for x in lines(table_estimands(study_estimands(study))).values() for cell in x]
    assert not any(x.startswith(("Selected away", "Adjusted for")) for x in cells)


def test_only_endpoints_that_are_asked_for_are_named(study_of):
    table = table_estimands(study_estimands(study_of(endpoints=["os"])))
    assert "progression" not in " ".join(x for c in lines(table).values() for x in c)


def test_groups_that_form_after_infusion_are_said_to(study, study_of):
    after = study_estimands(study_of(exposure="consolidation_any"))
    assert any("known only after time zero" in x for x in table_estimands(after).layout.notes)
    notes = table_estimands(study_estimands(study)).layout.notes
    assert not any("after time zero" in x for x in notes)


def test_roles_name_the_models_that_hold_a_covariate(study):
    found = lines(table_covariate_roles(study_estimands(study)))
    assert found["Consolidation or maintenance"] == ("after infusion", "mediator", "no", "yes")
    assert found["CNS involvement at apheresis"][2:] == ("yes", "no")
    assert "proxy" in found["Prior lines of therapy"][1]


def test_the_diagram_names_exposure_endpoints_and_covariates_by_label(
    study: Study, see: Callable
) -> None:
    estimands = study_estimands(study)
    written = " ".join(see(plot_causal_diagram(estimands)).written).replace("\n", " ")
    assert estimands.exposure.label in written
    for variable in estimands.endpoints:
        assert variable.label in written
    for one in estimands.covariates:
        label = one.variable.label[1:] + ("\u2217" if one.in_primary else "")
        assert label in written


def test_selection_and_roles_are_said_of_any_exposure(study, study_of):
    text = str(describe_selection(study_estimands(study)))
    assert f"All {len(study.patients)} patients were infused." in text
    assert "median time from apheresis to infusion" in text
    own = str(describe_roles(study_estimands(study)))
    assert "can confound but not mediate: age, per 10 years;" in own
    assert "answers another question" in own
    other = str(describe_roles(study_estimands(study_of(exposure="marrow_status"))))
    assert "Fixed by the exposure itself: active marrow disease" in other
    assert "InO" not in other
