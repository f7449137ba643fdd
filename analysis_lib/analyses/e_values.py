"""How strong unmeasured confounding would have to be to explain each hazard ratio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis_lib.analyses.ladder import Ladder
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, context, study_results
from analysis_lib.analyses.weighted_survival import WeightedSurvival
from analysis_lib.cohort import Grouping, Study
from analysis_lib.stats import e_value


@dataclass(frozen=True)
class EValueLine:
    """One hazard ratio: under which model, at which key, from which results."""

    outcome: str
    outcome_label: str
    model: str
    level: str
    key: Key
    source: Results


@dataclass(frozen=True)
class EValues:
    """E-values of the ladder and of the weighted hazard ratios, in order."""

    exposure: Grouping
    lines: tuple[EValueLine, ...]
    results: Results


def e_values(
    study: Study, ladders: Sequence[Ladder], weighted: Sequence[WeightedSurvival | Omitted]
) -> EValues:
    """E-value of every hazard ratio of the exposure, and of the limit of its interval."""
    lines: list[EValueLine] = []
    rows: list[Row] = []
    for ladder in ladders:
        for rung in ladder.rungs:
            counts = rung.fit.factors[rung.exposure.variable].counts
            for level in rung.exposure.levels[1:]:
                pair = [counts[x] for x in (level, rung.exposure.reference)]
                share = sum(e for _, e in pair) / max(sum(n for n, _ in pair), 1)
                label = rung.specification.label
                one = _line(ladder, label, level, rung.contrast(level), rung.results)
                lines.append(one)
                rows += _rows(one, share)
        for found in _weighted_lines(ladder, weighted):
            lines.append(found[0])
            rows += _rows(*found)
    return EValues(study.groups, tuple(lines), study_results(study, rows))


def _line(ladder: Ladder, label: str, level: str, key: Key, source: Results) -> EValueLine:
    return EValueLine(ladder.outcome, ladder.outcome_label, label, level, key, source)


def _weighted_lines(
    ladder: Ladder, weighted: Sequence[WeightedSurvival | Omitted]
) -> Iterator[tuple[EValueLine, float]]:
    for survival in weighted:
        if isinstance(survival, Omitted) or survival.outcome != ladder.outcome:
            continue
        for effect in survival.effects[1:]:
            curves = {curve.level: curve.estimate for curve in effect.curves.curves}
            for level in survival.exposure.levels[1:]:
                pair = [curves[x] for x in (level, survival.exposure.reference)]
                share = sum(x.n_events for x in pair) / sum(x.n for x in pair)
                label = f"{effect.scheme.label} weights"
                yield _line(ladder, label, level, effect.contrast(level), effect.results), share


def _rows(line: EValueLine, share: float) -> Iterator[Row]:
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    ratio, low, high = (line.source.value(line.key._replace(statistic=x)) for x in names)
    found = e_value(ratio, low, high, event_share=share)
    here = context(line.key)
    yield here.at("e_value", found.estimate, method=found.method)
    yield here.at("e_value_limit", found.limit, method=found.method)
