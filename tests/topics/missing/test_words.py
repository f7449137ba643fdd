"""Sentences on imputed models and on what is missing say what their numbers say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis_lib.results.rows import Results
from analysis_lib.topics.missing.bounds import not_evaluable, response_bounds, unknown_response
from analysis_lib.topics.missing.imputed import Imputed, imputed_effects
from analysis_lib.topics.missing.unknown_words import (
    describe_response_bounds,
    describe_unknown_response,
)
from analysis_lib.topics.missing.words import describe_imputed
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.screening.words import describe_penalised


def changed(results: Results, **values: float) -> Results:
    """The results with some statistics set, wherever they stand."""
    rows = [replace(row, value=values.get(row.key.statistic, row.value)) for row in results.rows]
    return replace(results, rows=tuple(rows))


@pytest.fixture(scope="module")
def imputed(study) -> Imputed:
    return imputed_effects(study)


def test_intervals_are_read_at_one(imputed) -> None:
    def said(complete: tuple[float, float], pooled: tuple[float, float]) -> str:
        pair = imputed.pairs[0]
        low, high = "hazard_ratio_ci_low", "hazard_ratio_ci_high"
        given = [
            replace(x, results=changed(x.results, **{low: a, high: b}))
            for x, (a, b) in ((pair.complete, complete), (pair.imputed, pooled))
        ]
        one = replace(pair, complete=given[0], imputed=given[1])
        return str(describe_imputed(replace(imputed, pairs=(one,))))

    assert said((0.8, 2.0), (0.7, 2.0)).endswith("both intervals contain 1.")
    assert said((1.2, 2.0), (1.1, 2.0)).endswith("both intervals exclude 1.")
    assert said((1.2, 2.0), (0.9, 2.0)).endswith(
        "first interval excludes 1 and the second does not."
    )
    assert said((0.9, 2.0), (1.2, 2.0)).endswith(
        "first interval contains 1 and the second does not."
    )


def test_every_sentence_names_its_numbers(study, imputed) -> None:
    unknown = unknown_response(study)
    assert f"unknown in {unknown.unknown:.0f}, with" in str(describe_unknown_response(unknown))
    bounds = response_bounds(study)
    assert "{} of {}".format(*not_evaluable(bounds)) in str(describe_response_bounds(bounds))
    penalised = penalised_models(study)
    assert "shrunk by ridge" in str(describe_penalised(penalised))
    without = str(describe_penalised(replace(penalised, firth=None)))
    assert "events are too few" in without and "Firth's penalty." not in without[:200]
    assert "100 completed copies are pooled" in str(describe_imputed(imputed))
