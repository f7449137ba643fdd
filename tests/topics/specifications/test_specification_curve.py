"""Every point of the curve is the estimate that its choices name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.prose import Prose
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.missing.imputed import Imputed, imputed_effects
from analysis_lib.topics.specifications.choices import (
    PRIMARY,
    PUBLISHED_AS,
    WEIGHTED,
    Choices,
    all_choices,
    choices_of,
    curve_analyses,
)
from analysis_lib.topics.specifications.figure import plot_specification_curve
from analysis_lib.topics.specifications.numbers import SpecificationCurve, specification_curve
from analysis_lib.topics.specifications.words import describe_specification_curve
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module")
def curve(study: Study) -> SpecificationCurve:
    """Kept for the notebooks that show it, as any long computation of this code is."""
    made = specification_curve(study)
    assert isinstance(made, SpecificationCurve)
    return made


def test_there_are_hundreds_of_specifications_and_none_stands_twice(
    curve: SpecificationCurve,
) -> None:
    assert len(curve.points) >= 200
    counts = Counter((x.choices, x.outcome, x.level) for x in curve.points)
    assert set(counts.values()) == {1}
    estimates = Counter((x.outcome, x.n, x.hazard_ratio, x.low) for x in curve.points)
    assert max(estimates.values()) == 1


def test_the_primary_and_the_published_model_are_points_of_the_curve(
    curve: SpecificationCurve, study: Study
) -> None:
    for outcome in ("pfs", "os"):
        effect = exposure_ladder(study, outcome).baseline
        own = effect.results.value(effect.contrast("exposed")._replace(statistic="hazard_ratio"))
        point = curve.point(PRIMARY, outcome, "exposed")
        assert point is not None and point.hazard_ratio == pytest.approx(own, rel=1e-9)
    published = exposure_ladder(study, "pfs").as_published
    assert published is not None
    key = published.contrast("exposed")._replace(statistic="hazard_ratio_ci_high")
    point = curve.point(PUBLISHED_AS, "pfs", "exposed")
    assert point is not None and point.high == pytest.approx(published.results.value(key), rel=1e-9)


def test_an_imputed_point_uses_everyone(curve: SpecificationCurve, study: Study) -> None:
    point = curve.point(replace(PRIMARY, missing="imputed"), "pfs", "exposed")
    assert point is not None and point.n == len(study.patients)
    made = imputed_effects(study)
    assert isinstance(made, Imputed)
    key = Key("cox_imputed_baseline", "pfs", "infused", "ino", "exposed", "exposed_vs_naive")
    other = made.results.value(key._replace(statistic="coefficient"))
    error = made.results.value(key._replace(statistic="std_error"))
    # Other copies, drawn beside more covariates: near, not the same.
    assert abs(np.log(point.hazard_ratio) - other) < 0.25 * error


def test_weights_are_never_made_of_what_came_after_infusion_nor_with_imputation() -> None:
    for choices in all_choices():
        if choices.estimator in WEIGHTED:
            assert choices.terms in ("fixed", "baseline", "before")
            assert choices.missing != "imputed"


def test_the_name_of_an_analysis_says_its_choices() -> None:
    assert len(curve_analyses()) == len({x.analysis for x in all_choices()})
    for choices in all_choices():
        assert choices_of(choices.analysis, choices.population) == choices
    odd = Choices("given", "infused", "none", "complete", "cox")
    assert odd.analysis == "curve_given_none_complete_cox"


def test_the_sentence_counts_what_the_curve_holds(curve: SpecificationCurve, study: Study) -> None:
    text = str(describe_specification_curve(curve))
    for outcome in ("pfs", "os"):
        points = curve.of(outcome, "exposed")
        assert f"{len(points)} specifications give hazard ratios" in text
        assert f"{sum(x.low > 1 or x.high < 1 for x in points)} of their intervals" in text
        ratios = [x.hazard_ratio for x in points]
        assert ratios == sorted(ratios)


def test_every_number_of_the_sentence_has_a_row(
    curve: SpecificationCurve, study: Study, untraced: Callable[..., list[str]]
) -> None:
    def show() -> Prose:
        return describe_specification_curve(curve)

    assert untraced(show, curve.results) == []
    points = [x for x in curve.results if x.key.statistic in ("hazard_ratio", "p_value")]
    summary = [x.split()[0] for x in untraced(show, points)]
    assert str(len(curve.of("pfs", "exposed"))) in summary and len(summary) > 8
    check_vocabulary(curve.results, study.dictionary)


def test_the_figure_marks_the_printed_estimate_only_if_there_is_one(
    curve: SpecificationCurve, study: Study
) -> None:
    figure = plot_specification_curve(curve)
    assert not isinstance(figure, Omitted)
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "published estimate and interval" not in texts
    assert "primary model" in texts


def test_a_cohort_without_events_has_no_curve_and_says_so(
    root: Path, extract, write_extract, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from analysis_lib.parameters.parse import parse_parameters
    from analysis_lib.study.study import make_study

    monkeypatch.setenv("CART_REPORT_CACHE", str(tmp_path))
    for column in ("relapse_date", "death_date", "cause_of_death", "response_not_evaluable_reason"):
        extract[column] = ""
    given = {"preset": "aldoss_2024", "cohort": str(write_extract(extract)), "endpoints": ["os"]}
    study = make_study(parse_parameters(given), root=root)
    made = specification_curve(study)
    assert isinstance(made, SpecificationCurve)
    assert "no specification gives an estimate" in str(describe_specification_curve(made))
    assert isinstance(plot_specification_curve(made), Omitted)
