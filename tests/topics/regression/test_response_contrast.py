"""Refractory against responsive under several adjustments, as a table and in sentences."""

from __future__ import annotations

import math

import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import make_study
from analysis_lib.topics.regression.numbers import as_published_models, model_b
from analysis_lib.topics.regression.response_contrast import response_contrast
from analysis_lib.topics.regression.table import table_response_contrast
from analysis_lib.topics.regression.words import describe_response_contrast


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


PFS = "Progression-free survival"


def test_the_response_contrast_counts_events_of_the_patients_in_each_group(study, cells):
    contrast = response_contrast(study)
    table = table_response_contrast(contrast)
    patients = study.patients
    expected = [
        f"{group['pfs_event'].sum()}/{len(group)}"
        for group in (
            patients[patients["ino_response"] == level] for level in ("refractory", "responder")
        )
    ]
    assert list(cells(table, "Crude", PFS)[2:4]) == expected
    labels = [line.label for line in table.layout.lines]
    assert labels.count("Adjusted for baseline covariates") == 2
    assert labels.count("As published, model B") == 1
    notes = " ".join(table.layout.notes)
    assert "Adjusted for what the exposure cannot have changed: all infused" in notes
    assert "consolidation or maintenance" in notes


def test_without_a_response_the_table_is_the_reason(study):
    reason = Omitted("No response.")
    assert table_response_contrast(reason) is reason


def test_the_response_contrast_says_on_what_the_article_conditions(study, study_of):
    text = str(describe_response_contrast(response_contrast(study)))
    assert text.count("the hazard ratio of the InO-refractory group against the InO-resp") == 2
    assert "From model B, in responders to the infusion and beside consol" in text
    infused = study_of(model_population="infused", as_published_terms=["sex"])
    text = str(describe_response_contrast(response_contrast(infused)))
    assert "From model B, as specified by the parameters, it is" in text
