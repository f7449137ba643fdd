"""Refractory against responsive: one contrast under several adjustments."""

from __future__ import annotations

import math

import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import make_study
from analysis_lib.topics.regression.numbers import as_published_models, model_b
from analysis_lib.topics.regression.response_contrast import response_contrast


@pytest.fixture(scope="module")
def published(study):
    return as_published_models(study)


@pytest.fixture(scope="module")
def found(study, published):
    return response_contrast(study)


def test_the_published_contrast_is_the_difference_of_two_coefficients_of_model_b(found, published):
    fit = model_b(published).fit
    name = "ino_exposure_response"
    refractory, responder = (fit.coefficient(name, x) for x in ("refractory", "responder"))
    _, models = found.families[0]
    assert models[-1].label == "As published, model B"
    key = models[-1].contrast("refractory")
    value = found.results.value(key._replace(statistic="coefficient"))
    assert value == pytest.approx(refractory.coefficient - responder.coefficient)
    error = found.results.value(key._replace(statistic="std_error"))
    covariance = fit.covariance.loc[f"{name}=refractory", f"{name}=responder"]
    variance = refractory.std_error**2 + responder.std_error**2 - 2 * covariance
    assert error == pytest.approx(math.sqrt(variance))


def test_only_the_articles_model_knows_what_came_after_the_infusion(study, found):
    for _, models in found.families:
        for model in models[:3]:
            assert model.specification.population == "infused"
            assert not study.dictionary.after_infusion & set(model.specification.terms)
    assert [len(models) for _, models in found.families] == [4, 3]


def test_patients_of_unknown_response_are_in_no_model(study, found):
    known = study.patients["ino_exposure_response"].isin(["naive", "responder", "refractory"])
    assert 0 < known.sum() < len(study.patients)
    crude = found.families[0][1][0]
    assert crude.fit.n == known.sum()
    for level in ("responder", "refractory"):
        key = crude.key._replace(variable="ino_exposure_response", level=level)
        counted = found.results.value(key._replace(statistic="n_at_level"))
        assert counted == (study.patients["ino_response"] == level).sum()


def test_what_the_exposure_cannot_have_changed_is_a_parameter(study_of):
    study = study_of(before_exposure_terms=["sex"])
    found = response_contrast(study)
    assert found.families[0][1][1].specification.terms == ("sex",)


def test_an_exposure_without_a_response_has_no_contrast(study_of):
    study = study_of(exposure="prior_blinatumomab")
    found = response_contrast(study)
    assert isinstance(found, Omitted)
    assert "no response to the exposure, prior blinatumomab therapy" in found.reason


def test_without_an_event_every_ratio_says_why(root, extract, write_extract):
    nobody = dict.fromkeys(["death_date", "relapse_date", "cause_of_death"], "")
    changed = extract.assign(**nobody, response_not_evaluable_reason="")
    study = make_study(
        parse_parameters({"preset": "aldoss_2024", "cohort": str(write_extract(changed))}),
        root=root,
    )
    found = response_contrast(study)
    ratios = [row for row in found.results if row.key.statistic == "hazard_ratio"]
    assert len(ratios) == 7
    assert all(math.isnan(x.value) and x.method == "not estimable: no events" for x in ratios)
