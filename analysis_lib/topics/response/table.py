"""Response to the infusion, MRD, consolidation and relapse, each number with its denominator."""

from __future__ import annotations

from analysis_lib.format import format_confidence
from analysis_lib.labels import MISSING, level_label
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.cells import (
    count_of,
    definition,
    population_phrase,
    proportion_interval,
    sentence,
)
from analysis_lib.show.notes import Comparison, absent_note, finish
from analysis_lib.show.table import Layout, Line, ReportTable, blank
from analysis_lib.study.derive import REASONS
from analysis_lib.topics.response.numbers import Response

SIZES = Key("response", "cr_cri", "infused", statistic="count")
MRD_TESTED = Key("response", "mrd_negative", "mrd_tested_responders")
CONSOLIDATED = Key("response", "consolidation_any", "responders")
COUNTED = "Numbers are n/N (%)"


@unless_omitted
def table_response(response: Response) -> ReportTable:
    """CR/CRi of the evaluable and of all infused, who was not evaluable, and MRD."""
    comparison = Comparison(response.results, response.grouping, SIZES)
    dictionary = response.results.dictionary
    lines = (
        *_response_lines(comparison),
        *_not_evaluable_lines(comparison, response),
        *_mrd_lines(comparison, response),
    )
    absent = () if _is_recorded(response, MRD_TESTED) else (dictionary["mrd_negative"].label,)
    notes = (
        f"{COUNTED}.",
        sentence(definition(dictionary["response"])),
        *_notes(comparison),
        absent_note(absent),
    )
    layout = Layout("response", comparison.columns("Outcome", 1.5), lines, notes)
    return finish(layout, response.results)


@unless_omitted
def table_consolidation(response: Response) -> ReportTable:
    """Consolidation by kind among the responders, salvage, relapse of them and of all infused."""
    comparison = Comparison(response.results, response.grouping, SIZES)
    dictionary = response.results.dictionary
    lines = _consolidation_lines(comparison, response)
    lines += _salvage_lines(comparison, response)
    for base in ("responders", "infused"):
        label, key = f"Of {population_phrase(base, dictionary)}", Key("response", "relapse", base)
        lines += _with_interval(comparison, label, key, dictionary["relapse"].label)
    absent = () if _is_recorded(response, CONSOLIDATED) else (dictionary["consolidation"].label,)
    notes = (f"{COUNTED}.", *_notes(comparison), absent_note(absent))
    layout = Layout("consolidation", comparison.columns("Outcome", 1.5), tuple(lines), notes)
    return finish(layout, response.results)


def _consolidation_lines(comparison: Comparison, response: Response) -> list[Line]:
    """Consolidation of any kind, then kind by kind, then none."""
    if not _is_recorded(response, CONSOLIDATED):
        return []
    dictionary = comparison.results.dictionary
    variable = dictionary["consolidation"]
    group = f"{variable.label}, of {population_phrase('responders', dictionary)}"
    lines = _with_interval(comparison, dictionary["consolidation_any"].label, CONSOLIDATED, group)
    known = Key("response", "consolidation", "responders", "consolidation")
    for level, _ in (*response.consolidation_kinds, ("none", "")):
        at, label = known._replace(level=level), level_label(variable, level)
        lines.append(comparison.line(label, at, count_of, level=1, group=group))
    return lines


def _salvage_lines(comparison: Comparison, response: Response) -> list[Line]:
    """Treatment that was not given in remission, by reason; nothing where there was none."""
    if not response.salvage_reasons:
        return []
    dictionary = comparison.results.dictionary
    group = f"Salvage, no consolidation, of {population_phrase('infused', dictionary)}"
    key = Key("response", "salvage", "infused")
    lines = [comparison.line("Treated outside remission", key, count_of, group=group)]
    for level in response.salvage_reasons:
        at = key._replace(variable="salvage_reason", level=level)
        label = sentence(REASONS[level]).rstrip(".")
        lines.append(comparison.line(label, at, count_of, level=1, group=group))
    return lines


def _response_lines(comparison: Comparison) -> list[Line]:
    dictionary = comparison.results.dictionary
    variable, remission = dictionary["response"], dictionary["cr_cri"]
    lines = []
    for base in ("response_evaluable", "infused"):
        group = f"{variable.label}, of {population_phrase(base, dictionary)}"
        key = Key("response", "cr_cri", base)
        lines += _with_interval(comparison, remission.label, key, group)
        if base == "infused":
            continue
        for level in variable.levels:
            at = Key("response", "response", base, "response", level)
            label = level_label(variable, level)
            lines.append(comparison.line(label, at, count_of, level=1, group=group))
    return lines


def _not_evaluable_lines(comparison: Comparison, response: Response) -> list[Line]:
    """Who had no evaluable response among all infused, by reason."""
    name = "response_not_evaluable_reason"
    dictionary = comparison.results.dictionary
    group = f"{dictionary['response'].label}, of {population_phrase('infused', dictionary)}"
    key = Key("response", "response_not_evaluable", "infused")
    lines = [comparison.line("Response not evaluable", key, count_of, group=group)]
    for level, _ in (*response.reasons, ("missing", MISSING)):
        at = key._replace(variable=name, level=level)
        if comparison.results.value(at, "count") > 0:
            label = (
                "Reason not recorded"
                if level == "missing"
                else (level_label(dictionary[name], level))
            )
            lines.append(comparison.line(label, at, count_of, level=1, group=group))
    return lines


def _mrd_lines(comparison: Comparison, response: Response) -> list[Line]:
    """MRD-negative remission in each of its denominators, and how MRD was measured."""
    if not _is_recorded(response, MRD_TESTED):
        return []
    dictionary = comparison.results.dictionary
    group = dictionary["mrd_negative"].label
    lines = []
    for base in ("response_evaluable", "responders", "mrd_tested_responders"):
        key = Key("response", "mrd_negative", base)
        lines += _with_interval(comparison, f"Of {population_phrase(base, dictionary)}", key, group)
    method = dictionary["mrd_method"]
    if response.mrd_methods:
        columns = len(lines[0].cells)
        lines.append(Line(f"{method.label}, of those tested", blank(columns), group=group))
    for level, _ in response.mrd_methods:
        at = Key("response", "mrd_negative", "mrd_tested_responders", method.name, level)
        label = level_label(method, level)
        lines.append(comparison.line(label, at, count_of, level=1, group=group))
    return lines


def _is_recorded(response: Response, key: Key) -> bool:
    """Whether anybody is known for it: without that, a count of nobody would say nothing."""
    counted = key._replace(statistic="count")
    return response.results.has(counted) and bool(response.results.row(counted).denominator)


def _with_interval(comparison: Comparison, label: str, key: Key, group: str) -> list[Line]:
    """A proportion with P and difference, and its exact interval below."""
    first = comparison.line(label, key, count_of, group=group)
    interval = comparison.cells_only(
        f"{format_confidence(comparison.results.confidence_level)}, %",
        key,
        proportion_interval,
        level=1,
        group=group,
    )
    return [first, interval]


def _notes(comparison: Comparison) -> tuple[str, ...]:
    shares = next(x for x in comparison.results if x.key.statistic == "proportion")
    name = format_confidence(comparison.results.confidence_level)
    return (sentence(f"{name} of a proportion: {shares.method}"), *comparison.notes())
