"""Number, middle and range of the curve's estimates, and their middle under each option."""

from __future__ import annotations

import statistics
from collections.abc import Container, Iterator, Sequence

from analysis_lib.analyses.curve.point import Point, estimated
from analysis_lib.analyses.curve.space import DIMENSIONS, PREFIX, Choices
from analysis_lib.analyses.results import Key, Row, context
from analysis_lib.cohort import Grouping

SUMMARY = "specification_curve"
BY_OPTION = f"{PREFIX}_by"


def option_analysis(dimension: str, option: str) -> str:
    """The name of the analysis of all specifications that took one option."""
    return f"{BY_OPTION}_{dimension}_{option}"


def summary_analyses() -> dict[str, str]:
    """Names of the analyses, for the vocabulary, each with its meaning."""
    return {
        option_analysis(dimension, option): f"the specifications with: {meaning}"
        for dimension, (_, options) in DIMENSIONS.items()
        for option, meaning in options.items()
    }


def summary_key(exposure: Grouping, outcome: str, level: str) -> Key:
    """What the keys of one contrast's summary have in common."""
    contrast = f"{level}_vs_{exposure.reference}"
    return Key(SUMMARY, outcome, "", exposure.variable, level, contrast)


def summary_rows(
    exposure: Grouping,
    outcomes: Sequence[str],
    points: Sequence[Point],
    ranked: Container[Choices],
) -> Iterator[Row]:
    """The summary of every contrast that has an estimate, with the ranks of these choices."""
    for outcome in outcomes:
        for level in exposure.levels[1:]:
            found = estimated(points, outcome, level)
            if found:
                yield from _of_contrast(summary_key(exposure, outcome, level), found, ranked)


def _of_contrast(key: Key, points: list[Point], ranked: Container[Choices]) -> Iterator[Row]:
    """`points` are in the order of their ratios."""
    here = context(key)
    yield from _middle(here, points)
    yield here.at("lowest_hazard_ratio", points[0].hazard_ratio)
    yield here.at("highest_hazard_ratio", points[-1].hazard_ratio)
    yield here.at("excluding_one", sum(x.excludes_one for x in points))
    for rank, point in enumerate(points, start=1):
        if point.choices in ranked:
            yield context(point.key).at("rank", rank)
    for dimension, (_, options) in DIMENSIONS.items():
        for option in options:
            taken = [x for x in points if getattr(x.choices, dimension) == option]
            if taken:
                analysis = option_analysis(dimension, option)
                yield from _middle(context(key._replace(analysis=analysis)), taken)


def _middle(here: Row, points: list[Point]) -> Iterator[Row]:
    yield here.at("specifications", len(points))
    yield here.at("median_hazard_ratio", statistics.median(x.hazard_ratio for x in points))
