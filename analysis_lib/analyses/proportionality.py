"""Whether the exposure's hazard ratio is the same at all times: crude, and in the primary model."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses.effects import Effect
from analysis_lib.analyses.ladder import Ladder
from analysis_lib.analyses.models import design
from analysis_lib.analyses.results import Key, Results, context, study_results
from analysis_lib.cohort import Grouping, Study
from analysis_lib.stats import (
    ProportionalHazards,
    ResidualSmooth,
    proportional_hazards_test,
    smooth_residuals,
)

CRUDE = "proportional_hazards_crude"


@dataclass(frozen=True)
class HazardCheck:
    """One model's score test of the exposure, and its residuals with their smooth if any."""

    label: str
    effect: Effect
    tested: ProportionalHazards
    smooth: ResidualSmooth | None
    key: Key
    results: Results

    @property
    def p_value(self) -> float:
        return self.results.value(self.key)


@dataclass(frozen=True)
class Proportionality:
    """The checks of one endpoint; `results` hold the crude one, the primary model has its own."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    checks: tuple[HazardCheck, ...]
    results: Results
    time_zero: str


def proportionality(study: Study, ladder: Ladder) -> Proportionality:
    """The score test of the exposure alone and beside the baseline covariates.

    Grambsch & Therneau (1994), Biometrika 81:515.
    """
    crude = _crude(study, ladder)
    key = ladder.baseline.key._replace(variable=ladder.exposure.variable, statistic="ph_p_value")
    adjusted = HazardCheck(
        ladder.baseline.specification.label,
        ladder.baseline,
        ladder.model.proportional_hazards,
        _smooth(ladder.model.proportional_hazards, ladder.exposure, study),
        key,
        ladder.model.results,
    )
    return Proportionality(
        ladder.outcome,
        ladder.outcome_label,
        ladder.exposure,
        (crude, adjusted),
        crude.results,
        study.time_zero_phrase,
    )


def _crude(study: Study, ladder: Ladder) -> HazardCheck:
    effect, outcome = ladder.crude, ladder.outcome
    covariates, _ = design(study.patients, effect.specification, study)
    used = study.patients.loc[covariates.index]
    tested = proportional_hazards_test(
        used[f"{outcome}_months"], used[f"{outcome}_event"], covariates
    )
    here = context(Key(CRUDE, outcome, "infused", ladder.exposure.variable), n=effect.fit.n)
    row = here.at("ph_p_value", tested.terms[0].p_value, method=tested.method)
    return HazardCheck(
        effect.specification.label,
        effect,
        tested,
        _smooth(tested, ladder.exposure, study),
        row.key,
        study_results(study, (row,)),
    )


def _smooth(tested: ProportionalHazards, exposure: Grouping, study: Study) -> ResidualSmooth | None:
    return smooth_residuals(
        tested.residuals,
        exposure.variable,
        confidence_level=study.parameters.confidence_level,
    )
