"""A label of eighty letters from a registry breaks no figure and leaves no page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key
from analysis_lib.show.figure import ReportFigure
from analysis_lib.study.study import Study
from analysis_lib.topics import (
    competing,
    consolidation,
    effect,
    estimands,
    flow,
    missing,
    over_time,
    specifications,
    standardised,
    subgroups,
    summary,
    survival,
    toxicity,
    weighting,
)
from analysis_lib.topics.specifications.choices import Point, reported_choices
from analysis_lib.topics.specifications.numbers import SpecificationCurve

LONG = 80
WORDS = " as the registry calls it in its own words, which are many more than there is room for"


def _long(text: str) -> str:
    return f"{text}{WORDS}"[:LONG]


@pytest.fixture(scope="module")
def wordy(
    root: Path, study_of: Callable[..., Study], tmp_path_factory: pytest.TempPathFactory
) -> Study:
    """The embedded cohort whose variables, levels and centres all have eighty letters."""
    folder = tmp_path_factory.mktemp("wordy")
    described = pd.read_csv(root / "data/dictionary.csv", dtype=str, keep_default_na=False)
    described["label"] = described["label"].map(_long)
    described["levels"] = described["levels"].map(_long_levels)
    described.to_csv(folder / "dictionary.csv", index=False)
    cohort = pd.read_csv(root / "data/cohort.csv", dtype=str, keep_default_na=False)
    cohort["centre"] = cohort["centre"].map(_long)
    cohort.to_csv(folder / "cohort.csv", index=False)
    return study_of(
        dictionary=str(folder / "dictionary.csv"),
        cohort=str(folder / "cohort.csv"),
        exposure="disease_subtype",
        bootstrap_resamples=10,
    )


def _long_levels(levels: str) -> str:
    pairs = [level.partition("=") for level in levels.split("|")]
    return "|".join(f"{code}{sign}{_long(label)}" if sign else code for code, sign, label in pairs)


def _both(analysis: Callable[[Study, str], object], study: Study) -> list[object]:
    return [analysis(study, outcome) for outcome in ("pfs", "os")]


def _curve(study: Study) -> SpecificationCurve:
    """The two reported specifications of each endpoint; the labels are those of hundreds."""
    chosen, outcomes = reported_choices(study.parameters), ("pfs", "os")
    level = study.groups.levels[1]
    points = tuple(
        Point(one, outcome, level, 1.2, 0.8, 1.8, 0.4, 100, Key(one.analysis, outcome))
        for one in chosen
        for outcome in outcomes
    )
    reported = {(outcome, level): chosen for outcome in outcomes}
    return SpecificationCurve(study.groups, outcomes, points, reported, study_results(study, ()))


FIGURES: dict[str, Callable[[Study], object]] = {
    "flow": lambda x: flow.figure(flow.patients(x)),
    "gaps": lambda x: missing.figure(missing.shares(x)),
    "toxicity": lambda x: toxicity.figure(toxicity.by_exposure(x)),
    "onset": lambda x: competing.figure_onset(competing.onset(x)),
    "relapse": lambda x: competing.figure(competing.relapse_and_death(x)),
    "survival": lambda x: survival.figure(*_both(survival.by_exposure, x)),
    "courses": lambda x: survival.figure_courses(survival.courses(x)),
    "diagram": lambda x: estimands.figure(estimands.of_study(x)),
    "answer": lambda x: summary.figure(*_both(summary.answer, x)),
    "glance": lambda x: summary.glance(_both(summary.answer, x), _both(survival.by_exposure, x)),
    "choices": lambda x: effect.figure_choices(effect.choices(x)),
    "hazards": lambda x: over_time.figure(*_both(over_time.hazards, x)),
    "propensity": lambda x: weighting.figure_propensity(weighting.propensity(x)),
    "love": lambda x: weighting.figure(weighting.groups(x)),
    "weighted": lambda x: weighting.figure_survival(*_both(weighting.survival, x)),
    "centres": lambda x: weighting.figure_leave_one_out(*_both(weighting.leave_one_out, x)),
    "subgroups": lambda x: subgroups.figure(*_both(subgroups.interactions, x)),
    "strategies": lambda x: consolidation.figure_strategies(*_both(consolidation.strategies, x)),
    "states": lambda x: consolidation.figure_curves(*_both(consolidation.effects, x)),
    "standardised": lambda x: standardised.figure(*_both(standardised.survival, x)),
    "specifications": lambda x: specifications.figure(_curve(x)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_the_figure_stands(name: str, wordy: Study, see: Callable) -> None:
    figure = FIGURES[name](wordy)
    assert isinstance(figure, ReportFigure)
    assert see(figure).outside == []
