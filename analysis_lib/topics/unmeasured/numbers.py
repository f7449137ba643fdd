"""The primary ratio without each covariate, and beside a confounder that is supposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.estimates.specification import complete_cases
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_results import CoxCoefficient
from analysis_lib.stats.e_value import confounded_by
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.unmeasured import COMPARED, RATIOS, REFERENCE, cell_level
from analysis_lib.topics.unmeasured.controls import negative_controls

WITHOUT, SUPPOSED = "cox_without_term", "supposed_confounder"
METHOD = "primary Cox model without the covariate, Efron ties, Wald interval"
MOVED = "the primary ratio, moved once more by as much as the covariate moves it"
BIAS = "the primary ratio over the bias of a binary confounder (Lin, Psaty & Kronmal)"


@dataclass(frozen=True)
class Yardstick:
    """One endpoint: the terms that the primary model was fitted without; its own ratio's key."""

    outcome: str
    outcome_label: str
    exposure: Grouping
    terms: tuple[str, ...]
    primary: Key
    results: Results

    def of_primary(self, level: str) -> Key:
        return self.primary.compared(self.exposure, level)

    def without(self, term: str, level: str) -> Key:
        """The key of a group's ratio without a term."""
        return Key(WITHOUT, self.outcome, "infused", term, contrast=self.exposure.against(level))

    def supposed(self, ratio: float, prevalence: float, level: str) -> Key:
        """The key of a group's ratio beside a supposed confounder."""
        contrast = self.exposure.against(level)
        cell = cell_level(ratio, prevalence)
        return Key(SUPPOSED, self.outcome, "infused", "supposed", cell, contrast)


@once
def confounding_yardstick(study: Study, outcome: str) -> Yardstick | Omitted:
    """How far each measured covariate moves the primary ratio, and a supposed one would.

    A covariate that was left out moves the ratio by the factor by which it moves it now: so would
    one that was not recorded, if it were as strong beside all others. Cinelli & Hazlett (2020), J R
    Stat Soc B 82:39, of a linear model.
    """
    if study.is_randomised:
        return Omitted(
            "The groups were assigned at random, so that nothing confounds their comparison; how "
            "strong the unmeasured would have to be is left out."
        )
    ladder = exposure_ladder(study, outcome)
    model = ladder.baseline
    cases = complete_cases(study, model.specification)
    made = Yardstick(
        outcome,
        ladder.outcome_label,
        ladder.exposure,
        model.specification.terms,
        model.key,
        model.results,
    )
    rows: list[Row] = []
    for level in ladder.exposure.levels[1:]:
        primary = model.fit.coefficient(ladder.exposure.variable, level)
        for term in made.terms:
            fit = fit_cox_entered(
                cases.entry,
                *cases.followed,
                cases.covariates.drop(columns=term),
                confidence_level=study.confidence_level,
            )
            other = fit.coefficient(ladder.exposure.variable, level)
            rows += _without_rows(context(made.without(term, level), n=fit.n), primary, other)
        rows += _supposed_rows(made, level, primary, model.fit.n)
    return Yardstick(
        made.outcome,
        made.outcome_label,
        made.exposure,
        made.terms,
        made.primary,
        combine(study, (model.results, rows)),
    )


def _without_rows(here: Row, primary: CoxCoefficient, other: CoxCoefficient) -> list[Row]:
    ends = (other.hazard_ratio, other.ci_low, other.ci_high)
    factor = primary.hazard_ratio / other.hazard_ratio
    moved = (x * factor for x in (primary.hazard_ratio, primary.ci_low, primary.ci_high))
    return [
        *here.interval("hazard_ratio", *ends, method=METHOD),
        *here.interval("hazard_ratio_beside_another", *moved, method=MOVED),
    ]


def _supposed_rows(one: Yardstick, level: str, primary: CoxCoefficient, n: int) -> Iterator[Row]:
    """The ratio over the bias; a ratio below 1 is explained by a confounder of the reference."""
    for ratio in RATIOS:
        for prevalence in COMPARED:
            bias = confounded_by(ratio, compared=prevalence, reference=REFERENCE)
            bias = bias if primary.hazard_ratio >= 1 else 1 / bias
            here = context(one.supposed(ratio, prevalence, level), n=n)
            ends = (primary.hazard_ratio / bias, primary.ci_low / bias, primary.ci_high / bias)
            yield from here.interval("hazard_ratio", *ends, method=BIAS)


def parts(study: Study) -> Iterator[OfStudy]:
    """The primary ratio without each covariate and beside a supposed confounder."""
    for outcome in study.parameters.endpoints:
        found = confounding_yardstick(study, outcome)
        if isinstance(found, Omitted):
            yield found
        else:
            own = [row for row in found.results if row.key.analysis in (WITHOUT, SUPPOSED)]
            yield study_results(study, own)
    yield negative_controls(study)
