"""Whether the exposure's effect differs between subgroups, in sentences."""

from __future__ import annotations

import math

from analysis_lib.format import (
    NOTABLE_P,
    agreeing,
    constant,
    counted,
    format_count,
    format_fixed,
    format_p_statement,
    format_percent,
    format_ratio,
    number_of,
)
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.prose import (
    Prose,
    capital,
    escape,
    in_paragraphs,
    paragraph,
    unless_withheld,
)
from analysis_lib.stats.e_value import POWER
from analysis_lib.topics.subgroups.numbers import Interactions, Subgroups


@unless_all_omitted
def describe_interactions(*several: Interactions) -> Prose:
    """A paragraph per endpoint, a sentence per variable; last what such tests are worth."""
    return in_paragraphs([*(_of_endpoint(one) for one in several), _warning(several)])


def _of_endpoint(one: Interactions) -> Prose:
    first, *others = (_of_variable(one, by) for by in one.variables)
    return paragraph(f"{escape(one.outcome_label)}: {first}", *map(capital, others), *one.left_out)


def _of_variable(one: Interactions, by: Subgroups) -> str:
    """P for interaction, and what could have been found."""
    phrase = escape(one.results.dictionary[by.variable].phrase)
    p_value = one.results.value(by.test_key, "lr_p_value")
    return f"by {phrase} {_tested(p_value)}{_detectable(one, by)}."


def _tested(p_value: float) -> str:
    if math.isnan(p_value):
        return unless_withheld("no test of interaction", p_value)
    return f"{format_p_statement(p_value)} for interaction"


def _detectable(one: Interactions, by: Subgroups) -> str:
    """The least factor between the ratios of two subgroups that the test finds."""
    keys = [by.of(x, group) for x in by.levels[1:] for group in one.exposure.levels[1:]]
    values = [one.results.value(key, "detectable_ratio_of_hazard_ratios") for key in keys]
    known = [x for x in values if not math.isnan(x)]
    if not known:
        return ""
    power = format_percent(constant(POWER, "power asked of a design"))
    factor = format_ratio(min(known))
    return f", with {power} power for ratios that differ by a factor of {factor} or more"


def _warning(several: tuple[Interactions, ...]) -> str:
    tests = [
        one.results.value(by.test_key, "lr_p_value") for one in several for by in one.variables
    ]
    notable = number_of([x for x in tests if x < NOTABLE_P])
    bound = constant(NOTABLE_P, "P below which a difference is told")
    found = f"{format_count(notable)} of them" if notable else "none of them"
    below = f"{found} {'are' if notable > 1 else 'is'} below"
    if len(tests) == 1:
        below = f"it is {'' if notable else 'not '}below"
    return (
        f"{agreeing(len(tests), 'This is', 'These are')} {counted(number_of(tests), 'test')} of "
        f"interaction, exploratory and not adjusted for their number; {below} "
        f"{format_fixed(bound, 2)}. A ratio in one subgroup with an interval beside 1, and in "
        "another with one around it, is no sign of a difference."
    )
