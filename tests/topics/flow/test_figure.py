"""Flow and toxicity figures: their texts are the results, and they fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from matplotlib.patches import Rectangle

from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.flow.figure import plot_flow
from analysis_lib.topics.flow.numbers import Flow, patient_flow
from analysis_lib.topics.toxicity.figure import plot_toxicity_grades
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure

EXPOSURES = ("ino", "prior_blinatumomab", "disease_subtype")


@pytest.fixture(scope="module", params=EXPOSURES)
def study_by(request: pytest.FixtureRequest, study_of: Callable[..., Study]) -> Study:
    return study_of(exposure=request.param)


def test_omitted_parts_come_back() -> None:
    omitted = Omitted("The extract records no toxicity.")
    assert plot_toxicity_grades(omitted) is omitted


def test_cohort_figures_are_labelled_and_nothing_collides(study_by: Study, see: Callable) -> None:
    figures = [
        plot_flow(patient_flow(study_by)),
        plot_toxicity_grades(toxicity_by_exposure(study_by)),
    ]
    for figure in figures:
        seen = see(figure)
        assert SYNTHETIC_LABEL in seen.written, figure
        assert seen.outside == [], figure
        assert seen.overlapping == [], figure


def test_the_flow_writes_every_box_with_its_share(study: Study, see: Callable) -> None:
    flow = patient_flow(study)
    text = "\n".join(see(plot_flow(flow)).written).replace("\n", " ").replace("\u00a0", " ")
    sizes = {box.name: box.n for box in flow.boxes}
    for box in flow.boxes[1:]:
        percent = int(100 * box.n / sizes[box.parent] + 0.5)
        assert box.label in text
        assert f"{box.n} ({percent}%)" in text
    assert f"Records in the extract n = {flow.attrition.steps[0].entered}" in text


def test_the_flow_counts_the_excluded_rule_by_rule(
    study_of: Callable[..., Study], see: Callable
) -> None:
    flow = patient_flow(study_of(minimum_age=40))
    text = "\n".join(see(plot_flow(flow)).written).replace("\n", " ").replace("\u00a0", " ")
    excluded = sum(step.excluded for step in flow.attrition.steps)
    assert excluded > 0
    assert f"in this order (n = {excluded})" in text
    for step in flow.attrition.steps:
        assert f"{step.rule}: n = {step.excluded}" in text


def test_every_text_of_the_flow_fits_its_box(study_by: Study, see: Callable) -> None:
    figure = plot_flow(patient_flow(study_by))
    texts = [x for x in see(figure).texts if x.axes is not None]
    frames = [x.get_window_extent() for x in figure.axes[0].patches if isinstance(x, Rectangle)]
    assert len(texts) == len(frames)
    for text in texts:
        box = text.get_window_extent()
        assert any(
            frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
            for frame in frames
        ), text.get_text()


def test_a_flow_of_two_groups_alone_draws(study_of: Callable[..., Study], see: Callable) -> None:
    flow = patient_flow(study_of(exposure="prior_blinatumomab"))
    assert len(flow.boxes) == 3
    assert len(see(plot_flow(flow)).written) == 6  # label, extract, excluded, eligible, two groups


def test_a_flow_of_many_centres_lists_them_in_one_box(
    study_of: Callable[..., Study], see: Callable
) -> None:
    flow: Flow = patient_flow(study_of(exposure="centre"))
    seen = see(plot_flow(flow))
    assert seen.overlapping == [] and seen.outside == []
    listed = max(seen.written, key=len).replace("\u00a0", " ").replace("\n", " ")
    assert all(f"{box.label}: {box.n} (" in listed for box in flow.boxes[1:])
