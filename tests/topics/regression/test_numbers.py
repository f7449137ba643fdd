from __future__ import annotations

import pytest

from analysis_lib.results.rows import Key, Omitted
from analysis_lib.topics.regression.numbers import (
    as_published_models,
    model_b,
    screen_candidates,
    screened_models,
)


def test_complete_cases_are_counted_and_no_missing_value_becomes_a_level(study):
    model = as_published_models(study).models[0]
    responders = study.patients[study.patients["cr_cri"] == "yes"]
    columns = list(model.specification.variables)
    complete = responders[columns].notna().all(axis=1)
    assert (model.considered, model.fit.n) == (len(responders), complete.sum())
    assert model.excluded == {
        name: int(n) for name, n in responders[columns].isna().sum().items() if n
    }
    assert "missing" not in {term.level for term in model.fit.coefficients}


def test_missing_as_a_level_keeps_everyone_with_a_missing_category(study_of):
    model = as_published_models(study_of(missing_rule="missing_as_level")).models[0]
    assert model.fit.n == model.considered
    levels = {(t.variable, t.level) for t in model.fit.coefficients}
    assert ("active_marrow", "missing") in levels


def test_reference_levels_are_those_of_the_article(study):
    model = model_b(as_published_models(study))
    references = {t.variable: t.reference for t in model.fit.coefficients if t.level}
    assert references == {
        "ino_exposure_response": "naive",
        "prior_hct": "no",
        "consolidation": "none",
        "bridging_therapy": "no",
        "race_ethnicity_collapsed": "non_hispanic_white",
        "active_marrow": "no",
        "ph_positive": "no",
    }


def test_model_b_leaves_the_unknown_out_and_then_takes_them_as_a_level(study):
    a, b, b_unknown = as_published_models(study).models
    responders = study.patients[study.patients["cr_cri"] == "yes"]
    unknown = (responders["ino_exposure_response"] == "not_reported").sum()
    assert unknown > 0
    assert (b.considered, b_unknown.considered) == (a.considered - unknown, a.considered)
    assert b_unknown.fit.coefficient("ino_exposure_response", "not_reported").n > 0
    models = as_published_models(study)
    for unknown_as_level, expected in ((False, b), (True, b_unknown)):
        chosen = model_b(models, unknown_as_level=unknown_as_level)
        assert chosen.specification == expected.specification


def test_the_screen_lets_in_by_p_or_by_force_and_the_exposure_always_stays(study):
    screen = screen_candidates(study)
    for candidate in screen.candidates:
        assert candidate.enters == (candidate.p_value < 0.1 or candidate.forced)
    model = screened_models(study).models[0]
    assert model.specification.variables == ("ino", *screen.entered)


def test_a_plain_exposure_has_model_a_only(study_of):
    models = as_published_models(study_of(exposure="prior_blinatumomab"))
    assert [m.specification.name for m in models.models] == ["as_published_a"]
    assert isinstance(model_b(models), Omitted)


def test_a_term_that_does_not_vary_is_left_out_and_named(study_of):
    models = as_published_models(study_of(include={"disease_subtype": ["ph_negative"]}))
    assert models.left_out == ("ph_positive",)
    assert "ph_positive" not in models.terms


def test_what_cannot_be_estimated_is_said_and_not_printed_as_a_number(study_of):
    models = as_published_models(study_of(include={"disease_subtype": ["ph_negative"]}))
    model = models.models[0]
    term = model.fit.coefficient("consolidation", "tki")
    assert (term.n, term.estimable) == (0, False)
    key = Key("cox_as_published_a", "pfs", "responders", "consolidation", "tki", "tki_vs_none")
    row = models.results.row(key._replace(statistic="hazard_ratio"))
    assert row.value != row.value
    assert row.method == "not estimable: no patients at this level"


@pytest.mark.parametrize("population", ["responders", "infused"])
def test_the_population_of_the_models_is_a_parameter(study_of, population):
    model = as_published_models(study_of(model_population=population)).models[0]
    assert model.considered == (151 if population == "responders" else 189)
