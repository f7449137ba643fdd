"""Sentences on the screen and on what is missing say what their numbers say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis_lib.format import noted
from analysis_lib.results.rows import Omitted, Results
from analysis_lib.topics.missing.unknown_words import (
    describe_response_bounds,
    describe_unknown_response,
)
from analysis_lib.topics.missing.words import describe_imputed
from analysis_lib.topics.screening.bootstrap import screen_bootstrap_results
from analysis_lib.topics.screening.numbers import (
    screen_coverage,
    screen_simulation_results,
    screen_stability,
)
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.screening.table import table_penalised
from analysis_lib.topics.screening.words import (
    describe_penalised,
    describe_screen_coverage,
    describe_screen_stability,
)


def changed(results: Results, **values: float) -> Results:
    """The results with some statistics set, wherever they stand."""
    rows = [replace(row, value=values.get(row.key.statistic, row.value)) for row in results.rows]
    return replace(results, rows=tuple(rows))


@pytest.fixture(scope="module")
def stability(study_of):
    study = study_of(bootstrap_resamples=12)
    return screen_stability(study, screen_bootstrap_results(study))


@pytest.fixture(scope="module")
def coverage(study):
    return screen_coverage(study, screen_simulation_results(study, cohorts=6))


def test_one_model_in_all_resamples_is_said_so(stability) -> None:
    one = replace(stability, results=changed(stability.results, distinct_models=1))
    assert str(describe_screen_stability(one)).startswith("All 12 resamples gave the same model.")
    assert "different models" in str(describe_screen_stability(stability))


def test_candidates_of_the_model_that_seldom_pass_are_named(stability) -> None:
    never = replace(stability, results=changed(stability.results, selected=0.1, enters=1))
    text = str(describe_screen_stability(never))
    assert "pass in less" not in text and "passing in less than half of them" in text
    assert "no candidate" in text
    always = replace(stability, results=changed(stability.results, selected=1.0, enters=1))
    assert "less than half" not in str(describe_screen_stability(always))


def test_a_bias_is_said_only_beyond_the_monte_carlo_error(coverage) -> None:
    within, beyond, below = (
        str(
            describe_screen_coverage(
                replace(coverage, results=changed(coverage.results, bias=b, bias_mc_error=0.02))
            )
        )
        for b in (0.03, 0.2, -0.2)
    )
    assert within.count("neither is biased beyond") == 2
    assert beyond.count("is biased upwards (log hazard ratio 0.200)") == 4
    assert below.count("is biased downwards (log hazard ratio −0.200)") == 4


def test_a_coverage_below_its_promise_is_said_beyond_the_monte_carlo_error(coverage) -> None:
    within, below = (
        str(
            describe_screen_coverage(
                replace(
                    coverage,
                    results=changed(coverage.results, coverage=c, coverage_mc_error=0.01),
                )
            )
        )
        for c in (0.94, 0.9)
    )
    assert "promises" not in within
    assert below.count("both less often than the 95% that it promises") == 2


def test_every_number_of_the_screen_and_the_penalties_has_a_row(study, stability, untraced) -> None:
    def told():
        return describe_screen_stability(stability)

    assert untraced(told, stability.results, bootstrap_resamples=12) == []
    without = [x for x in stability.results if x.key.statistic != "excess_std_error"]
    (named,) = untraced(told, without)
    assert "with the terms held" in str(told()) and f"{named.split()[0]}%" in str(told())
    penalised = penalised_models(study)
    rows = [x for one in penalised.effects for x in one.results]

    def table():
        return table_penalised(penalised)

    unique = {row.key: row for row in (*rows, *penalised.results)}
    assert untraced(table, unique.values(), confidence_level=0.95) == []
    (theta,) = (key for key in unique if key.statistic == "penalty")
    unshown = [row for key, row in unique.items() if key != theta]
    (named,) = untraced(table, unshown, confidence_level=0.95)
    assert f"{noted(unique[theta].value)}" in named


def test_what_was_left_out_says_why() -> None:
    reason = Omitted("It takes more events.")
    for describe in (
        describe_screen_stability,
        describe_screen_coverage,
        describe_penalised,
        describe_unknown_response,
        describe_response_bounds,
    ):
        assert describe(reason) is reason
    assert describe_imputed(reason) is reason
