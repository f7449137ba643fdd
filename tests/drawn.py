"""Figures to look at, and the boxes that their texts fill when they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import nan

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation, Text

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.curves import Curve, SurvivalComparison
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.show.figure import ReportFigure, themed
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import SYNTHETIC_LABEL

PRINT_DPI = 300  # at a screen's resolution hinting makes letters wider than in the SVG
TOUCH_PIXELS = 3.0


@dataclass(frozen=True)
class Seen:
    """The texts of a drawn figure, and the boxes they fill."""

    figure: ReportFigure

    @cached_property
    def texts(self) -> list[Text]:
        self.figure.set_dpi(PRINT_DPI)
        FigureCanvasAgg(self.figure)
        with themed():
            self.figure.draw_without_rendering()
        found = [x for x in self.figure.findobj(Text) if x.get_visible() and x.get_text().strip()]
        return [x for x in found if not isinstance(x, Annotation) and _is_drawn(x)]

    @property
    def written(self) -> list[str]:
        return [text.get_text() for text in self.texts]

    @property
    def overlapping(self) -> list[tuple[str, str]]:
        """Pairs of texts whose boxes share more than a touch."""
        boxes = [(x.get_text(), x.get_window_extent().padded(-TOUCH_PIXELS)) for x in self.texts]
        return [(a, b) for (a, x), (b, y) in combinations(boxes, 2) if x.overlaps(y)]

    @property
    def outside(self) -> list[str]:
        """Texts that leave the figure."""
        page = self.figure.bbox
        boxes = [(x.get_text(), x.get_window_extent()) for x in self.texts]
        return [
            text
            for text, box in boxes
            if min(box.x0 - page.x0, page.x1 - box.x1, box.y0 - page.y0, page.y1 - box.y1) < 0
        ]


def _is_drawn(text: Text) -> bool:
    """Ticks of axes without a frame exist, but are never drawn."""
    axes = text.axes
    return axes is None or axes.axison or text in axes.texts


@pytest.fixture(scope="session")
def see() -> Callable[[ReportFigure], Seen]:
    return Seen


def _comparison(
    labels: Sequence[str],
    *,
    n: int = 60,
    events: str = "some",
    outcome: str = "pfs",
    tested: Sequence[str] | None = None,
    label: str = "",
) -> SurvivalComparison:
    """A comparison of exponential times, its results filled by hand."""
    random = np.random.default_rng(4)
    levels = tuple(f"g{i}" for i in range(len(labels)))
    grouping = _grouping(list(zip(levels, labels, strict=True)))
    chosen = tuple(labels) if tested is None else tuple(tested)
    pairs = [pair for pair in zip(levels, labels, strict=True) if pair[1] in chosen]
    among = _grouping(pairs)
    curves = []
    for index, (level, name) in enumerate(zip(levels, labels, strict=True)):
        time = np.minimum(random.exponential(8 + 4 * index, n), 26.0)
        event = {"none": np.zeros(n, bool), "all": np.ones(n, bool), "some": time < 26}[events]
        event = event & (random.random(n) < 0.8) if events == "some" else event
        curves.append(Curve(level, name, f"infused[centre={level}]", kaplan_meier(time, event)))
    times = tuple(float(t) for t in range(0, 25, 6))
    rows = list(_risk_rows(outcome, curves, times))
    if len(pairs) > 1:
        rows += _test_rows(outcome, among, estimable=events != "none")
    results = Results(tuple(rows), label)
    return SurvivalComparison(
        "survival_by_exposure",
        outcome,
        {"pfs": "Progression-free survival", "os": "Overall survival"}[outcome],
        grouping,
        among,
        tuple(curves),
        (6.0, 12.0),
        times,
        0.95,
        results,
        time_zero="infusion",
        event="death",
    )


def _grouping(pairs: list[tuple[str, str]]) -> Grouping:
    levels, labels = tuple(a for a, _ in pairs), tuple(b for _, b in pairs)
    return Grouping("centre", "Centre", levels, labels, tuple(lower_first(x) for x in labels))


def _risk_rows(outcome: str, curves: list[Curve], times: tuple[float, ...]) -> list[Row]:
    rows = []
    for curve in curves:
        for time, count in zip(times, curve.estimate.number_at_risk(times), strict=True):
            key = Key("survival_by_exposure", outcome, curve.population, time_months=time)
            rows.append(Row(key).at("at_risk", int(count)))
    return rows


def _test_rows(outcome: str, tested: Grouping, *, estimable: bool) -> list[Row]:
    here = Row(Key("survival_by_exposure", outcome, "infused", contrast=tested.contrast))
    values = {
        "p_value": 0.0124,
        "hazard_ratio": 1.655,
        "hazard_ratio_ci_low": 1.114,
        "hazard_ratio_ci_high": 2.446,
    }
    return [here.at(name, value if estimable else nan) for name, value in values.items()]


@pytest.fixture(scope="session")
def comparison_of() -> Callable[..., SurvivalComparison]:
    return _comparison


@pytest.fixture(scope="session")
def two_groups() -> SurvivalComparison:
    return _comparison(["Naive", "Exposed"], label=SYNTHETIC_LABEL)
