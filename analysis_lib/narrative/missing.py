"""What missing covariates and unknown responses could change, in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import (
    EffectRows,
    Imputed,
    Key,
    Omitted,
    ResponseBounds,
    UnknownResponse,
)
from analysis_lib.analyses.missing.imputed import Pair
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import counted, format_count, format_percent, format_points, format_ratio
from analysis_lib.labels import listed
from analysis_lib.narrative.phrases import Estimate, estimate_of, unless_withheld
from analysis_lib.narrative.prose import Prose, escape, paragraph


def describe_imputed(imputed: Imputed | Omitted, dictionary: Dictionary) -> Prose | Omitted:
    """What is missing; then each model in its complete cases and imputed."""
    if isinstance(imputed, Omitted):
        return imputed
    gaps = listed(
        f"{escape(lower_first(dictionary[name].label))} ({format_count(count)})"
        for name, count in imputed.incomplete
    )
    sentences = [
        f"Not recorded, of {format_count(imputed.patients)} infused patients: {gaps}. "
        f"{format_count(imputed.imputations)} completed copies are pooled."
    ]
    for pair in imputed.pairs:
        sentences += [_pair(pair, level) for level in pair.complete.exposure.levels[1:]]
    return paragraph(*sentences)


def _pair(pair: Pair, level: str) -> str:
    exposure = pair.complete.exposure
    who = f", {escape(exposure.label_of(level))}" if len(exposure.levels) > 2 else ""
    complete, imputed = (_estimate(x, level) for x in (pair.complete, pair.imputed))
    if math.isnan(complete.value) or math.isnan(imputed.value):
        return unless_withheld(
            f"{escape(pair.label)}{who}: the two cannot be compared.", complete.value, imputed.value
        )
    sizes = [
        format_count(x.results.value(x.key._replace(statistic="n")))
        for x in (pair.complete, pair.imputed)
    ]
    return (
        f"{escape(pair.label)}{who}: {_text(complete)} in {sizes[0]} complete cases, "
        f"{_text(imputed)} in {sizes[1]} with gaps imputed; {_about_one(complete, imputed)}."
    )


def _about_one(first: Estimate, second: Estimate) -> str:
    inside = [x.low <= 1 <= x.high for x in (first, second)]
    if inside[0] == inside[1]:
        return "both intervals contain 1" if inside[0] else "both intervals exclude 1"
    return (
        "the first interval contains 1 and the second does not"
        if inside[0]
        else "the first interval excludes 1 and the second does not"
    )


def describe_unknown_response(unknown: UnknownResponse | Omitted) -> Prose | Omitted:
    """The range of each group's ratio over the assumptions."""
    if isinstance(unknown, Omitted):
        return unknown
    exposure = unknown.exposure
    sentences = [
        "Of the patients considered for the model, the response to the exposure is unknown in "
        f"{format_count(unknown.unknown)}, with {counted(unknown.unknown_events, 'event')}."
    ]
    for level in exposure.levels[1:]:
        known = _estimate(unknown.known, level)
        found = [x for x in (_estimate(one, level) for one in unknown.assumed) if x.value > 0]
        who = escape(exposure.phrase_of(level))
        if math.isnan(known.value) or not found:
            sentences.append(
                unless_withheld(f"For {who} there is nothing to compare.", known.value)
            )
            continue
        values = [x.value for x in found]
        sentences.append(
            f"The hazard ratio of {who} is {_text(known)} with the unknown left out and between "
            f"{format_ratio(min(values))} and {format_ratio(max(values))} under the assumptions; "
            f"{_ones(known, found)}."
        )
    return paragraph(*sentences)


def _ones(known: Estimate, found: list[Estimate]) -> str:
    inside = [x.low <= 1 <= x.high for x in (known, *found)]
    if all(inside):
        return "every interval contains 1"
    if not any(inside):
        return "every interval excludes 1"
    return "whether the interval contains 1 depends on them"


def describe_response_bounds(bounds: ResponseBounds | Omitted) -> Prose | Omitted:
    """The difference in CR/CRi among the evaluable, and the two ends of what it could be."""
    if isinstance(bounds, Omitted):
        return bounds
    sentences = [
        f"{format_count(bounds.not_evaluable)} of {counted(bounds.patients, 'patient')} "
        f"{'was' if bounds.not_evaluable == 1 else 'were'} not evaluable for response "
        f"({_not_evaluable(bounds)})."
    ]
    evaluable, nobody, _, best, worst = (
        Key(analysis, "cr_cri", base) for analysis, _, base in bounds.cases
    )
    for level in bounds.grouping.levels[1:]:
        contrast = f"{level}_vs_{bounds.grouping.reference}"
        values = [
            _difference(bounds, key._replace(contrast=contrast))
            for key in (evaluable, nobody, worst, best)
        ]
        if any(math.isnan(x.value) for x in values):
            continue
        groups = [escape(bounds.grouping.phrase_of(x)) for x in (level, bounds.grouping.reference)]
        texts = [_points(x) for x in values]
        sentences.append(
            f"The difference in CR/CRi between {groups[0]} and {groups[1]} is {texts[0]} "
            f"percentage points among the evaluable and {texts[1]} with all others as "
            f"non-responders; it could be anything from {texts[2]} to {texts[3]}."
        )
    return paragraph(*sentences)


def _not_evaluable(bounds: ResponseBounds) -> str:
    """How many of each group had no assessment."""
    evaluable, every = bounds.cases[0], bounds.cases[1]
    texts = []
    for level, label in zip(bounds.grouping.levels, bounds.grouping.labels, strict=True):
        group = f"[{bounds.grouping.variable}={level}]"
        known, all_ = (
            bounds.results.row(
                Key(analysis, "cr_cri", f"{base}{group}", statistic="count")
            ).denominator
            or 0
            for analysis, _, base in (evaluable, every)
        )
        share = f", {format_percent((all_ - known) / all_)}" if all_ else ""
        texts.append(
            f"{escape(label)}: {format_count(all_ - known)} of {format_count(all_)}{share}"
        )
    return "; ".join(texts)


def _difference(bounds: ResponseBounds, key: Key) -> Estimate:
    return estimate_of(bounds.results, key, "difference")


def _points(estimate: Estimate) -> str:
    return f"{format_points(estimate.value, 1)} ({estimate.interval(_one_decimal)})"


def _one_decimal(value: float) -> str:
    return format_points(value, 1)


def _estimate(effect: EffectRows, level: str) -> Estimate:
    return estimate_of(effect.results, effect.contrast(level), "hazard_ratio")


def _text(estimate: Estimate) -> str:
    return f"{format_ratio(estimate.value)} ({estimate.interval(format_ratio)})"
