"""How alike the groups were before infusion."""

from __future__ import annotations

from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.balance import Marks, _compared, _differences, _draw
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.topics.baseline.numbers import Baseline


@in_theme
@unless_omitted
def plot_balance(baseline: Baseline) -> ReportFigure:
    """Absolute standardised difference of every baseline variable, one mark per contrast.

    The dashed line at 0.1 is the customary bound of a negligible imbalance.
    """
    grouping = baseline.grouping
    at = Key(baseline.analysis, population="infused", statistic="standardized_difference")
    marks = [
        Marks(
            _compared(grouping, level),
            _differences(baseline.results, at, baseline.variables, grouping, level),
        )
        for level in grouping.levels[1:]
    ]
    title = f"Standardised differences by {grouping.phrase}"
    return _draw(baseline.variables, marks, title, baseline.results.label)
