"""The curves as they are and as they would be among patients alike, side by side."""

from __future__ import annotations

from analysis_lib.results.rows import Omitted, unless_all_omitted
from analysis_lib.show.curve_panels import CurvePanel, draw_panels
from analysis_lib.show.figure import ReportFigure
from analysis_lib.stats.standardised_survival import CRUDE, OUTCOME
from analysis_lib.topics.standardised.numbers import Standardised

HEADINGS = {CRUDE: "Unadjusted", OUTCOME: "Standardised to all patients"}


@unless_all_omitted
def plot_standardised(*several: Standardised) -> ReportFigure | Omitted:
    """Kaplan-Meier curves of the groups beside their standardised curves, with bands."""
    first = several[0]
    return draw_panels(
        (_panel(one, name) for one in several for name in HEADINGS),
        first.exposure.labels,
        first.results,
        title=f"Survival by {first.exposure.phrase}, unadjusted and standardised",
    )


def _panel(one: Standardised, name: str) -> CurvePanel:
    curves = tuple(one.curve(name, level) for level in one.exposure.levels)
    return CurvePanel(HEADINGS[name], one.outcome_label, one.time_zero, curves)
