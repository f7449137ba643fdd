"""Where there is nobody to compare, in sentences."""

from __future__ import annotations

from typing import Any

from analysis_lib.dictionary import Dictionary, Variable, lower_first
from analysis_lib.format import (
    MARK,
    at_row,
    counted,
    format_count,
    format_fixed,
    format_percent,
    is_suppressed,
    number_of,
    total,
)
from analysis_lib.labels import level_label, listed
from analysis_lib.results.rows import Key, Omitted, population
from analysis_lib.show.prose import Prose, bullets, escape, group_phrase, paragraph, when_shown
from analysis_lib.study.study import Study
from analysis_lib.topics.weighting.numbers import weigh_groups
from analysis_lib.topics.weighting.positivity import (
    EmptyCell,
    Nested,
    Positivity,
    empty_key,
    extreme_bounds,
    nested_key,
)
from analysis_lib.topics.weighting.unmeasured import leave_one_centre_out

MOST_NAMED = 6
_ENDS = ("minimum", "maximum")


def describe_positivity(positivity: Positivity) -> Prose:
    """Levels without a patient in a group, columns within columns, propensities at their ends."""
    return paragraph(
        _fixed(positivity), _empty(positivity), _nested(positivity), _propensity(positivity)
    )


def _fixed(positivity: Positivity) -> str:
    """Covariates that are the exposure by another name: of them nothing can be held alike."""
    names = positivity.results.dictionary.phrases(positivity.fixed)
    if not names:
        return ""
    said = "; ".join(escape(x) for x in names)
    return (
        "Of one value in each group, so that nobody in one is like anybody in another, and no "
        f"model can tell it from the exposure: {said}."
    )


def _empty(positivity: Positivity) -> str:
    if not positivity.empty:
        other = "other " if positivity.fixed else ""
        return f"Every level of every {other}categorical covariate occurs in every group."
    structural = [x for x in positivity.empty if x.is_structural]
    named = [_cell(x, positivity) for x in structural[:MOST_NAMED]]
    chances = [x for x in positivity.empty if not x.is_structural]
    few = number_of([_held(x, positivity) for x in chances])
    more = number_of([_held(x, positivity) for x in structural[MOST_NAMED:]])
    said = f"Found in no patient of a group, and more than chance: {'; '.join(named)}"
    return " ".join(
        text
        for text in (
            f"{said}{f'; and {format_count(more)} more' if more else ''}." if named else "",
            f"{format_count(few)} {'level is' if few == 1 else 'levels are'} missing in a group "
            "where chance could leave it out."
            if few
            else "",
        )
        if text
    )


def _cell(cell: EmptyCell, positivity: Positivity) -> str:
    arm = group_phrase(positivity.exposure, cell.arm)
    variable = positivity.results.dictionary[cell.variable]
    return (
        f"{_level(variable, cell.level)} ({counted(_held(cell, positivity), 'patient')}) in {arm}"
    )


def _held(cell: EmptyCell, positivity: Positivity) -> Any:
    """The patients of the other groups who hold the level."""
    key = empty_key(positivity.exposure, cell)._replace(statistic="count")
    return at_row(cell.n, key, "denominator")


def _nested(positivity: Positivity) -> str:
    if not positivity.nested:
        return "No level of one covariate lies within a level of another beyond chance."
    dictionary = positivity.results.dictionary
    found = [_within(x, dictionary) for x in positivity.nested[:MOST_NAMED]]
    more = number_of([_nested_count(x) for x in positivity.nested[MOST_NAMED:]])
    rest = f"; and {format_count(more)} more" if more else ""
    if any(is_suppressed(x) for x in found):
        return f"{MARK}."  # what follows is another sentence
    return (
        f"Within one another, beyond chance: {'; '.join(found)}{rest}. There, what the one adds "
        "to the other cannot be told from these data in those who lack the other."
    )


def _nested_count(one: Nested) -> Any:
    return at_row(one.n, nested_key(one)._replace(statistic="count"))


def _within(one: Nested, dictionary: Dictionary) -> str:
    inner = _level(dictionary[one.variable], one.level)
    outer = _level(dictionary[one.within], one.within_level)
    return f"all {counted(_nested_count(one), 'patient')} with {inner} have {outer}"


def _level(variable: Variable, level: str) -> str:
    label = escape(variable.phrase)
    if variable.type == "yes_no":
        return label if level == "yes" else f"no {label}"
    return f"{label}: {escape(lower_first(level_label(variable, level)))}"


def _propensity(positivity: Positivity) -> str:
    propensity = positivity.propensity
    if isinstance(propensity, Omitted):
        return escape(propensity.reason)
    exposure = propensity.exposure
    low, high = extreme_bounds()
    numbers, ranges = list[float](), []
    for arm in exposure.levels:
        where = population("infused", exposure, arm)
        key = Key("propensity", "", where, exposure.variable, statistic="extreme")
        numbers.append(propensity.results.value(key))
        at = key._replace(level=exposure.levels[1])
        ends = [propensity.results.value(at, x) for x in _ENDS]
        ranges.append(
            f"{format_fixed(ends[0], 2)} to {format_fixed(ends[1], 2)} in "
            f"{group_phrase(exposure, arm)}"
        )
    counts = total(*numbers)
    bounds = f"below {format_percent(low)} or above {format_percent(high)}"
    compared = group_phrase(exposure, exposure.levels[1])
    two = len(exposure.levels) == 2
    said = f" The propensity for {compared} runs from {listed(ranges)}."
    spread = when_shown(said) if two else ""  # the ends are single patients'
    who = (
        "No patient has"
        if not counts
        else f"{counted(counts, 'patient')} {'has' if counts == 1 else 'have'}"
    )
    return f"{who} a propensity for some group {bounds}.{spread}"


def describe_limits(study: Study) -> Prose | Omitted:
    """What weights and one centre less cannot say, as far as there are any."""
    weighting = weigh_groups(study)
    by_centre = any(
        not isinstance(leave_one_centre_out(study, x), Omitted) for x in study.parameters.endpoints
    )
    if isinstance(weighting, Omitted) and not by_centre:
        return weighting
    return bullets(
        ""
        if isinstance(weighting, Omitted)
        else "Weights make the groups alike in the covariates of the propensity and in nothing "
        "else. Their errors take them as known, which is on the safe side for "
        "inverse-probability weights.",
        "Leaving out one centre at a time finds a centre on which the ratio rests, and not a "
        "practice that several of them share."
        if by_centre
        else "",
    )
