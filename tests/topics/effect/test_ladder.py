"""The ladder from the crude to the published hazard ratio, and what each rung holds."""

from __future__ import annotations

import math
import re

import pytest

from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import make_study
from analysis_lib.topics.effect.numbers import exposure_ladder


@pytest.fixture(scope="module")
def ladder(study):
    return exposure_ladder(study, "pfs")


def test_the_two_middle_rungs_differ_in_the_adjustment_and_in_nothing_else(ladder, study):
    terms = Parameters().baseline_terms
    complete = study.patients[[*terms, "ino"]].notna().all(axis=1)
    crude, adjusted = ladder.crude_among_adjusted, ladder.baseline
    assert 0 < complete.sum() < len(study.patients)
    assert crude.fit.n == adjusted.fit.n == complete.sum()
    assert crude.fit.events == adjusted.fit.events == study.patients["pfs_event"][complete].sum()
    assert (crude.specification.terms, adjusted.specification.terms) == ((), tuple(terms))
    assert ladder.crude.fit.n == len(study.patients)


def test_no_rung_but_the_articles_conditions_on_the_time_after_infusion(ladder):
    for rung in ladder.rungs[:3]:
        assert rung.specification.population == "infused"
        assert "consolidation" not in rung.specification.terms
    published = ladder.as_published.specification
    assert published.population == "responders" and "consolidation" in published.terms


def test_the_article_models_progression_free_survival_only(study):
    assert exposure_ladder(study, "os").as_published is None


def test_a_detectable_ratio_falls_with_the_events_behind_it(ladder):
    found = {
        rung.fit.events: rung.results.value(
            rung.contrast("exposed")._replace(statistic="minimum_detectable_hazard_ratio")
        )
        for rung in ladder.rungs
    }
    in_order = [found[events] for events in sorted(found)]
    assert in_order == sorted(in_order, reverse=True)
    crude = ladder.crude
    share = crude.fit.factors["ino"].counts["exposed"][0] / crude.fit.n
    by_hand = math.exp(2.8015852181129683 / math.sqrt(crude.fit.events * share * (1 - share)))
    assert found[crude.fit.events] == pytest.approx(by_hand, rel=1e-9)


def test_of_several_groups_each_is_set_against_the_reference_and_its_own_events(study_of):
    study = study_of(exposure="disease_subtype")
    ladder = exposure_ladder(study, "os")
    reference, *others = study.groups.levels
    assert len(others) == 2
    for level in others:
        key = ladder.crude.contrast(level)._replace(statistic="minimum_detectable_hazard_ratio")
        row = ladder.results.row(key)
        pair = study.patients[study.patients["disease_subtype"].isin([reference, level])]
        share = (pair["disease_subtype"] == level).mean()
        information = pair["os_event"].sum() * share * (1 - share)
        assert row.n == len(pair)
        assert row.value == pytest.approx(math.exp(2.8015852181129683 / math.sqrt(information)))


def test_errors_by_centre_stand_beside_those_of_the_model(ladder, study):
    key = ladder.baseline.contrast("exposed")
    model, robust = (
        ladder.results.value(key._replace(statistic=x)) for x in ("std_error", "robust_std_error")
    )
    assert robust > 0 and robust != model
    low, high = (
        ladder.results.value(key._replace(statistic=f"robust_ci_{x}")) for x in ("low", "high")
    )
    assert low < ladder.results.value(key._replace(statistic="hazard_ratio")) < high
    assert ladder.errors.clusters == study.patients["centre"].nunique()


def test_a_term_that_does_not_vary_is_left_out_and_named(study_of):
    ladder = exposure_ladder(study_of(include={"disease_subtype": ["ph_negative"]}), "pfs")
    assert ladder.left_out == ("ph_positive",)
    assert "ph_positive" not in ladder.baseline.specification.terms


@pytest.mark.parametrize(
    ("centres", "reason"),
    [
        ("", "The extract records no centre"),
        ("C01", "All patients are of one centre"),
        ("some", "The centre of [1-9][0-9]* of [1-9][0-9]* patients is not recorded"),
    ],
)
def test_errors_by_centre_need_centres(root, extract, write_extract, centres, reason):
    changed = extract.assign(
        centre=extract["centre"].where(extract.index % 7 > 0, "") if centres == "some" else centres
    )
    parameters = {"preset": "aldoss_2024", "cohort": str(write_extract(changed))}
    ladder = exposure_ladder(make_study(parse_parameters(parameters), root=root), "pfs")
    assert isinstance(ladder.errors, Omitted)
    assert re.match(reason, ladder.errors.reason)
    assert not any(row.key.statistic.startswith("robust") for row in ladder.results)


def test_where_the_centres_are_compared_they_give_no_errors(study_of):
    parameters = {"exposure": "centre", "candidates": ["sex"], "as_published_terms": []}
    errors = exposure_ladder(study_of(**parameters), "os").errors
    assert isinstance(errors, Omitted) and "groups are the centres" in errors.reason


def test_calendar_time_and_volume_are_left_out_where_they_say_nothing(
    study, ladder, extract, write_extract, study_of
):
    assert [x.key.analysis for x in ladder.setting] == ["cox_ladder_calendar", "cox_ladder_volume"]
    assert study.patients["centre"].nunique() > 1
    extract["centre"] = "C01"
    found = exposure_ladder(study_of(cohort=str(write_extract(extract))), "os")
    assert [x.key.analysis for x in found.setting] == ["cox_ladder_calendar"]
    by_centre = exposure_ladder(study_of(exposure="centre"), "os")
    assert [x.key.analysis for x in by_centre.setting] == ["cox_ladder_calendar"]
