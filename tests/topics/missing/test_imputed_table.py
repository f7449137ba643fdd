"""Missing values, imputed models and what is assumed of the unknown, in tables and as tiles."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis_lib.format import format_percent
from analysis_lib.results.rows import Key
from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.missing.bounds import not_evaluable, response_bounds, unknown_response
from analysis_lib.topics.missing.figure import plot_missing_patterns
from analysis_lib.topics.missing.imputed import imputed_effects
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.missing.table import (
    table_imputed,
    table_missing_data,
    table_response_bounds,
    table_unknown_response,
)


def text_of(effect, level) -> str:
    key = effect.contrast(level)
    ratio, low, high = (
        effect.results.value(key._replace(statistic=f"hazard_ratio{x}"))
        for x in ("", "_ci_low", "_ci_high")
    )
    return f"{ratio:.2f} ({low:.2f}–{high:.2f})"


def test_the_imputed_models_line_by_line(study, cells) -> None:
    imputed = imputed_effects(study)
    table = table_imputed(imputed)
    for pair in imputed.pairs:
        for effect in (pair.complete, pair.imputed):
            line = cells(table, effect.label, pair.label)
            assert line[2] == text_of(effect, "exposed")
        missing = pair.imputed.results.value(
            pair.imputed.contrast("exposed")._replace(statistic="missing_information")
        )
        assert line[4] == format_percent(missing, 1)
        assert cells(table, pair.complete.label, pair.label)[4] == ""
    assert any("Rubin's rules, 100 imputations" in note for note in table.layout.notes)


def test_every_assumption_is_a_line_with_a_line_per_group(study) -> None:
    unknown = unknown_response(study)
    lines = table_unknown_response(unknown).layout.lines
    heads = [i for i, line in enumerate(lines) if line.level == 0]
    assert [lines[i].label for i in heads] == [x.label for x in unknown.effects]
    for head, effect in zip(heads, unknown.effects, strict=True):
        for step, level in enumerate(unknown.exposure.levels[1:], start=1):
            assert lines[head + step].cells[2] == text_of(effect, level)


def test_response_counts_what_is_assumed(study, cells) -> None:
    bounds = response_bounds(study)
    table = table_response_bounds(bounds)
    responders = int((study.patients["cr_cri"] == "yes").sum())
    n = len(study.patients)
    assert cells(table, "Nobody not evaluable responded")[0].startswith(f"{responders}/{n} ")
    every = responders + not_evaluable(bounds)[0]
    assert cells(table, "All not evaluable responded")[0].startswith(f"{every}/{n} ")
    assert len(table.layout.lines) == 5


def test_the_table_names_what_is_missing_and_what_the_extract_lacks(study, cells) -> None:
    missing = missing_data(study)
    table = table_missing_data(missing)
    at = Key("missing_values", "", "infused", "marrow_blasts_percent", "missing")
    row = missing.results.row(at._replace(statistic="count"))
    share = f"{row.value / row.denominator:.0%}"
    line = cells(table, "Marrow blasts before apheresis")
    assert line[0] == f"{row.value:.0f}/{row.denominator} ({share})"
    assert table.layout.notes[-1] == SYNTHETIC_LABEL
    without = replace(study, patients=study.patients.assign(anakinra=pd.NA))
    notes = table_missing_data(missing_data(without)).layout.notes
    assert "Not recorded in the extract: anakinra." in notes


@pytest.mark.parametrize("exposure", ["ino", "race_ethnicity"])
def test_the_figure_has_a_tile_for_each_covariate_and_pattern(study_of, see, exposure) -> None:
    missing = missing_data(study_of(exposure=exposure))
    figure = plot_missing_patterns(missing)
    seen = see(figure)
    assert seen.overlapping == [] and seen.outside == []
    assert SYNTHETIC_LABEL in seen.written
    tiles = len(missing.covariates) * len(missing.patterns)
    assert len(figure.axes[0].patches) == tiles
    for label in missing.grouping.labels:
        assert label in [text.replace("\n", " ") for text in seen.written]
