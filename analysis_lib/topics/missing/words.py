"""Which variable misses most, and what the models are with gaps imputed, in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import Variable
from analysis_lib.estimates.random_part import origin_sentence
from analysis_lib.format import (
    MARK,
    agreeing,
    at_row,
    counted,
    format_count,
    format_fixed,
    format_percent,
    is_suppressed,
    number_of,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.frequencies import difference_sentence
from analysis_lib.show.prose import (
    ALL_PATIENTS,
    Estimate,
    Prose,
    escape,
    estimate_of,
    group_phrase,
    lacking_key,
    of_several,
    paragraph,
    ratio_of,
    unless_withheld,
    when_shown,
)
from analysis_lib.topics.missing.imputed import Imputed, Pair
from analysis_lib.topics.missing.numbers import MissingData
from analysis_lib.topics.missing.patterns import part_of

LEAST_SHOWN = 0.00005  # of four decimals
_VALUES, _PATTERNS = "missing_values", "missing_patterns"


def describe_missing_data(missing: MissingData) -> Prose:
    """The variable missing most by share, its difference between the groups, then the models."""
    return paragraph(*_variables(missing), *_models(missing), _patterns(missing))


def _variables(missing: MissingData) -> list[str]:
    lacking, whole = (
        [missing.results.value(_key(x), "count") for x in some]
        for some in (missing.variables, missing.complete)
    )
    asked = number_of([*lacking, *whole])
    if not missing.variables:
        return [
            f"None of {counted(asked, 'variable')} lacks a value in a patient whom it concerns."
        ]
    known = [v for v in missing.variables if not is_suppressed(_share(missing, v))]
    most = max(known or missing.variables, key=lambda v: _share(missing, v))
    row = missing.results.row(_key(most), "count")
    numbers = f"{format_count(row.value)} of {format_count(row.denominator or 0)}"
    share = format_percent(_share(missing, most))
    part = f" {part_of(most)}" if part_of(most) else ""
    shown = ", of those shown," if len(known) < len(missing.variables) else ""
    often = when_shown(
        f"Missing most often{shown} is {escape(most.phrase)}: in {numbers}{part} ({share}).",
        f"{MARK}.",
    )
    some = number_of(lacking)
    sentences = [
        f"Of {counted(asked, 'variable')} {format_count(some)} {agreeing(some, 'lacks', 'lack')} a "
        f"value in someone whom {agreeing(some, 'it concerns', 'they concern')}. {often}",
        *_differences(missing, most),
    ]
    return [*sentences, _unbalanced(missing)]


def _share(missing: MissingData, variable: Variable) -> float:
    return missing.results.value(_key(variable), "proportion")


def _key(variable: Variable) -> Key:
    return Key(_VALUES, population="infused", variable=variable.name, level="missing")


def _differences(missing: MissingData, variable: Variable) -> list[str]:
    """Each group against the reference; of many groups the table says it."""
    groups = missing.grouping
    if len(groups.levels) > 3:
        return []
    return [
        difference_sentence(
            f"a missing value of {escape(variable.phrase)}",
            group_phrase(groups, level),
            group_phrase(groups),
            estimate_of(
                missing.results,
                _key(variable)._replace(contrast=groups.against(level)),
                "difference",
            ),
            None,
        )
        for level in groups.levels[1:]
    ]


def _unbalanced(missing: MissingData) -> str:
    """The variables whose shares missing differ by more than chance would have them differ."""
    groups, differing = missing.grouping, dict[str, float]()
    for variable in missing.variables:
        found = [
            estimate_of(
                missing.results,
                _key(variable)._replace(contrast=groups.against(level)),
                "difference",
            )
            for level in groups.levels[1:]
        ]
        if any(is_suppressed(x.value) for x in found):
            return f"{MARK}."  # it may be one of them
        if any(x.low > 0 or x.high < 0 for x in found):
            differing[escape(variable.phrase)] = found[0].value
    lacking = [missing.results.value(_key(x), "count") for x in missing.variables]
    if not differing:
        return "For no variable does the interval of the difference between groups exclude zero."
    return (
        "The interval of the difference between groups excludes zero for "
        f"{format_count(number_of(differing.values()))} of {format_count(number_of(lacking))}: "
        f"{listed(list(differing))}."
    )


def _models(missing: MissingData) -> list[str]:
    parts = []
    for model in missing.models:
        row = missing.results.row(model.key)
        used, considered = format_count(row.value), format_count(row.denominator or 0)
        parts.append(f"{used} of {considered} patients for the {model.label}")
    return [f"Every covariate is recorded in {listed(parts)}."]


def _patterns(missing: MissingData) -> str:
    """The covariates that are missing together most often."""
    named = [x for x in missing.patterns if x.missing]
    if missing.results.small_cell:
        return ""
    if not named:
        return "No covariate of these models is missing in anyone."
    labels = {v.name: escape(v.phrase) for v in missing.covariates}
    first = named[0]
    key = Key(_PATTERNS, population="infused", level=first.level)
    count, share = missing.results.values(key, "count", "proportion")
    what = listed(labels[name] for name in first.missing or ())
    alone = "alone" if len(first.missing or ()) == 1 else "together"
    return (
        f"The most frequent gap is {what} {alone}, in {counted(count, 'patient')} "
        f"({format_percent(share)})."
    )


@unless_omitted
def describe_imputed(imputed: Imputed) -> Prose:
    """What is missing; then each model in its complete cases and imputed."""
    gaps = listed(
        f"{escape(imputed.results.dictionary[name].phrase)} "
        f"({format_count(at_row(count, lacking_key(name)))})"
        for name, count in imputed.incomplete
    )
    sentences = [
        f"Not recorded, of {format_count(at_row(imputed.patients, ALL_PATIENTS))} "
        f"{escape(imputed.results.dictionary.own_words('infused patients'))}: {gaps}. "
        f"{format_count(imputed.imputations)} completed copies are pooled."
        f"{_left_by_copies(imputed)}",
        origin_sentence(imputed.results, imputed.pairs[0].imputed.key),
    ]
    for pair in imputed.pairs:
        sentences += [_pair(pair, level) for level in pair.complete.exposure.levels[1:]]
    return paragraph(*sentences)


def _left_by_copies(imputed: Imputed) -> str:
    """The largest Monte Carlo errors of the pooled estimates."""
    errors = [
        [
            row.value
            for row in imputed.results
            if row.key.statistic == name and row.value == row.value
        ]
        for name in ("coefficient_mc_error", "p_value_mc_error")
    ]
    if not all(errors):
        return ""
    of_coefficient, of_p = (format_fixed(max(x), 4) for x in errors)
    in_p = f"of {of_p}" if max(errors[1]) >= LEAST_SHOWN else "less than 0.0001"
    return (
        f" Their number leaves a Monte Carlo error of at most {of_coefficient} in the logarithm of "
        f"a hazard ratio and {in_p} in a P value."
    )


def _pair(pair: Pair, level: str) -> str:
    exposure = pair.complete.exposure
    who = of_several(exposure, level)
    complete, imputed = (ratio_of(x, level) for x in (pair.complete, pair.imputed))
    if math.isnan(complete.value) or math.isnan(imputed.value):
        return unless_withheld(
            f"{escape(pair.label)}{who}: the two cannot be compared.", complete.value, imputed.value
        )
    sizes = [
        when_shown(f"{format_count(x.results.value(x.key, 'n'))} ", otherwise)
        for x, otherwise in ((pair.complete, ""), (pair.imputed, "all "))
    ]
    return (
        f"{escape(pair.label)}{who}: {complete.as_ratio} in {sizes[0]}complete cases, "
        f"{imputed.as_ratio} in {sizes[1]}with gaps imputed; {_about_one(complete, imputed)}."
    )


def _about_one(first: Estimate, second: Estimate) -> str:
    inside = [x.contains_one for x in (first, second)]
    if inside[0] == inside[1]:
        return "both intervals contain 1" if inside[0] else "both intervals exclude 1"
    return (
        "the first interval contains 1 and the second does not"
        if inside[0]
        else "the first interval excludes 1 and the second does not"
    )
