"""Tables of estimands, roles, weighting and E-values say what the results hold."""

from __future__ import annotations

import pytest

from analysis_lib.format import format_fixed, format_number
from analysis_lib.results.rows import Omitted
from analysis_lib.topics.estimands.numbers import study_estimands
from analysis_lib.topics.estimands.table import table_covariate_roles, table_estimands
from analysis_lib.topics.weighting.numbers import weigh_groups
from analysis_lib.topics.weighting.survival import weighted_survival
from analysis_lib.topics.weighting.table import (
    table_e_values,
    table_weighted_survival,
    table_weighting,
)
from analysis_lib.topics.weighting.unmeasured import e_values


def lines(table):
    return {line.label: line.cells for line in table.layout.lines}


@pytest.fixture(scope="module")
def weighting(study):
    return weigh_groups(study)


@pytest.fixture(scope="module")
def weighted(study, weighting):
    return [weighted_survival(study, x) for x in ("pfs", "os")]


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


def test_without_a_published_model_there_is_one_column(study_of):
    table = table_estimands(study_estimands(study_of(endpoints=["os"])))
    assert len(table.layout.columns) == 2
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


def test_the_weights_table_shows_sizes_differences_and_both_ratios(study, weighting, weighted):
    table = table_weighting(weighting, *weighted)
    found = lines(table)
    assert list(found) == ["Unweighted", "Inverse probability", "Overlap"]
    sizes = [
        format_number(row.value)
        for row in weighting.results
        if row.key.analysis == "weighting_overlap" and row.key.statistic == "effective_sample_size"
    ]
    assert found["Overlap"][:3] == (*sizes, "0.00")
    for cell, one in zip(found["Overlap"][3:], weighted, strict=True):
        ratio = one.effects[-1].fit.coefficient("ino", "exposed").hazard_ratio
        assert cell.startswith(format_fixed(ratio, 2))


def test_weighted_survival_has_a_line_for_each_group_and_kind_of_weights(weighted):
    table = table_weighted_survival(*weighted)
    assert len(table.layout.lines) == 2 * 3 * 2
    assert len(table.layout.groups) == 2 * 3


def test_an_interval_that_contains_1_has_an_e_value_of_1(study, weighted):
    values = e_values(study)
    for one, line in zip(values.lines, table_e_values(values).layout.lines, strict=True):
        low, high = (
            one.source.value(one.key._replace(statistic=f"hazard_ratio_ci_{x}"))
            for x in ("low", "high")
        )
        assert (line.cells[2] == "1.00") == (low <= 1 <= high)


def test_three_groups_have_a_line_each_and_omitted_weights_their_reason(study_of):
    study = study_of(exposure="disease_subtype")
    weighting = weigh_groups(study)
    weighted = [weighted_survival(study, x) for x in ("pfs", "os")]
    table = table_weighting(weighting, *weighted)
    assert [line.level for line in table.layout.lines] == [0, 1, 1] * 3
    gone = Omitted("Nothing to weigh by.")
    assert table_weighting(gone, gone) is gone
    assert table_weighted_survival(gone, gone) is gone
