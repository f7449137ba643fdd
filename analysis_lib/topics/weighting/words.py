"""How alike the groups can be made, where there is nobody to compare, and the unmeasured."""

from __future__ import annotations

from math import isnan

from analysis_lib.dictionary import Dictionary, Variable, lower_first
from analysis_lib.estimates.describe import IMBALANCE
from analysis_lib.format import (
    MARK,
    counted,
    format_count,
    format_fixed,
    format_number,
    format_percent,
    format_ratio,
    is_suppressed,
)
from analysis_lib.labels import level_label, listed
from analysis_lib.results.rows import Key, Omitted, population, unless_all_omitted, unless_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    compatible,
    escape,
    estimate_of,
    group_phrase,
    in_paragraphs,
    paragraph,
    ratio_of,
    unless_withheld,
    versus,
)
from analysis_lib.topics.weighting.numbers import Propensity, Scheme, Weighting
from analysis_lib.topics.weighting.positivity import EmptyCell, Nested, Positivity, extreme_bounds
from analysis_lib.topics.weighting.survival import WeightedSurvival
from analysis_lib.topics.weighting.unmeasured import ANALYSIS as LEFT_OUT
from analysis_lib.topics.weighting.unmeasured import EValues, LeaveOneOut


@unless_omitted
def describe_propensity(propensity: Propensity) -> Prose:
    """Who is weighted, by which covariates, and which are left out."""
    key = Key("propensity", population="infused", variable=propensity.exposure.variable)
    n = propensity.results.value(key, "n")
    fixed = "; ".join(
        escape(x) for x in propensity.results.dictionary.phrases(propensity.determined)
    )
    return paragraph(
        f"The propensity is fitted in the {format_count(n)} of "
        f"{counted(propensity.considered, 'patient')} with every covariate, with "
        f"{counted(len(propensity.terms), 'covariate')} and "
        f"{counted(propensity.fit.parameters, 'coefficient')}.",
        f"Left out, because the exposure itself fixes its value: {fixed}." if fixed else "",
        "The covariates tell a group apart without exception; its weights stand at their limit."
        if propensity.fit.separated
        else "",
    )


@unless_omitted
def describe_balance(weighting: Weighting) -> Prose:
    """Per scheme: what is left of the differences, and of the patients."""
    unweighted, *schemes = weighting.schemes
    out, largest = _imbalance(weighting, unweighted)
    total = len(weighting.variables)
    start = (
        f"Unweighted, {format_count(len(out))} of {counted(total, 'covariate')} differ by "
        f"{format_number(IMBALANCE)} or more standard deviations, the largest difference being "
        f"{format_fixed(largest, 2)}."
    )
    return paragraph(start, *(_scheme(weighting, scheme) for scheme in schemes))


def _scheme(weighting: Weighting, scheme: Scheme) -> str:
    out, largest = _imbalance(weighting, scheme)
    exposure = weighting.exposure
    sizes = []
    for level in exposure.levels:
        where = population("infused", exposure, level)
        row = weighting.results.row(
            Key(scheme.analysis, population=where, statistic="effective_sample_size")
        )
        size = f"{format_number(row.value)} of {format_count(row.n or 0)}"
        sizes.append(f"{size} in {group_phrase(exposure, level)}")
    left = (
        f"{format_count(len(out))} of them still {'does' if len(out) == 1 else 'do'}: "
        f"{'; '.join(out)}"
        if out
        else "none does"
    )
    return (
        f"Under {lower_first(scheme.label)} weights {left} (largest {format_fixed(largest, 2)}), "
        f"at an effective size of {listed(sizes)}."
    )


def _imbalance(weighting: Weighting, scheme: Scheme) -> tuple[list[str], float]:
    """The covariates that differ by the bound or more in any contrast, and the largest."""
    out, largest = [], 0.0
    for variable in weighting.variables:
        values = [
            row.value
            for row in weighting.results
            if (row.key.analysis, row.key.variable) == (scheme.analysis, variable.name)
            and row.key.statistic == "standardized_difference"
        ]
        largest = max([largest, *(x for x in values if not isnan(x))])
        if any(x >= IMBALANCE for x in values):
            out.append(escape(variable.phrase))
    return out, largest


@unless_all_omitted
def describe_weighted_survival(*weighted: WeightedSurvival) -> Prose:
    """A paragraph per endpoint and group: the weighted hazard ratios and what they leave open."""
    return in_paragraphs(_weighted(x, level) for x in weighted for level in x.exposure.levels[1:])


def _weighted(one: WeightedSurvival, level: str) -> str:
    found = [(effect.scheme, ratio_of(effect, level)) for effect in one.effects]
    exposure = one.exposure
    who = versus(exposure, level)
    if any(isnan(x.value) for _, x in found):
        return unless_withheld(
            f"{escape(one.outcome_label)}: the weighted hazard ratio of {who} is not estimable.",
            *(x.value for _, x in found),
        )
    parts = [f"{x.as_ratio} {_under(scheme)}" for scheme, x in found]
    overlap = found[-1][1]
    return (
        f"{escape(one.outcome_label)}: the marginal hazard ratio of {who} is {listed(parts)}. "
        f"{_reading(overlap, several=len(exposure.levels) > 2)}"
    )


def _under(scheme: Scheme) -> str:
    plain = scheme.name == "none"
    return lower_first(scheme.label) if plain else f"under {lower_first(scheme.label)} weights"


def _reading(estimate: Estimate, *, several: bool) -> str:
    whom = f"In the patients who could have been in {'any' if several else 'either'} group"
    if estimate.low > 1 or estimate.high < 1:
        return (
            f"{whom} the interval excludes 1 on the side of a {estimate.side} hazard; what was not "
            "recorded may still differ."
        )
    return f"{whom} there is no clear difference: {compatible(estimate.low, estimate.high)}."


@unless_omitted
def describe_e_values(values: EValues) -> Prose:
    """The primary model's E-value per endpoint and group."""
    texts = []
    for one in values.lines:
        if one.key.analysis != "cox_ladder_baseline":
            continue
        found, limit = values.results.values(one.key, "e_value", "e_value_limit")
        if isnan(found):
            continue
        who = group_phrase(values.exposure, one.level)
        end = (
            "; its interval contains 1 already"
            if limit == 1
            else f", and by {format_ratio(limit)} each to move its interval to 1"
        )
        texts.append(
            f"{escape(one.outcome_label)}, {who}: a confounder that no covariate stands for "
            "would have to be associated with exposure and endpoint by a risk ratio of "
            f"{format_ratio(found)} each to explain the adjusted hazard ratio{end}."
        )
    return Prose("\n\n".join(texts) or "No adjusted hazard ratio has an estimate to explain.")


@unless_all_omitted
def describe_leave_one_out(*parts: LeaveOneOut) -> Prose:
    """The range of the adjusted hazard ratio, and whether any one centre decides about 1."""
    return in_paragraphs(_range(one, level) for one in parts for level in one.without)


def _range(one: LeaveOneOut, level: str) -> str:
    exposure, outcome = one.effect.exposure, one.outcome
    contrast = exposure.against(level)
    key = Key(LEFT_OUT, outcome, "infused", exposure.variable, level, contrast)
    low, high = one.results.values(key, "minimum", "maximum")
    several = len(exposure.levels) > 2
    group = f", {escape(exposure.label_of(level))}" if several else ""
    who = f"{escape(one.outcome_label)}{group}"
    whole = estimate_of(one.effect.results, one.effect.contrast(level), "hazard_ratio")
    found = one.without[level]
    lost = sum(isnan(x.hazard_ratio) for x in found)
    crossing = sum(
        (x.interval[0] <= 1 <= x.interval[1]) != whole.contains_one
        for x in found
        if not isnan(x.hazard_ratio)
    )
    verdict = "whichever centre is left out, the interval says the same about 1"
    if crossing:
        each = "one of them" if crossing == 1 else f"any one of {format_count(crossing)} of them"
        verdict = f"without {each} the interval says otherwise about 1 than that of all"
    gone = f" Without {format_count(lost)} of them there is no estimate." if lost else ""
    return (
        f"{who}: without one of {counted(len(found), 'centre')} at a time the adjusted hazard "
        f"ratio lies between {format_ratio(low)} and {format_ratio(high)}, of all it is "
        f"{whole.as_ratio}; {verdict}.{gone}"
    )


MOST_NAMED = 6
_ENDS = ("minimum", "maximum")


def describe_positivity(positivity: Positivity) -> Prose:
    """Levels without a patient in a group, columns within columns, propensities at their ends."""
    return paragraph(_empty(positivity), _nested(positivity), _propensity(positivity))


def _empty(positivity: Positivity) -> str:
    if not positivity.empty:
        return "Every level of every categorical covariate occurs in every group."
    structural = [x for x in positivity.empty if x.is_structural]
    named = [_cell(x, positivity) for x in structural[:MOST_NAMED]]
    few = len(positivity.empty) - len(structural)
    more = len(structural) - len(named)
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
    return f"{_level(variable, cell.level)} ({counted(cell.n, 'patient')}) in {arm}"


def _nested(positivity: Positivity) -> str:
    if not positivity.nested:
        return "No level of one covariate lies within a level of another beyond chance."
    dictionary = positivity.results.dictionary
    found = [_within(x, dictionary) for x in positivity.nested[:MOST_NAMED]]
    more = len(positivity.nested) - len(found)
    rest = f"; and {format_count(more)} more" if more else ""
    if any(is_suppressed(x) for x in found):
        return f"{MARK}."  # what follows is another sentence
    return (
        f"Within one another, beyond chance: {'; '.join(found)}{rest}. There, what the one adds "
        "to the other cannot be told from these data in those who lack the other."
    )


def _within(one: Nested, dictionary: Dictionary) -> str:
    inner = _level(dictionary[one.variable], one.level)
    outer = _level(dictionary[one.within], one.within_level)
    return f"all {counted(one.n, 'patient')} with {inner} have {outer}"


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
    counts, ranges = 0.0, []
    for arm in exposure.levels:
        where = population("infused", exposure, arm)
        key = Key("propensity", "", where, exposure.variable, statistic="extreme")
        counts += propensity.results.value(key)
        at = key._replace(level=exposure.levels[1])
        ends = [propensity.results.value(at, x) for x in _ENDS]
        ranges.append(
            f"{format_number(ends[0], digits=2)} to {format_number(ends[1], digits=2)} in "
            f"{group_phrase(exposure, arm)}"
        )
    bounds = f"below {format_percent(low)} or above {format_percent(high)}"
    compared = group_phrase(exposure, exposure.levels[1])
    two = len(exposure.levels) == 2
    spread = f" The propensity for {compared} runs from {listed(ranges)}." if two else ""
    who = (
        "No patient has"
        if not counts
        else f"{counted(counts, 'patient')} {'has' if counts == 1 else 'have'}"
    )
    return f"{who} a propensity for some group {bounds}.{spread}"
