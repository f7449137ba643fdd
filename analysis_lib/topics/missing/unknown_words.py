"""What unknown responses could change, in sentences."""

from __future__ import annotations

import math

from analysis_lib.format import (
    counted,
    format_count,
    format_percent,
    format_points,
    format_ratio,
    quotient,
)
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    escape,
    estimate_of,
    group_phrase,
    paragraph,
    ratio_of,
    unless_withheld,
)
from analysis_lib.topics.missing.bounds import ResponseBounds, UnknownResponse, not_evaluable


@unless_omitted
def describe_unknown_response(unknown: UnknownResponse) -> Prose:
    """The range of each group's ratio over the assumptions."""
    exposure = unknown.exposure
    sentences = [
        "Of the patients considered for the model, the response to the exposure is unknown in "
        f"{format_count(unknown.unknown)}, with {counted(unknown.unknown_events, 'event')}."
    ]
    for level in exposure.levels[1:]:
        known = ratio_of(unknown.known, level)
        found = [x for x in (ratio_of(one, level) for one in unknown.assumed) if x.value > 0]
        who = group_phrase(exposure, level)
        if math.isnan(known.value) or not found:
            sentences.append(
                unless_withheld(f"For {who} there is nothing to compare.", known.value)
            )
            continue
        values = [x.value for x in found]
        sentences.append(
            f"The hazard ratio of {who} is {known.as_ratio} with the unknown left out and between "
            f"{format_ratio(min(values))} and {format_ratio(max(values))} under the assumptions; "
            f"{_ones(known, found)}."
        )
    return paragraph(*sentences)


def _ones(known: Estimate, found: list[Estimate]) -> str:
    inside = [x.contains_one for x in (known, *found)]
    if all(inside):
        return "every interval contains 1"
    if not any(inside):
        return "every interval excludes 1"
    return "whether the interval contains 1 depends on them"


@unless_omitted
def describe_response_bounds(bounds: ResponseBounds) -> Prose:
    """The difference in CR/CRi among the evaluable, and the two ends of what it could be."""
    lacking, whole = not_evaluable(bounds)
    sentences = [
        f"{format_count(lacking)} of {counted(whole, 'patient')} "
        f"{'was' if lacking == 1 else 'were'} not evaluable for response "
        f"({_not_evaluable(bounds)})."
    ]
    evaluable, nobody, _, best, worst = (
        Key(analysis, "cr_cri", base) for analysis, _, base in bounds.cases
    )
    for level in bounds.grouping.levels[1:]:
        contrast = bounds.grouping.against(level)
        values = [
            estimate_of(bounds.results, key._replace(contrast=contrast), "difference")
            for key in (evaluable, nobody, worst, best)
        ]
        if any(math.isnan(x.value) for x in values):
            continue
        groups = [group_phrase(bounds.grouping, x) for x in (level, bounds.grouping.reference)]
        texts = [_points(x) for x in values]
        sentences.append(
            f"The difference in CR/CRi between {groups[0]} and {groups[1]} is {texts[0]} "
            f"percentage points among the evaluable and {texts[1]} with all others as "
            f"non-responders; it could be anything from {texts[2]} to {texts[3]}."
        )
    return paragraph(*sentences)


def _not_evaluable(bounds: ResponseBounds) -> str:
    """How many of each group had no assessment."""
    texts = []
    for level, label in zip(bounds.grouping.levels, bounds.grouping.labels, strict=True):
        lacking, whole = not_evaluable(bounds, f"[{bounds.grouping.variable}={level}]")
        share = f", {format_percent(quotient(lacking, whole))}" if whole else ""
        texts.append(f"{escape(label)}: {format_count(lacking)} of {format_count(whole)}{share}")
    return "; ".join(texts)


def _points(estimate: Estimate) -> str:
    return f"{format_points(estimate.value, 1)} ({estimate.interval(_one_decimal)})"


def _one_decimal(value: float) -> str:
    return format_points(value, 1)
