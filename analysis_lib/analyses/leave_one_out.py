"""Does the exposure's hazard ratio rest on one centre?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis_lib.analyses.effects import Effect
from analysis_lib.analyses.ladder import Ladder
from analysis_lib.analyses.models import design
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, context, study_results
from analysis_lib.analyses.robust import CENTRE
from analysis_lib.cohort import Study
from analysis_lib.stats import LeftOut, leave_one_out

ANALYSIS = "leave_one_centre_out"
METHOD = "Cox model of the primary adjusted terms without one centre, Efron ties, Wald interval"


@dataclass(frozen=True)
class LeaveOneOut:
    """The primary adjusted model of one endpoint without each centre in turn.

    `without` holds the groups that have an estimate without at least one centre.
    """

    outcome: str
    outcome_label: str
    effect: Effect
    without: dict[str, tuple[LeftOut, ...]]
    results: Results


def leave_one_centre_out(study: Study, ladder: Ladder) -> LeaveOneOut | Omitted:
    """The adjusted hazard ratio of every group without one centre at a time."""
    if study.parameters.small_cell:
        return Omitted(
            "Each centre is left out in turn, so that the difference is its patients; with small "
            "counts suppressed this is not shown."
        )
    effect = ladder.baseline
    exposure = effect.exposure
    covariates, _ = design(study.patients, effect.specification, study)
    used = study.patients.loc[covariates.index]
    centres = used[CENTRE]
    if isinstance(ladder.errors, Omitted):
        return Omitted(
            ladder.errors.reason.replace("errors by centre are", "leaving one centre out is")
        )
    without = {
        level: leave_one_out(
            used[f"{ladder.outcome}_months"],
            used[f"{ladder.outcome}_event"],
            covariates,
            centres,
            column=(exposure.variable, level),
            confidence_level=study.parameters.confidence_level,
        )
        for level in exposure.levels[1:]
    }
    without = {level: x for level, x in without.items() if _any_estimate(x)}
    if not without:
        return Omitted(
            f"{ladder.outcome_label}: without one centre at a time no adjusted hazard ratio has an "
            "estimate; leaving one centre out is left out."
        )
    rows = [row for level in without for row in _rows(effect, level, without[level])]
    return LeaveOneOut(
        ladder.outcome, ladder.outcome_label, effect, without, study_results(study, rows)
    )


def _any_estimate(found: tuple[LeftOut, ...]) -> bool:
    return any(np.isfinite(x.hazard_ratio) for x in found)


def _rows(effect: Effect, level: str, found: tuple[LeftOut, ...]) -> Iterator[Row]:
    contrast = f"{level}_vs_{effect.exposure.reference}"
    outcome = effect.specification.outcome
    for one in found:
        key = Key(ANALYSIS, outcome, "infused", CENTRE, one.label, contrast)
        here = context(key, n=one.n)
        low, high = one.interval
        yield here.at("events", one.events, unit="patients")
        yield here.at("hazard_ratio", one.hazard_ratio, method=METHOD)
        yield here.at("hazard_ratio_ci_low", low, method=METHOD)
        yield here.at("hazard_ratio_ci_high", high, method=METHOD)
    key = Key(ANALYSIS, outcome, "infused", effect.exposure.variable, level, contrast)
    ratios = np.array([x.hazard_ratio for x in found])
    known = ratios[np.isfinite(ratios)]
    here = context(key, n=effect.fit.n)
    yield here.at("minimum", float(known.min()), method=METHOD)
    yield here.at("maximum", float(known.max()), method=METHOD)
