"""How alike the groups were before infusion."""

from __future__ import annotations

from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.balance import balance_marks, draw_balance
from analysis_lib.show.figure import ReportFigure, in_theme
from analysis_lib.topics.baseline.numbers import Baseline


@in_theme
@unless_omitted
def plot_balance(baseline: Baseline) -> ReportFigure:
    """Absolute standardised difference of every baseline variable, one mark per contrast.

    The dashed line at 0.1 is the customary bound of a negligible imbalance.
    """
    shown, grouping, results = baseline.variables, baseline.grouping, baseline.results
    marks = balance_marks(results, baseline.analysis, shown, grouping)
    title = f"Standardised differences by {grouping.phrase}"
    return draw_balance(shown, marks, title, results.label)
