"""The exposure's hazard ratio before and after a point in time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.analyses.models import coefficient_rows
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, context, study_results
from analysis_lib.cohort import Grouping, Study
from analysis_lib.format import format_number
from analysis_lib.stats import CoxFit, PeriodHazards, period_hazards

BEFORE, AFTER, CHANGE = "cox_before_cut", "cox_after_cut", "cox_change_at_cut"
CHANGE_METHOD = "ratio of the hazard ratios of the two periods, Wald interval and test"


@dataclass(frozen=True)
class HazardPeriods:
    """Crude hazard ratios up to the cut and after it, and the test that they are the same."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    cut: float
    fitted: PeriodHazards
    results: Results

    @property
    def key(self) -> Key:
        """What the keys of the change have in common."""
        return Key(CHANGE, self.outcome, "infused", self.exposure.variable, time_months=self.cut)

    def contrast(self, analysis: str, level: str) -> Key:
        """The key of one group against the reference: in a period, or of its change."""
        contrast = f"{level}_vs_{self.exposure.reference}"
        return self.key._replace(analysis=analysis, level=level, contrast=contrast)


def hazard_periods(study: Study, outcome: str) -> HazardPeriods | Omitted:
    """`pfs` or `os` in all infused, cut at the time of the parameters."""
    groups, cut = study.groups, float(study.parameters.hazard_cut_months)
    patients = groups.among(study.patients)
    time, event = patients[f"{outcome}_months"], patients[f"{outcome}_event"]
    if not (time > cut).any():
        return Omitted(
            f"Nobody is followed for longer than {format_number(cut)} months; hazard ratios "
            "before and after it are left out."
        )
    covariates = pd.DataFrame(
        {groups.variable: patients[groups.variable].cat.set_categories(groups.levels)}
    )
    fitted = period_hazards(
        time, event, covariates, cut, confidence_level=study.parameters.confidence_level
    )
    label = study.dictionary[outcome].label
    found = HazardPeriods(outcome, label, groups, cut, fitted, study_results(study, ()))
    rows = [
        *_fit_rows(found, BEFORE, fitted.before),
        *_fit_rows(found, AFTER, fitted.after),
        *_change_rows(found),
    ]
    return replace(found, results=study_results(study, rows))


def _fit_rows(found: HazardPeriods, analysis: str, fit: CoxFit) -> list[Row]:
    key = found.key._replace(analysis=analysis, variable="")
    here = context(key, n=fit.n)
    return [
        here.at("n", fit.n, unit="patients"),
        here.at("events", fit.events, unit="patients"),
        *coefficient_rows(key, fit),
    ]


def _change_rows(found: HazardPeriods) -> list[Row]:
    fitted, rows = found.fitted, []
    for level in found.exposure.levels[1:]:
        term = fitted.change(found.exposure.variable, level)
        here = context(found.contrast(CHANGE, level), n=fitted.whole.n)
        method = CHANGE_METHOD if term.estimable else f"not estimable: {term.reason}"
        rows += [
            here.at("hazard_ratio_change", term.hazard_ratio, method=method),
            here.at("hazard_ratio_change_ci_low", term.ci_low, method=method),
            here.at("hazard_ratio_change_ci_high", term.ci_high, method=method),
            here.at("p_value", term.p_value, method=method),
        ]
    test = fitted.interaction
    here = context(found.key, n=fitted.whole.n)
    return [*rows, here.at("lr_p_value", test.p_value, method="Likelihood ratio test")]
