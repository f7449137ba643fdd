"""How many more are free of the event among patients alike, and whether the estimators agree."""

from __future__ import annotations

import math

from analysis_lib.estimates.random_part import origin_sentence
from analysis_lib.format import (
    constant,
    counted,
    format_count,
    format_number,
    format_points,
    number_of,
)
from analysis_lib.results.rows import unless_all_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    escape,
    estimate_of,
    group_phrase,
    in_paragraphs,
    of_several,
    paragraph,
    unless_withheld,
    when_shown,
)
from analysis_lib.stats.standardised_survival import CRUDE, OUTCOME
from analysis_lib.topics.standardised.numbers import Standardised

POINTS_APART = constant(0.05, "estimates that lie no farther apart are said to agree")


@unless_all_omitted
def describe_standardised(*several: Standardised) -> Prose:
    """A paragraph per endpoint and group: the last landmark, crude and by every estimator."""
    texts = [_described(one, level) for one in several for level in one.exposure.levels[1:]]
    origin = origin_sentence(several[0].results, several[0].whole)
    return in_paragraphs([*texts, origin] if origin else texts)


def _described(one: Standardised, level: str) -> Prose:
    time = one.landmarks[-1]
    whom = f"{escape(one.outcome_label)}{of_several(one.exposure, level)}"
    found = {name: _difference(one, name, level, time) for name in one.names}
    if math.isnan(found[OUTCOME].value):
        return Prose(
            unless_withheld(
                f"{whom}: at {format_number(time)} months the standardised difference is not "
                "estimable.",
                found[OUTCOME].value,
            )
        )
    return paragraph(
        f"{whom}: {_survival(one, level, time)}",
        _reading(found[OUTCOME]),
        _others(found),
    )


def _difference(one: Standardised, name: str, level: str, time: float) -> Estimate:
    return estimate_of(one.results, one.contrast(name, level, time), "survival_difference")


def _survival(one: Standardised, level: str, time: float) -> str:
    shares = [
        estimate_of(one.results, one.of_group(OUTCOME, x, time), "survival")
        for x in (level, one.exposure.reference)
    ]
    texts = [f"{format_points(x.value)}% ({x.interval(format_points)})" for x in shares]
    n = one.results.value(one.whole, "n")
    everyone = when_shown(counted(n, "patient"), "patients")
    return (
        f"had all {everyone} with every covariate been in "
        f"{group_phrase(one.exposure, level)}, {texts[0]} would be free of the event at "
        f"{format_number(time)} months, and {texts[1]} had all been in "
        f"{group_phrase(one.exposure)}."
    )


def _reading(found: Estimate) -> str:
    numbers = (
        f"That is a difference of {format_points(found.value)} percentage points "
        f"({found.interval(format_points)})"
    )
    if math.isnan(found.low) or math.isnan(found.high):
        return f"{numbers}."
    if found.low <= 0 <= found.high:
        return f"{numbers}, which is unclear."
    return f"{numbers}: {'more' if found.value > 0 else 'fewer'} would be free of the event."


def _others(found: dict[str, Estimate]) -> str:
    """The crude difference, and how far the adjusted ones lie apart."""
    crude = found[CRUDE]
    said = ""
    if not math.isnan(crude.value):
        said = f"The crude one is {format_points(crude.value)} ({crude.interval(format_points)}). "
    adjusted = [x.value for name, x in found.items() if name != CRUDE and not math.isnan(x.value)]
    if len(adjusted) < 2:
        return said.rstrip()
    near = max(adjusted) - min(adjusted) <= POINTS_APART
    low, high = (format_points(x(adjusted)) for x in (min, max))
    bound = format_points(POINTS_APART)
    far = f"more than {bound} points apart: the answer rests on the model"
    return (
        f"{said}The {format_count(number_of(adjusted))} adjusted estimates lie between {low} and "
        f"{high}, {f'within {bound} points of each other' if near else far}."
    )
