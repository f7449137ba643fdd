"""How alike the groups can be made, where there is nobody to compare, and the unmeasured."""

from __future__ import annotations

from math import isnan

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.describe import IMBALANCE
from analysis_lib.format import (
    agreeing,
    at_row,
    counted,
    digits_beside,
    format_count,
    format_fixed,
    format_number,
    format_ratio,
    is_suppressed,
    number_of,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, population, unless_all_omitted, unless_omitted
from analysis_lib.show.prose import (
    ALL_PATIENTS,
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
    when_shown,
)
from analysis_lib.stats.cox_robust import LeftOut
from analysis_lib.study.study import Study
from analysis_lib.topics.weighting.numbers import Propensity, Scheme, Weighting, largest
from analysis_lib.topics.weighting.survival import WeightedSurvival
from analysis_lib.topics.weighting.unmeasured import ANALYSIS as LEFT_OUT
from analysis_lib.topics.weighting.unmeasured import CENTRE, EValues, LeaveOneOut


def describe_assignment(study: Study) -> Prose:
    """What weights are for where chance assigned the groups; nothing to say where it did not."""
    return paragraph(
        "The groups were assigned at random: nothing confounds their comparison, and what follows "
        "shows how alike chance has made them."
        if study.is_randomised
        else ""
    )


@unless_omitted
def describe_propensity(propensity: Propensity) -> Prose:
    """Who is weighted, by which covariates, and which are left out."""
    key = Key("propensity", population="infused", variable=propensity.exposure.variable)
    n, covariates, coefficients = propensity.results.values(key, "n", "terms", "parameters")
    fixed = "; ".join(
        escape(x) for x in propensity.results.dictionary.phrases(propensity.determined)
    )
    every = counted(at_row(propensity.considered, ALL_PATIENTS), "patient")
    whom = when_shown(f"the {format_count(n)} of {every}", f"those of {every}")
    return paragraph(
        f"The propensity is fitted in {whom} with every covariate, with "
        f"{counted(covariates, 'covariate')} and {counted(coefficients, 'coefficient')}.",
        f"Left out, because the exposure itself fixes its value: {fixed}." if fixed else "",
        "The covariates of some patients are found in one group only, so that their propensity "
        "stands at its limit."
        if propensity.fit.separated
        else "",
    )


@unless_omitted
def describe_balance(weighting: Weighting) -> Prose:
    """Per scheme: what is left of the differences, and of the patients."""
    unweighted, *schemes = weighting.schemes
    _, distances = _imbalance(weighting, unweighted)
    most = largest(distances)
    many = number_of([x for x in distances if x >= IMBALANCE])
    every = counted(number_of(distances), "covariate")
    apart = f"by {format_number(IMBALANCE)} or more standard deviations"
    start = (
        f"Unweighted, {format_count(many)} of {every} {agreeing(many, 'differs', 'differ')} "
        f"{apart}, the largest difference being {_written(most)}."
    )
    otherwise = f"How many of {every} differ {apart} before weighting is suppressed."
    return paragraph(
        otherwise if is_suppressed(most) else start,
        *(_scheme(weighting, scheme) for scheme in schemes),
    )


def _written(difference: float) -> str:
    return format_fixed(difference, digits_beside(difference, 2, IMBALANCE))


def _scheme(weighting: Weighting, scheme: Scheme) -> str:
    out, distances = _imbalance(weighting, scheme)
    most, many = largest(distances), number_of([x for x in distances if x >= IMBALANCE])
    exposure = weighting.exposure
    sizes = []
    for level in exposure.levels:
        where = population("infused", exposure, level)
        row = weighting.results.row(
            Key(scheme.analysis, population=where, statistic="effective_sample_size")
        )
        size = f"{format_number(row.value)} of {format_count(row.n or 0)}"
        sizes.append(f"{size} in {group_phrase(exposure, level)}")
    effective = when_shown(f", at an effective size of {listed(sizes)}")
    left = (
        f"{format_count(many)} of them still {'does' if len(out) == 1 else 'do'}: {'; '.join(out)}"
        if out
        else "none does"
    )
    return (
        f"Under {lower_first(scheme.label)} weights {left} (largest {_written(most)}){effective}."
    )


def _imbalance(weighting: Weighting, scheme: Scheme) -> tuple[list[str], list[float]]:
    """The covariates that differ by the bound or more in any contrast, and the largest of each."""
    out, distances = [], []
    for variable in weighting.variables:
        values = [
            row.value
            for row in weighting.results
            if (row.key.analysis, row.key.variable) == (scheme.analysis, variable.name)
            and row.key.statistic == "standardized_difference"
        ]
        most = largest(values)
        distances.append(0.0 if isnan(most) and not is_suppressed(most) else most)
        if distances[-1] >= IMBALANCE:
            out.append(escape(variable.phrase))
    return out, distances


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
        f"{_reading(overlap, several=len(exposure.levels) > 2, assigned=one.assigned)}"
    )


def _under(scheme: Scheme) -> str:
    plain = scheme.name == "none"
    return lower_first(scheme.label) if plain else f"under {lower_first(scheme.label)} weights"


def _reading(estimate: Estimate, *, several: bool, assigned: bool) -> str:
    whom = f"In the patients who could have been in {'any' if several else 'either'} group"
    if estimate.low > 1 or estimate.high < 1:
        open_ = "" if assigned else "; what was not recorded may still differ"
        return f"{whom} the interval excludes 1 on the side of a {estimate.side} hazard{open_}."
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
            f"{escape(one.outcome_label)}, {who}: to explain the adjusted hazard ratio, something "
            "unmeasured would have to go with exposure and endpoint by a risk ratio of "
            f"{format_ratio(found)} each{end}."
        )
    return Prose("\n\n".join(texts) or "No adjusted hazard ratio has an estimate to explain.")


@unless_all_omitted
def describe_leave_one_out(*parts: LeaveOneOut) -> Prose:
    """The range of the adjusted hazard ratio, and whether any one centre decides about 1."""
    return in_paragraphs(_range(one, level) for one in parts for level in one.without)


def _events_without(one: LeaveOneOut, key: Key, left: LeftOut) -> float:
    """The events without one centre."""
    return one.results.value(key._replace(variable=CENTRE, level=left.label), "events")


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
    lost = number_of([_events_without(one, key, x) for x in found if isnan(x.hazard_ratio)])
    crossing = number_of(
        [
            _events_without(one, key, x)
            for x in found
            if not isnan(x.hazard_ratio)
            and (x.interval[0] <= 1 <= x.interval[1]) != whole.contains_one
        ]
    )
    verdict = "whichever centre is left out, the interval says the same about 1"
    if crossing:
        each = "one of them" if crossing == 1 else f"any one of {format_count(crossing)} of them"
        verdict = f"without {each} the interval says otherwise about 1 than that of all"
    centres = counted(number_of([_events_without(one, key, x) for x in found]), "centre")
    gone = f" Without {format_count(lost)} of them there is no estimate." if lost else ""
    return (
        f"{who}: without one of {centres} at a time the adjusted hazard ratio lies between "
        f"{format_ratio(low)} and {format_ratio(high)}, and with all of them it is "
        f"{whole.as_ratio}; {verdict}.{gone}"
    )
