"""The screen in resamples and simulated cohorts, and the fits that do without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis_lib.marks import unmarked
from analysis_lib.results.rows import Omitted
from analysis_lib.topics.regression.numbers import screen_candidates, screened_models
from analysis_lib.topics.screening.bootstrap import screen_bootstrap_results
from analysis_lib.topics.screening.numbers import (
    screen_coverage,
    screen_simulation_results,
    screen_stability,
)
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.screening.words import describe_screen_stability
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module")
def few(study_of):
    return study_of(bootstrap_resamples=60)


@pytest.fixture(scope="module")
def bootstrap(few):
    return screen_bootstrap_results(few)


@pytest.fixture(scope="module")
def stability(few, bootstrap):
    return screen_stability(few, bootstrap)


def test_every_candidate_has_a_frequency_and_its_monte_carlo_error(few, stability) -> None:
    assert [name for name, _ in stability.candidates] == few.parameters.candidates
    for name, _ in stability.candidates:
        row = stability.results.row(stability.key._replace(variable=name, statistic="selected"))
        error = stability.results.value(row.key._replace(statistic="selected_mc_error"))
        assert row.denominator == 60
        assert (row.value * 60) == pytest.approx(round(row.value * 60))
        assert error == pytest.approx(np.sqrt(row.value * (1 - row.value) / 60))


def test_a_strong_candidate_is_selected_more_often_than_a_weak_one(few, stability) -> None:
    p_values = {one.variable: one.p_value for one in screen_candidates(few).candidates}
    frequency = {
        name: stability.results.value(stability.key._replace(variable=name, statistic="selected"))
        for name, _ in stability.candidates
    }
    strongest, weakest = min(p_values, key=p_values.get), max(p_values, key=p_values.get)
    assert frequency[strongest] > 0.5 > frequency[weakest]


def test_resampled_ratios_lie_around_the_estimate_of_all_patients(few, stability) -> None:
    screened = screened_models(few).models[0].fit
    estimate = screened.coefficient("ino", "exposed")
    for held in (False, True):
        key = stability.contrast("exposed", held=held)
        median, low, high, spread = (
            stability.results.value(key._replace(statistic=x))
            for x in (
                "hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high",
                "empirical_std_error",
            )
        )  # fmt: skip
        assert low < median < high
        assert low < estimate.hazard_ratio < high
        assert spread == pytest.approx(estimate.std_error, rel=0.6)


def test_the_seed_decides_the_resamples_and_every_word_is_known(few, bootstrap, study_of) -> None:
    check_vocabulary(bootstrap, few.dictionary)
    assert repr(screen_bootstrap_results(few).rows) == repr(bootstrap.rows)
    other = study_of(bootstrap_resamples=60, seed=1)
    assert repr(screen_bootstrap_results(other).rows) != repr(bootstrap.rows)


def test_progress_tells_stage_cohorts_and_their_number(few) -> None:
    told: list[tuple[str, int, int]] = []
    screen_simulation_results(few, cohorts=4, progress=lambda *x: told.append(x[:3]))
    assert [x[1:] for x in told] == [(4, 4), (4, 4)]
    assert told[0][0] != told[1][0]


def test_intervals_cover_the_truth_about_as_often_as_they_say(few) -> None:
    results = screen_simulation_results(few, cohorts=60)
    check_vocabulary(results, few.dictionary)
    coverage = screen_coverage(few, results)
    assert len(coverage.keys) == 4
    for _, _, key in coverage.keys:
        at = coverage.contrast(key, "exposed")
        value = {
            x: results.value(at._replace(statistic=x))
            for x in ("coverage", "bias", "empirical_std_error", "mean_std_error", "replications")
        }
        assert value["replications"] == 60
        assert value["coverage"] > 0.8
        assert abs(value["bias"]) < 0.25
        assert value["mean_std_error"] == pytest.approx(value["empirical_std_error"], rel=0.4)


def test_too_few_events_are_said(study_of) -> None:
    held = study_of().patients.groupby("centre", observed=True)["ino"].nunique()
    study = study_of(include={"centre": [held.index[held == 2][0]]})
    for found in (
        screen_bootstrap_results(study),
        screen_simulation_results(study),
        penalised_models(study),
    ):
        assert isinstance(found, Omitted)
        assert "takes" in found.reason
        assert screen_stability(study, found) is found
        assert screen_coverage(study, found) is found


def test_the_model_of_all_candidates_is_shrunk_towards_fewer_parameters(study) -> None:
    found = penalised_models(study)
    assert [x.label for x in found.effects] == [
        "Screened", "All candidates", "The same, ridge", "The same, Firth",
    ]  # fmt: skip
    parameters = [
        x.results.value(x.key._replace(statistic="parameters")) for x in found.effects[1:]
    ]
    assert 1 < parameters[1] < parameters[0] == parameters[2]
    sizes = {x.results.value(x.key._replace(statistic="n")) for x in found.effects[1:]}
    assert len(sizes) == 1
    assert len(found.terms) == len(study.parameters.candidates)


def test_a_spread_that_rounds_to_the_same_is_said_so_where_numbers_are_marked(
    stability, monkeypatch
) -> None:
    rows = tuple(
        replace(row, value=0.001) if row.key.statistic == "excess_std_error" else row
        for row in stability.results
    )
    changed = replace(stability, results=replace(stability.results, rows=rows))
    monkeypatch.setattr("analysis_lib.marks._marking", True)
    text = unmarked(str(describe_screen_stability(changed)))
    assert "it varies as much as with the terms held" in text
