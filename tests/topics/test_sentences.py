"""What holds for every sentence of every chapter."""

from __future__ import annotations

import re

import pytest

from analysis_lib.format import format_percent
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.model_lines import describe_diagnostics
from analysis_lib.topics.baseline.numbers import baseline_by_exposure
from analysis_lib.topics.baseline.words import describe_baseline
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.flow.numbers import patient_flow
from analysis_lib.topics.flow.words import describe_flow
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.gate.words import describe_gate
from analysis_lib.topics.regression.numbers import (
    as_published_models,
    screen_candidates,
    screened_models,
)
from analysis_lib.topics.regression.words import describe_model, describe_screen, describe_terms
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.words import (
    describe_after_response,
    describe_mrd,
    describe_not_evaluable,
    describe_response,
)
from analysis_lib.topics.summary.words import abstract_conclusion, abstract_results
from analysis_lib.topics.survival.numbers import (
    followup,
    survival_by_exposure,
    survival_by_response,
    survival_by_timing,
)
from analysis_lib.topics.survival.words import describe_followup, describe_survival
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.words import describe_early_deaths, describe_toxicity

INO = re.compile(r"\b(InO|inotuzumab|na[iï]ve|exposed)\b", re.IGNORECASE)


def adjusted(study):
    """The ladders of both endpoints, and the gate before a conclusion."""
    ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
    return ladders, gate(study)


def everything(study):
    screen, published = screen_candidates(study), as_published_models(study)
    toxicity, response = toxicity_by_exposure(study), response_by_exposure(study)
    survival = [survival_by_exposure(study, name) for name in ("pfs", "os")]
    flow = patient_flow(study)
    ladders, checks = adjusted(study)
    return [
        describe_flow(flow),
        describe_baseline(baseline_by_exposure(study)),
        describe_toxicity(toxicity),
        describe_early_deaths(toxicity),
        describe_response(response),
        describe_not_evaluable(response),
        describe_mrd(response),
        describe_after_response(response),
        describe_survival(*survival),
        describe_followup(followup(study)),
        describe_screen(screen),
        describe_terms(study, published, screened_models(study)),
        describe_model(published.models[0]),
        describe_diagnostics(published.models[0]),
        abstract_results(study, flow, response, survival, ladders),
        abstract_conclusion(study, survival, ladders, checks),
        describe_gate(checks),
    ]


def test_sentences_speak_of_the_exposure_of_the_study_and_of_no_other(study_of):
    text = " ".join(str(prose) for prose in everything(study_of(exposure="prior_blinatumomab")))
    assert "the group with prior blinatumomab therapy" in text
    assert not INO.search(text)


def test_no_sentence_holds_a_nan_or_a_python_name(study_of):
    for study in (study_of(), study_of(exposure="disease_subtype")):
        for prose in everything(study):
            text = str(prose)
            assert "nan" not in re.findall(r"\w+", text)
            assert "None" not in text and "_" not in text.replace("\\_", "")
            assert text.endswith(".")


def test_a_percent_in_a_sentence_is_the_row_of_the_results(study):
    response = response_by_exposure(study)
    for level in ("naive", "exposed"):
        key = Key("response", "cr_cri", f"response_evaluable[ino={level}]", statistic="proportion")
        assert f"({format_percent(response.results.value(key))})" in str(
            describe_response(response)
        )


def test_a_choice_of_denominator_that_decides_the_test_is_said(study):
    response = response_by_exposure(study)
    for prose in (describe_response(response), describe_after_response(response)):
        assert "The choice of denominator decides the test here" in str(prose)


def test_patients_in_none_of_the_curves_are_counted(study):
    text = str(describe_survival(survival_by_response(study, "pfs")))
    unknown = (study.patients["ino_response"] == "not_reported").sum()
    assert f"{unknown} exposed patients are in none of these groups." in text


def test_what_does_not_apply_passes_through(study_of):
    study = study_of(exposure="prior_blinatumomab")
    comparison = survival_by_timing(study, "os")
    assert isinstance(comparison, Omitted)
    assert describe_survival(comparison) is comparison


@pytest.mark.parametrize("synthetic", [True, False])
def test_only_a_synthetic_cohort_is_called_so(root, extract, write_extract, synthetic):
    from analysis_lib.parameters.parse import parse_parameters
    from analysis_lib.study.study import make_study

    extract["data_origin"] = "synthetic" if synthetic else "patient"
    study = make_study(
        parse_parameters({"preset": "aldoss_2024", "cohort": str(write_extract(extract))}),
        root=root,
    )
    survival = [survival_by_exposure(study, name) for name in ("pfs", "os")]
    text = str(abstract_conclusion(study, survival, *adjusted(study)))
    assert ("synthetic" in text) == synthetic


def test_the_conclusion_names_the_groups_that_differ_and_no_others(study_of):
    for exposure in ("ino", "prior_hct", "disease_subtype"):
        study = study_of(exposure=exposure)
        survival = [survival_by_exposure(study, name) for name in ("pfs", "os")]
        ladders, checks = adjusted(study)
        text = str(abstract_conclusion(study, survival, ladders, checks))
        crude, _, rest = text.partition("Adjusted for baseline covariates, ")
        for comparison in survival:
            for level in comparison.tested.levels[1:]:
                contrast = f"{level}_vs_{comparison.tested.reference}"
                key = Key("survival_by_exposure", comparison.outcome, "infused", contrast=contrast)
                label = comparison.outcome_label
                named(crude, label, comparison.tested.phrase_of(level), comparison.results, key)
        for ladder in ladders:
            for level in study.groups.levels[1:]:
                effect = ladder.baseline
                key = effect.contrast(level)
                named(
                    rest, ladder.outcome_label, study.groups.phrase_of(level), effect.results, key
                )


def named(text, label, phrase, results, key):
    """A group is called shorter or longer exactly where its interval says so."""
    low, high = (
        results.value(key._replace(statistic=f"hazard_ratio_ci_{end}")) for end in ("low", "high")
    )
    label = label[0].lower() + label[1:]
    clause = next(x for x in text.partition(". No ")[0].split("; ") if label in x)
    said = clause.partition("shorter in")[2].partition("than in")[0]
    assert (phrase in said) == (low > 1)
    said = clause.partition("longer in")[2].partition("than in")[0]
    assert (phrase in said) == (high < 1)
