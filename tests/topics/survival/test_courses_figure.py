"""The swimmer plot draws what the records say, in every group, on one page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from matplotlib.patches import Rectangle

from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.survival.courses import LANES, Courses, patient_courses
from analysis_lib.topics.survival.figure import plot_courses

PAGE_MM = 245.0


@pytest.fixture(scope="module", params=["ino", "marrow_status", "race_ethnicity"])
def study_by(request: pytest.FixtureRequest, study_of: Callable[..., Study]) -> Study:
    return study_of(exposure=request.param)


def courses_of(study: Study) -> Courses:
    courses = patient_courses(study)
    assert isinstance(courses, Courses)
    return courses


def test_lanes_recount_the_records(study_of: Callable[..., Study]) -> None:
    study = study_of()
    courses = courses_of(study)
    lanes = [lane for group in courses.lanes.values() for lane in group]
    patients = study.patients
    lock = study.parameters.data_lock
    assert len(lanes) == len(patients)
    assert sum(x.died for x in lanes) == patients["os_event"].sum()
    assert (
        sum(x.relapse_months is not None for x in lanes) == (patients["relapse_date"] <= lock).sum()
    )
    transplanted = (patients["consolidation"] == "allo_hct").sum()
    assert sum(x.transplanted and x.consolidation_months is not None for x in lanes) == transplanted
    assert sum(x.response == "not_evaluable" for x in lanes) == patients["response"].isna().sum()
    assert sorted(x.end_months for x in lanes) == pytest.approx(sorted(patients["os_months"]))


def test_every_lane_is_a_bar_and_nothing_collides(study_by: Study, see: Callable) -> None:
    courses = courses_of(study_by)
    figure = plot_courses(courses)
    assert isinstance(figure, ReportFigure)
    seen = see(figure)
    assert SYNTHETIC_LABEL in seen.written
    assert seen.outside == []
    assert seen.overlapping == []
    for axes, level in zip(figure.axes, courses.grouping.levels, strict=True):
        bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        assert len(bars) == len(courses.lanes[level])
    assert figure.height_mm <= PAGE_MM


def test_a_large_group_is_drawn_by_evenly_spaced_patients(study_by: Study) -> None:
    courses = courses_of(study_by)
    for level, lanes in courses.lanes.items():
        members = study_by.groups.members(study_by.patients, level)["os_months"]
        assert len(lanes) <= LANES
        assert lanes[0].end_months == pytest.approx(members.max())
        assert lanes[-1].end_months == pytest.approx(members.min())


def test_no_course_is_drawn_where_small_counts_are_suppressed(
    study_of: Callable[..., Study],
) -> None:
    suppressed = patient_courses(study_of(small_cell=11))
    assert isinstance(suppressed, Omitted)
    assert plot_courses(suppressed) is suppressed
