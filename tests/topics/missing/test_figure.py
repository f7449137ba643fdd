"""The tiles of missing covariates: one a covariate and pattern, nothing collides."""

from __future__ import annotations

import pytest

from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.missing.figure import plot_missing_patterns
from analysis_lib.topics.missing.numbers import missing_data


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
