"""Tables of the screen and of what is missing: every cell is a row of the results."""

from __future__ import annotations

import pytest

from analysis_lib.format import format_fixed, format_p, format_percent
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.missing.table import (
    table_imputed,
    table_response_bounds,
    table_unknown_response,
)
from analysis_lib.topics.screening.bootstrap import screen_bootstrap_results
from analysis_lib.topics.screening.numbers import (
    screen_coverage,
    screen_simulation_results,
    screen_stability,
)
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.screening.table import (
    table_penalised,
    table_screen_coverage,
    table_screen_stability,
)


@pytest.fixture(scope="module")
def few(study_of):
    return study_of(bootstrap_resamples=12)


def text_of(effect, level) -> str:
    key = effect.contrast(level)
    ratio, low, high = (
        effect.results.value(key._replace(statistic=f"hazard_ratio{x}"))
        for x in ("", "_ci_low", "_ci_high")
    )
    return f"{ratio:.2f} ({low:.2f}–{high:.2f})"


def test_the_screen_in_resamples_line_by_line(few, cells) -> None:
    stability = screen_stability(few, screen_bootstrap_results(few))
    table = table_screen_stability(stability)
    for name, label in stability.candidates:
        key = stability.key._replace(variable=name)
        share, enters = (
            stability.results.value(key._replace(statistic=x)) for x in ("selected", "enters")
        )
        word = "forced" if name in stability.forced else "enters" if enters else "no"
        assert cells(table, label) == (format_percent(share), word)
    assert table.layout.notes[0].startswith("12 bootstrap resamples of patients in CR or CRi")
    assert table.layout.notes[-1] == SYNTHETIC_LABEL


def test_the_simulation_line_by_line(few) -> None:
    coverage = screen_coverage(few, screen_simulation_results(few, cohorts=6))
    lines = table_screen_coverage(coverage).layout.lines
    assert len(lines) == 4
    for line, (_, _, key) in zip(lines, coverage.keys, strict=True):
        at = coverage.contrast(key, "exposed")
        bias, error, covered = (
            coverage.results.value(at._replace(statistic=x))
            for x in ("bias", "bias_mc_error", "coverage")
        )
        assert line.cells[1] == f"{format_fixed(bias, 3)} ({format_fixed(error, 3)})"
        assert line.cells[2].startswith(format_percent(covered, 1))


def test_the_penalised_models_line_by_line(study, cells) -> None:
    found = penalised_models(study)
    table = table_penalised(found)
    for effect in found.effects:
        line = cells(table, effect.label)
        p = effect.results.value(effect.contrast("exposed")._replace(statistic="p_value"))
        assert line[3:] == (text_of(effect, "exposed"), format_p(p))
    assert any(f"{found.penalty.folds} folds" in note for note in table.layout.notes)


def test_what_was_left_out_says_why() -> None:
    reason = Omitted("It takes more events.")
    for table in (table_screen_stability, table_screen_coverage, table_response_bounds):
        assert table(reason) is reason
    for table in (table_penalised, table_imputed, table_unknown_response):
        assert table(reason) is reason
