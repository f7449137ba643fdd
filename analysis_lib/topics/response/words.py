"""Response, consolidation and relapse in sentences; the bases are never left unsaid."""

from __future__ import annotations

import math

from analysis_lib.format import format_count, format_p_statement, is_suppressed
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted, Results, unless_omitted
from analysis_lib.show.frequencies import group_contrasts, group_counts
from analysis_lib.show.prose import Prose, escape, paragraph
from analysis_lib.study.derive import REASONS
from analysis_lib.topics.response.numbers import Response

ALPHA = 0.05


@unless_omitted
def describe_response(response: Response) -> Prose:
    """CR/CRi of the evaluable and of all infused, and whether the two bases tell the same."""
    results, groups = response.results, response.grouping
    evaluable = Key("response", "cr_cri", "response_evaluable")
    infused = evaluable._replace(population="infused")
    return paragraph(
        f"Among patients with an evaluable response, CR or CRi was reached by "
        f"{group_counts(results, groups, evaluable)}.",
        group_contrasts(results, groups, evaluable, "CR or CRi among the evaluable"),
        f"{escape(results.dictionary.own_words('Over all infused patients'))} the counts are "
        f"{group_counts(results, groups, infused)}.",
        group_contrasts(results, groups, infused, f"CR or CRi {_over_all(results)}"),
        _base_matters(response, evaluable, infused),
    )


@unless_omitted
def describe_not_evaluable(response: Response) -> Prose:
    """How many responses were not evaluable, by exposure."""
    results, groups = response.results, response.grouping
    key = Key("response", "response_not_evaluable", "infused")
    return paragraph(
        f"The response was not evaluable for {group_counts(results, groups, key)}.",
        group_contrasts(results, groups, key, "a response that was not evaluable"),
    )


@unless_omitted
def describe_mrd(response: Response) -> Prose | Omitted:
    """MRD-negative remission, of the evaluable and of the responders who were tested."""
    results, groups = response.results, response.grouping
    evaluable = Key("response", "mrd_negative", "response_evaluable")
    if not results.has(evaluable, "count"):
        return Omitted("The extract records no MRD; this part is left out.")
    tested = evaluable._replace(population="mrd_tested_responders")
    return paragraph(
        f"MRD-negative remission, counted among the evaluable, was reached by "
        f"{group_counts(results, groups, evaluable)}.",
        group_contrasts(results, groups, evaluable, "MRD-negative remission"),
        f"Among responders whose MRD was tested the counts are "
        f"{group_counts(results, groups, tested)}.",
    )


@unless_omitted
def describe_after_response(response: Response) -> Prose:
    """Consolidation among responders, salvage where there was any, and relapse on both bases."""
    results, groups = response.results, response.grouping
    consolidation = Key("response", "consolidation_any", "responders")
    responders = Key("response", "relapse", "responders")
    infused = responders._replace(population="infused")
    relapse = escape(results.dictionary.relapse)
    followed = (
        "Consolidation or maintenance followed response in "
        f"{group_counts(results, groups, consolidation)}.",
        group_contrasts(results, groups, consolidation, "consolidation or maintenance"),
    )
    return paragraph(
        *(followed if results.row(consolidation, "count").denominator else ()),
        _salvage(response),
        f"Among responders, {relapse} was recorded in {group_counts(results, groups, responders)}.",
        group_contrasts(results, groups, responders, f"{relapse} among responders"),
        _base_matters(response, responders, infused),
    )


def _salvage(response: Response) -> str:
    """Treatment that was not given in remission, by group and by reason."""
    if not response.salvage_reasons:
        return ""
    results, key = response.results, Key("response", "salvage", "infused")
    reasons = [
        f"{format_count(results.value(at))} {REASONS[level]}"
        for level in response.salvage_reasons
        for at in [key._replace(variable="salvage_reason", level=level, statistic="count")]
    ]
    by_reason = "" if any(map(is_suppressed, reasons)) else f": {listed(reasons)}"
    return (
        "Treatment outside remission is salvage and counts as no consolidation; it was given to "
        f"{group_counts(results, response.grouping, key)}{by_reason}."
    )


def _over_all(results: Results) -> str:
    return escape(results.dictionary.own_words("over all infused"))


def _base_matters(response: Response, one: Key, other: Key) -> str:
    """Says so when the same comparison is on two sides of .05 under two denominators."""
    results, contrast = response.results, response.grouping.contrast
    p_values = [
        results.value(key._replace(contrast=contrast, statistic="p_value")) for key in (one, other)
    ]
    if any(math.isnan(p) for p in p_values) or (p_values[0] < ALPHA) == (p_values[1] < ALPHA):
        return ""
    first, second = (format_p_statement(p) for p in p_values)
    bases = {
        "response_evaluable": "among the evaluable",
        "responders": "among responders",
        "infused": _over_all(results),
    }
    return (
        f"The choice of denominator decides the test here: {first} {bases[one.population]}, "
        f"{second} {bases[other.population]}."
    )
