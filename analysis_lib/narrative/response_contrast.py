"""Refractory against responsive to the exposure, in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import ContrastModel, Omitted, ResponseContrast
from analysis_lib.analyses.response_contrast import BASELINE, BEFORE, CRUDE, PUBLISHED
from analysis_lib.format import counted, format_ratio
from analysis_lib.narrative.phrases import compatible, estimate_of, unless_withheld
from analysis_lib.narrative.prose import Prose, escape, paragraph


def describe_response_contrast(contrast: ResponseContrast | Omitted) -> Prose | Omitted:
    """A paragraph per endpoint: the ratio under each adjustment, then in model B."""
    if isinstance(contrast, Omitted):
        return contrast
    texts = [_endpoint(contrast, label, models).text for label, models in contrast.families]
    return Prose("\n\n".join(texts))


def _endpoint(contrast: ResponseContrast, label: str, models: tuple[ContrastModel, ...]) -> Prose:
    named = {model.specification.name: model for model in models}
    response = contrast.response
    groups = (
        f"{escape(response.phrase_of(contrast.refractory))} against "
        f"{escape(response.phrase_of(contrast.responded))}"
    )
    return paragraph(
        f"{label}: the hazard ratio of {groups} is {_ratio(contrast, named[CRUDE])} crude, "
        f"{_ratio(contrast, named[BEFORE])} adjusted for what the exposure cannot have changed, "
        f"and {_ratio(contrast, named[BASELINE])} adjusted for baseline covariates.",
        _published(contrast, named[PUBLISHED]) if PUBLISHED in named else "",
    )


def _published(contrast: ResponseContrast, model: ContrastModel) -> str:
    estimate = estimate_of(contrast.results, model.key, "hazard_ratio")
    if math.isnan(estimate.value):
        return unless_withheld("From model B it cannot be estimated.", estimate.value)
    counts = model.fit.factors[model.key.variable].counts
    events = sum(counts[level][1] for level in contrast.response.levels)
    who = (
        "in responders to the infusion and beside consolidation after it"
        if model.specification.population == "responders"
        and "consolidation" in model.specification.terms
        else "as specified by the parameters"
    )
    start = (
        f"From model B, {who}, it is {_ratio(contrast, model)}, "
        f"with {counted(events, 'event')} in the two groups"
    )
    if estimate.low <= 1 <= estimate.high:
        return f"{start}: no clear difference; {compatible(estimate.low, estimate.high)}."
    return f"{start}."


def _ratio(contrast: ResponseContrast, model: ContrastModel) -> str:
    estimate = estimate_of(contrast.results, model.key, "hazard_ratio")
    if math.isnan(estimate.value):
        return unless_withheld("not estimable", estimate.value)
    return f"{format_ratio(estimate.value)} ({estimate.interval(format_ratio)})"
