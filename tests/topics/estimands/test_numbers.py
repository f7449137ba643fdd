"""What is asked follows the parameters; a covariate's role follows the order of the two times."""

from __future__ import annotations

import pytest

from analysis_lib.dictionary import STAGES
from analysis_lib.results.rows import Key
from analysis_lib.topics.estimands.numbers import study_estimands


@pytest.fixture(scope="module")
def estimands(study):
    return study_estimands(study)


def roles(estimands):
    return {x.variable.name: x.role for x in estimands.covariates}


def test_every_covariate_a_model_offers_has_a_role_and_a_stage_in_order(study, estimands):
    given = study.parameters
    offered = {*given.baseline_terms, *given.as_published_terms, *given.candidates}
    assert set(roles(estimands)) == offered
    order = [STAGES.index(x.stage) for x in estimands.covariates]
    assert order == sorted(order)


def test_what_is_known_after_infusion_is_a_mediator_and_no_term_of_the_primary_model(estimands):
    for one in estimands.covariates:
        assert (one.role == "mediator") == (one.variable.known == "after infusion")
        assert not (one.in_primary and one.role == "mediator")


@pytest.mark.parametrize(
    ("exposure", "expected"),
    [
        (
            "ino",
            {
                "age_decades": "confounder",
                "prior_hct": "confounder if it came first",
                "active_marrow": "confounder or mediator",
                "bridging_therapy": "confounder or mediator",
                "consolidation": "mediator",
            },
        ),
        (
            "marrow_status",
            {
                "prior_hct": "confounder",
                "active_marrow": "part of the exposure",
                "cns_involvement": "confounder if it came first",
            },
        ),
        ("bridging_therapy", {"cns_involvement": "confounder"}),
        (
            "sex",
            {"age_decades": "confounder if it came first", "prior_hct": "confounder or mediator"},
        ),
    ],
)
def test_the_role_depends_on_when_the_exposure_began(exposure, expected, study_of):
    found = roles(study_estimands(study_of(exposure=exposure)))
    assert expected.items() <= found.items()


def test_stages_are_told_apart_and_a_date_has_none(dictionary):
    names = ("sex", "prior_hct", "cns_involvement", "bridging_therapy", "relapse", "death_date")
    said = [dictionary[x].known for x in names]
    assert said == [x for x in STAGES if x in said] + [""]


def test_intercurrent_events_and_days_waited_are_counted_in_everyone_infused(study, estimands):
    patients, results = study.patients, estimands.results
    for variable in ("consolidation", "response_not_evaluable_reason"):
        for level in study.dictionary[variable].levels:
            key = Key("estimand", "", "infused", variable, level, statistic="count")
            assert results.value(key) == (patients[variable] == level).sum()
    days = (patients["infusion_date"] - patients["apheresis_date"]).dt.days
    for level in study.groups.levels:
        key = Key("estimand", "", f"infused[ino={level}]", "apheresis_to_infusion")
        expected = days[patients["ino"] == level].median()
        assert results.value(key._replace(statistic="median")) == expected


def test_without_progression_free_survival_the_fixed_model_is_of_the_first_endpoint(study_of):
    asked = study_estimands(study_of(endpoints=["os"]))
    assert (asked.fixed.of_article, asked.fixed_endpoint.name) == (False, "os")
