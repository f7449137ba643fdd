"""The screen's bars, its simulation and the imputed forest: every number is drawn and readable."""

from __future__ import annotations

import pytest

from analysis_lib.format import format_percent
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.missing.figure import plot_imputed
from analysis_lib.topics.screening.bootstrap import screen_bootstrap_results
from analysis_lib.topics.screening.figure import plot_screen_coverage, plot_selection
from analysis_lib.topics.screening.numbers import (
    screen_coverage,
    screen_simulation_results,
    screen_stability,
)


@pytest.fixture(scope="module", params=["ino", "marrow_status"])
def few(request, study_of):
    return study_of(exposure=request.param, bootstrap_resamples=12)


def test_every_candidate_has_a_bar_with_its_share(few, see) -> None:
    stability = screen_stability(few, screen_bootstrap_results(few))
    seen = see(plot_selection(stability))
    assert seen.overlapping == [] and seen.outside == []
    for name, label in stability.candidates:
        share = stability.results.value(stability.key._replace(variable=name, statistic="selected"))
        assert format_percent(share) in seen.written
        assert any(text.startswith(label) for text in seen.written)
    forced = [text for text in seen.written if text.endswith("(forced)")]
    assert len(forced) == len(few.parameters.forced_terms)
    assert SYNTHETIC_LABEL in seen.written


def test_both_models_stand_under_both_truths(few, see) -> None:
    coverage = screen_coverage(few, screen_simulation_results(few, cohorts=6))
    seen = see(plot_screen_coverage(coverage))
    assert seen.overlapping == [] and seen.outside == []
    rows = [text for text in seen.written if text.startswith(("Screened in", "Primary model,"))]
    assert len(rows) == 4 * (len(few.groups.levels) - 1)


@pytest.mark.parametrize("plot", [plot_selection, plot_screen_coverage, plot_imputed])
def test_what_was_left_out_says_why(plot) -> None:
    reason = Omitted("It takes more events.")
    assert plot(reason) is reason
