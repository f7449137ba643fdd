"""What unknown responses, and values unlike those imputed, could change, in sentences."""

from __future__ import annotations

import math

from analysis_lib.format import (
    constant,
    counted,
    format_count,
    format_number,
    format_percent,
    format_points,
    format_ratio,
    quotient,
)
from analysis_lib.marks import alike
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    escape,
    estimate_of,
    group_phrase,
    in_paragraphs,
    of_several,
    paragraph,
    ratio_of,
    unless_withheld,
)
from analysis_lib.topics.missing import COMPARED, EVERYONE, SHIFTS
from analysis_lib.topics.missing.bounds import ResponseBounds, UnknownResponse, not_evaluable
from analysis_lib.topics.missing.shifted import Shifted


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


LITTLE = 1.1  # a ratio that moves by less than this factor has hardly moved


@unless_omitted
def describe_shifted(shifted: Shifted) -> Prose:
    """A paragraph per endpoint and group."""
    return in_paragraphs(
        _described(shifted, outcome, level)
        for outcome in shifted.outcomes
        for level in shifted.exposure.levels[1:]
    )


def _described(shifted: Shifted, outcome: str, level: str) -> Prose:
    whom = f"{escape(shifted.results.dictionary[outcome].label)}"
    whom += of_several(shifted.exposure, level)
    start = estimate_of(shifted.results, shifted.unshifted(outcome, level), "hazard_ratio")
    found = _found(shifted, outcome, level)
    if math.isnan(start.value) or any(math.isnan(x.value) for x in found.values()):
        text = f"{whom}: the ratios under a shift cannot be compared."
        return Prose(unless_withheld(text, start.value, *(x.value for x in found.values())))
    values = [x.value for x in found.values()]
    low, high = format_ratio(min(values)), format_ratio(max(values))
    lies = f"is {low}" if alike([low], [high]) else f"lies between {low} and {high}"
    turned = [at for at, x in found.items() if x.contains_one != start.contains_one]
    return paragraph(
        f"{whom}: without a shift the hazard ratio is {start.as_ratio}; with the imputed values of "
        f"one covariate shifted by up to {_size(max(SHIFTS))} log odds or standard "
        f"deviations it {lies}.",
        _turned(shifted, level, turned) if turned else _firm(start),
        _edge(start, values) if turned else "",
    )


def _found(shifted: Shifted, outcome: str, level: str) -> dict[tuple[str, str, float], Estimate]:
    """The ratio under every shift, the smallest shifts first."""
    places = [
        (name, scope, shift)
        for shift in sorted(SHIFTS, key=abs)
        for name in shifted.covariates
        for scope in (EVERYONE, COMPARED)
    ]
    return {
        (name, scope, shift): estimate_of(
            shifted.results, shifted.key(outcome, name, level, scope, shift), "hazard_ratio"
        )
        for name, scope, shift in places
    }


def _firm(start: Estimate) -> str:
    return f"Every interval {'contains' if start.contains_one else 'excludes'} 1, as it does there."


def _turned(shifted: Shifted, level: str, turned: list[tuple[str, str, float]]) -> str:
    name, scope, shift = turned[0]
    where = "everyone" if scope == EVERYONE else f"{group_phrase(shifted.exposure, level)} alone"
    return (
        "Whether its interval contains 1 turns first where "
        f"{escape(shifted.results.dictionary[name].phrase)} is shifted by {_size(shift)} "
        f"in {where}."
    )


def _edge(start: Estimate, values: list[float]) -> str:
    """Said where the interval turns though the ratio hardly moves."""
    if max(max(values) / start.value, start.value / min(values)) >= LITTLE:
        return ""
    return (
        "The ratio hardly moves; the end of its interval lies so close to 1 that neither verdict "
        "carries far."
    )


def _size(shift: float) -> str:
    return format_number(constant(shift, "shift of imputed values, in log odds or deviations"))
