"""What is said of patients who lack what the embedded ones have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from notebook_run import chapter_scripts, run_notebooks

from analysis_lib.command_line.given import values_of_file
from analysis_lib.parameters.definitions import definitions
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish.explain import explained
from analysis_lib.publish.methods import comparisons
from analysis_lib.show.model_lines import describe_diagnostics
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.competing.ways_words import describe_limits as limits_of_details
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.regression.numbers import as_published_models
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.weighting.positivity_words import describe_limits as limits_of_weights

FEW = {"bootstrap_resamples": 10, "imputations": 2}


def example(root: Path, name: str) -> Study:
    path = root / "data" / "examples" / name / "parameters.yaml"
    return make_study(parse_parameters({**values_of_file(path, "-f"), **FEW}), root=root)


@pytest.fixture(scope="module")
def trial(root: Path) -> Study:
    return example(root, "colon")


@pytest.fixture(scope="module")
def transplant(root: Path) -> Study:
    return example(root, "transplant")


def test_that_no_toxicity_is_recorded_is_said_once(root: Path, transplant: Study) -> None:
    shown = list(run_notebooks(root, transplant, chapters=["toxicity"]))
    assert {one.kind for one in shown} == {"Omitted"}
    assert {text for one in shown for text in one.texts} == {
        "The extract records no toxicity; this part is left out."
    }


def test_limits_speak_of_what_a_chapter_shows(study: Study, trial: Study) -> None:
    for words in ("The exposed are parted", "A cause of death", "Small groups"):
        assert words in str(limits_of_details(study))
        assert words not in str(limits_of_details(trial))
    assert "one centre" in str(limits_of_weights(study))
    assert "one centre" not in str(limits_of_weights(trial))
    assert "Weights make" in str(limits_of_weights(trial))


def test_methods_name_intervals_of_proportions_only_where_there_are_any(
    study: Study, transplant: Study
) -> None:
    assert "differences of proportions" in str(comparisons(study))
    assert "differences of proportions" not in str(comparisons(transplant))


def test_no_card_speaks_of_an_infusion_or_an_article(trial: Study) -> None:
    found = [
        explained(part.results)
        for part in (exposure_ladder(trial, "os"), survival_by_exposure(trial, "os"))
    ]
    said = [text for words in found for part in words.values() for text in part.values()]
    assert len(said) > 20
    assert [x for x in said if re.search(r"infus|the article|relaps", x, re.IGNORECASE)] == []


def test_no_parameter_speaks_of_an_infusion() -> None:
    assert [x for x, one in definitions().items() if re.search(r"infusion\b", one.help)] == []


def test_no_chapter_but_the_response_names_a_disease_or_its_burden(root: Path) -> None:
    disease = re.compile(r"marrow|leuk|burden|CAR T|blast|how long without", re.IGNORECASE)
    found = [
        (path.stem, line)
        for path in chapter_scripts(root)
        if not path.stem.endswith("_response")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match("# [^%]", line) and disease.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("below", "said"),
    [
        (["age_decades"], "that of age, per 10 years (P = .010) falls below 0.05, so that its"),
        (["age_decades", "ino"], "fall below 0.05, so that their hazard ratios are averages"),
        ([], "no single term falls below 0.05"),
    ],
)
def test_terms_whose_ratios_change_with_time_agree_in_number(
    study_of: Callable[..., Study], below: list[str], said: str
) -> None:
    model, *_ = as_published_models(study_of()).models
    rows = tuple(
        replace(row, value=0.01 if row.key.variable in below else 0.5)
        if row.key.statistic == "ph_p_value" and row.key.variable
        else row
        for row in model.results
    )
    changed = replace(model, results=replace(model.results, rows=rows))
    assert said in str(describe_diagnostics(changed))
