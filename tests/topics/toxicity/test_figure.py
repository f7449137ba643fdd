"""Bars of toxicity grades: their texts are the results, and they fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis_lib.study.study import Study
from analysis_lib.topics.toxicity.figure import grade_bars, grade_label, plot_toxicity_grades
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure

EXPOSURES = ("ino", "prior_blinatumomab", "disease_subtype")


@pytest.fixture(scope="module", params=EXPOSURES)
def study_by(request: pytest.FixtureRequest, study_of: Callable[..., Study]) -> Study:
    return study_of(exposure=request.param)


def test_grade_bars_add_up_to_the_evaluable(study_by: Study) -> None:
    toxicity = toxicity_by_exposure(study_by)
    for name in toxicity.graded:
        for bar in grade_bars(toxicity, name):
            assert sum(count for count, _ in bar.parts) == bar.evaluable
            assert sum(share for _, share in bar.parts) == pytest.approx(1)


def test_grade_bars_are_the_counts_of_the_patients(study: Study) -> None:
    bar = grade_bars(toxicity_by_exposure(study), "crs")[0]
    grades = study.patients["crs_grade"].dropna().astype(int)
    bounds = [(0, 0), (1, 2), (3, 4), (5, 5)]
    assert [count for count, _ in bar.parts] == [
        int(grades.between(low, high).sum()) for low, high in bounds
    ]


def test_segments_carry_count_and_share(study: Study, see: Callable) -> None:
    toxicity = toxicity_by_exposure(study)
    written = see(plot_toxicity_grades(toxicity)).written
    count, share = grade_bars(toxicity, "crs")[0].parts[1]
    assert f"{count:g} ({int(100 * share + 0.5)}%)" in written
    assert grade_label("grade_3_4") in written
