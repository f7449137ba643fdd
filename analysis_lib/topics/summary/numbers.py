"""The answer: the exposure's effect on each endpoint, crude and among patients alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.format import SUPPRESSED
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.once import once
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.stats.survival_difference import survival_difference
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.weighting.numbers import OVERLAP
from analysis_lib.topics.weighting.survival import WeightedEffect, weighted_survival

CRUDE, ALIKE = "difference_crude", "difference_overlap"


@dataclass(frozen=True)
class Answer:
    """One endpoint: crude, adjusted, and weighted to groups alike at baseline.

    `time` is the last landmark, at which the differences of survival are told.
    """

    outcome: str
    outcome_label: str
    exposure: Grouping
    time: float
    ladder: Ladder
    weighted: WeightedEffect | Omitted
    results: Results

    def difference(self, analysis: str, level: str) -> Key:
        """The key of a difference of survival at the last landmark."""
        return _difference_key(analysis, self.outcome, self.exposure, level, self.time)


@once
def answer(study: Study, outcome: str) -> Answer:
    """The primary comparison of one endpoint by four estimates: two ratios, two differences."""
    survival = weighted_survival(study, outcome)
    weighted: WeightedEffect | Omitted = (
        survival
        if isinstance(survival, Omitted)
        else next(x for x in survival.effects if x.scheme.name == OVERLAP)
    )
    ladder = exposure_ladder(study, outcome)
    own = list(_difference_rows(CRUDE, survival_by_exposure(study, outcome), study))
    parts = [ladder.results]
    if not isinstance(weighted, Omitted):
        own += _difference_rows(ALIKE, weighted.curves, study)
        parts.append(weighted.results)
    return Answer(
        outcome,
        study.dictionary[outcome].label,
        study.groups,
        float(max(study.parameters.landmarks)),
        ladder,
        weighted,
        combine(study, (*parts, study_results(study, own))),
    )


def _difference_rows(analysis: str, compared: SurvivalComparison, study: Study) -> Iterator[Row]:
    """At each landmark the survival of every group minus that of the reference.

    Withheld where small counts are: the coarsened curves, each held on from a time of its own,
    would give a wrong difference, and the exact ones would give the counts back.
    """
    withheld = study.parameters.small_cell > 0
    reference, *others = compared.curves
    for time in compared.landmarks:
        for curve in others:
            found = survival_difference(curve.estimate, reference.estimate, time)
            key = _difference_key(analysis, compared.outcome, compared.grouping, curve.level, time)
            numbers = (found.estimate, found.ci_low, found.ci_high)
            yield from context(key, n=curve.estimate.n + reference.estimate.n).interval(
                "survival_difference",
                *((SUPPRESSED,) * 3 if withheld else numbers),
                unit="proportion",
                method=found.method,
            )


def _difference_key(
    analysis: str, outcome: str, exposure: Grouping, level: str, time: float
) -> Key:
    whole = Key(analysis, outcome, "infused", time_months=float(time))
    return whole.compared(exposure, level)


def parts(study: Study) -> Iterator[OfStudy]:
    """The differences of survival; what else an answer holds belongs to other topics."""
    for outcome in study.parameters.endpoints:
        found = answer(study, outcome)
        rows = [row for row in found.results if row.key.analysis in (CRUDE, ALIKE)]
        yield study_results(study, rows)
