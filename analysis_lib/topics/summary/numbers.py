"""The answer: the exposure's effect on each endpoint, crude and among patients alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.estimates.effects import Effect
from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.stats.restricted_mean import survival_difference
from analysis_lib.study.choices import PrimaryEstimand
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder
from analysis_lib.topics.missing.imputed import imputed_effects
from analysis_lib.topics.standardised.numbers import Standardised, standardised_survival
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.weighting.numbers import OVERLAP
from analysis_lib.topics.weighting.survival import WeightedEffect, weighted_survival

CRUDE = "difference_crude"


@dataclass(frozen=True)
class Answer:
    """One endpoint: crude, adjusted, weighted to groups alike, and with gaps imputed.

    `time` is the last landmark, at which the differences of survival are told; `primary` says which
    of the estimates was declared primary, if any of this endpoint was.
    """

    outcome: str
    outcome_label: str
    exposure: Grouping
    time: float
    ladder: Ladder
    weighted: WeightedEffect | Omitted
    imputed: Effect | None
    standardised: Standardised | Omitted
    primary: PrimaryEstimand | None
    results: Results

    def crude_difference(self, level: str) -> Key:
        """The key of the unadjusted difference of survival at the last landmark."""
        return _difference_key(self.outcome, self.exposure, level, self.time)


@once
def answer(study: Study, outcome: str) -> Answer:
    """The primary comparison of one endpoint: ratios of hazards, differences of survival."""
    weighted, imputed = _weighted(study, outcome), _imputed(study, outcome)
    ladder, standardised = exposure_ladder(study, outcome), standardised_survival(study, outcome)
    own = _difference_rows(survival_by_exposure(study, outcome), study)
    parts: list[Iterable[Row]] = [ladder.results, own]
    parts += [x.results for x in (weighted, standardised) if not isinstance(x, Omitted)]
    if imputed is not None:
        parts.append(_of_effect(imputed))
    return Answer(
        outcome,
        study.dictionary[outcome].label,
        study.groups,
        max(study.parameters.landmarks),
        ladder,
        weighted,
        imputed,
        standardised,
        study.primary if study.primary and study.primary.outcome == outcome else None,
        combine(study, parts),
    )


def _weighted(study: Study, outcome: str) -> WeightedEffect | Omitted:
    survival = weighted_survival(study, outcome)
    if isinstance(survival, Omitted):
        return survival
    return next(x for x in survival.effects if x.scheme.name == OVERLAP)


def _imputed(study: Study, outcome: str) -> Effect | None:
    """The primary model with gaps imputed; None where none are."""
    found = imputed_effects(study)
    if isinstance(found, Omitted):
        return None
    primary = (x.imputed for x in found.pairs if x.outcome == outcome and x.of_baseline)
    return next(primary, None)


def _of_effect(effect: Effect) -> Iterator[Row]:
    """Its own rows among those of all imputed models."""
    key = effect.key
    for row in effect.results:
        if (row.key.analysis, row.key.outcome) == (key.analysis, key.outcome):
            yield row


def _difference_rows(compared: SurvivalComparison, study: Study) -> Iterator[Row]:
    """At each landmark the survival of every group minus that of the reference.

    Withheld where small counts are: the coarsened curves, each held on from a time of its own,
    would give a wrong difference, and the exact ones would give the counts back.
    """
    withheld = study.parameters.small_cell > 0
    reference, *others = compared.curves
    for time in compared.landmarks:
        for curve in others:
            found = survival_difference(curve.estimate, reference.estimate, time)
            key = _difference_key(compared.outcome, compared.grouping, curve.level, time)
            numbers = (found.estimate, found.ci_low, found.ci_high)
            yield from context(key, n=curve.estimate.n + reference.estimate.n).interval(
                "survival_difference",
                *((SUPPRESSED,) * 3 if withheld else numbers),
                unit="proportion",
                method=found.method,
            )


def _difference_key(outcome: str, exposure: Grouping, level: str, time: float) -> Key:
    whole = Key(CRUDE, outcome, "infused", time_months=float(time))
    return whole.compared(exposure, level)


def parts(study: Study) -> Iterator[OfStudy]:
    """The unadjusted differences; what else an answer holds belongs to other topics."""
    for outcome in study.parameters.endpoints:
        found = answer(study, outcome)
        rows = [row for row in found.results if row.key.analysis == CRUDE]
        yield study_results(study, rows)
