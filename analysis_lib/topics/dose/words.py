"""What doses and their days say of the exposure, in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    agreeing,
    counted,
    format_count,
    format_number,
    format_p_statement,
    number_of,
)
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    compatible,
    escape,
    estimate_of,
    in_paragraphs,
    paragraph,
    ratio_of,
    unless_withheld,
    versus,
    when_shown,
)
from analysis_lib.topics.dose.numbers import Amounts, DoseGroups, Modelled, amount_phrase


def _groups(one: DoseGroups) -> Prose:
    exposure = one.adjusted.exposure
    ratios = [
        f"of {versus(exposure, level)} is {ratio_of(one.adjusted, level).as_ratio}, crude "
        f"{ratio_of(one.crude, level).as_ratio}"
        for level in exposure.levels[1:]
    ]
    said = f"{escape(one.outcome_label)}: the adjusted hazard ratio {'; that '.join(ratios)}."
    unknown = (
        f"{counted(one.unknown, 'patient')} whose doses are not recorded "
        f"{'is' if one.unknown == 1 else 'are'} left out."
        if one.unknown
        else ""
    )
    return paragraph(said, unknown)


@unless_all_omitted
def describe_doses(*several: DoseGroups | Amounts) -> Prose:
    """A paragraph per endpoint of groups, then of amounts; then what such relations are worth."""
    groups = [_groups(one) for one in several if isinstance(one, DoseGroups)]
    amounts = [one for one in several if isinstance(one, Amounts)]
    said = [*groups, *(_amounts(one) for one in amounts)]
    return in_paragraphs([*said, _warning(amounts)] if amounts else said)


def _amounts(one: Amounts) -> Prose:
    said = [text for modelled in one.modelled for text in _relation(one, modelled)]
    return paragraph(
        f"{escape(one.outcome_label)}: {lower_first(said[0])}", *said[1:], *one.left_out
    )


def _relation(one: Amounts, modelled: Modelled) -> list[str]:
    results, key = one.results, modelled.key
    doubled = estimate_of(results, key._replace(level="doubled"), "hazard_ratio")
    line = results.value(key._replace(level="line"), "lr_p_value")
    amount, unit = escape(amount_phrase(modelled.amount)), modelled.amount.unit
    if math.isnan(doubled.value):
        said = f"No ratio can be estimated for {amount}."
        return [unless_withheld(said, doubled.value)]
    known = format_count(results.value(key, "n_evaluable"))
    first = (
        f"By {amount}{when_shown(f', recorded for {known} exposed patients')}, the hazard ratio "
        f"per doubling of the {unit} is {doubled.as_ratio} (likelihood ratio "
        f"{format_p_statement(line)}); {_verdict(doubled)}."
    )
    return [first, _bend(one, modelled)]


def _verdict(doubled: Estimate) -> str:
    if doubled.contains_one:
        return f"no relation is clear, and {compatible(doubled.low, doubled.high)}"
    return f"more of it goes with a {doubled.side} hazard"


def _bend(one: Amounts, modelled: Modelled) -> str:
    if not modelled.is_curved:
        return "The amounts are too few or too alike for a curve."
    bend = one.results.value(modelled.key._replace(level="bend"), "lr_p_value")
    at = modelled.key._replace(level="at_median")
    ratio = estimate_of(one.results, at, "hazard_ratio")
    median = format_number(one.results.value(at, "median"))
    return (
        f"Its curve bends with {format_p_statement(bend)}; at its median of {median} "
        f"{modelled.amount.unit} the hazard ratio against the unexposed is {ratio.as_ratio}."
    )


def _warning(several: list[Amounts]) -> str:
    tests = [
        one.results.value(of.key._replace(level="line"), "lr_p_value")
        for one in several
        for of in one.modelled
    ]
    return (
        f"{agreeing(len(tests), 'This is', 'These are')} {counted(number_of(tests), 'relation')}, "
        f"{agreeing(len(tests), 'not', 'none of them')} planned as the primary "
        "question, and nobody assigned the amounts: who is given more, or later, differs in why."
    )
