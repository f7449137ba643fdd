"""The weighted groups: what is left of them, their survival, hazard ratios and E-values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from analysis_lib.format import (
    constant,
    format_confidence,
    format_fixed,
    format_number,
    format_percent,
)
from analysis_lib.results.rows import Key, Omitted, population, unless_omitted
from analysis_lib.show.cells import NOTHING, count, hazard_ratio, of_group
from analysis_lib.show.effects import compared_note, group_lines
from analysis_lib.show.model_lines import not_estimable_notes
from analysis_lib.show.notes import finish, methods
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.stats.e_value import COMMON_OUTCOME
from analysis_lib.topics.weighting.numbers import Propensity, Scheme, Weighting, largest
from analysis_lib.topics.weighting.survival import WeightedEffect, WeightedSurvival
from analysis_lib.topics.weighting.unmeasured import EValues


def table_weighting(
    weighting: Weighting | Omitted,
    *weighted: WeightedSurvival | Omitted,
) -> ReportTable | Omitted:
    """Effective size of each group, largest difference left, hazard ratio of each endpoint."""
    if isinstance(weighting, Omitted):
        return weighting
    shown = [x for x in weighted if not isinstance(x, Omitted)]
    exposure, results = weighting.exposure, weighting.results
    interval = format_confidence(results.confidence_level)
    columns = (
        Column("Weights", 1.8),
        *(Column(label, 1.0, "Effective sample size") for label in exposure.labels),
        Column("Largest\ndifference", 1.0),
        *(Column(f"{x.outcome_label}\nHR ({interval})", 2.0) for x in shown),
    )
    lines = [
        line
        for index, scheme in enumerate(weighting.schemes)
        for line in _scheme_lines(weighting, scheme, [x.effects[index] for x in shown])
    ]
    notes = (
        f"Weights in the {_cases(weighting.propensity)} complete cases of the propensity.",
        "Effective sample size: patients of equal weight who would be as precise (Kish). Largest "
        "difference: the largest absolute standardised difference of a covariate.",
        compared_note(exposure, methods((r for x in shown for r in x.results), "robust_std_error")),
        *dict.fromkeys(x for one in shown for x in not_estimable_notes(one.results)),
    )
    return finish(Layout("weighting", columns, tuple(lines), notes), results)


def _scheme_lines(
    weighting: Weighting, scheme: Scheme, effects: Sequence[WeightedEffect]
) -> list[Line]:
    exposure = weighting.exposure
    at = Key(scheme.analysis, statistic="effective_sample_size")
    places = (population("infused", exposure, level) for level in exposure.levels)
    sizes = tuple(format_number(weighting.results.value(at._replace(population=x))) for x in places)
    most = format_fixed(largest_difference(weighting, scheme), 2, missing=NOTHING)
    return group_lines(scheme.label, exposure, (*sizes, most), partial(_ratios, effects))


def largest_difference(weighting: Weighting, scheme: Scheme) -> float:
    """The largest standardised difference that a scheme leaves; withheld where one of them is."""
    return largest(
        row.value
        for row in weighting.results
        if row.key.analysis == scheme.analysis and row.key.statistic == "standardized_difference"
    )


def _ratios(effects: Sequence[WeightedEffect], level: str) -> tuple[str, ...]:
    return tuple(hazard_ratio(x.results, x.contrast(level)) for x in effects)


def _cases(propensity: Propensity) -> str:
    key = Key("propensity", population="infused", variable=propensity.exposure.variable)
    return count(propensity.results, key, "n")


@unless_omitted
def table_e_values(values: EValues) -> ReportTable:
    """Every hazard ratio of the exposure with the confounding that could explain it."""
    results = values.results
    columns = (
        Column("Model", 3.2),
        Column(f"HR ({format_confidence(results.confidence_level)})", 2.0),
        Column("E-value", 1.0),
        Column("E-value of\nthe interval", 1.2),
    )
    lines = []
    for one in values.lines:
        found = tuple(
            format_fixed(results.value(one.key, x), 2, missing=NOTHING)
            for x in ("e_value", "e_value_limit")
        )
        cells = (hazard_ratio(one.source, one.key), *found)
        label = of_group(one.model, values.exposure, one.level)
        lines.append(Line(label, cells, group=one.outcome_label))
    common = constant(COMMON_OUTCOME, "share of those with the endpoint from which it is common")
    notes = (
        "E-value: the least risk ratio that an unmeasured confounder would need with exposure and "
        "endpoint alike, beside the covariates of the model, to explain the hazard ratio; of the "
        "interval, its end nearer to 1, and 1 where the interval contains 1.",
        f"An endpoint that more than {format_percent(common)} of the compared reach is "
        "common; its hazard ratio is first converted to an approximate risk ratio.",
    )
    return finish(Layout("e-values", columns, tuple(lines), notes), results)
