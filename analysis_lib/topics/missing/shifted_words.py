"""Whether the conclusion turns where imputed values are taken to be other than those recorded."""

from __future__ import annotations

import math

from analysis_lib.format import constant, format_number, format_ratio
from analysis_lib.results.rows import unless_omitted
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
)
from analysis_lib.topics.missing import COMPARED, EVERYONE, SHIFTS
from analysis_lib.topics.missing.shifted import Shifted

LITTLE = 1.1  # a ratio that moves by less than this factor has hardly moved


@unless_omitted
def describe_shifted(shifted: Shifted) -> Prose:
    """A paragraph per endpoint and group."""
    return in_paragraphs(
        _described(shifted, outcome, level)
        for outcome in shifted.outcomes
        for level in shifted.exposure.levels[1:]
    )


def _described(shifted: Shifted, outcome: str, level: str) -> Prose:
    whom = f"{escape(shifted.results.dictionary[outcome].label)}"
    whom += of_several(shifted.exposure, level)
    start = estimate_of(shifted.results, shifted.unshifted(outcome, level), "hazard_ratio")
    found = _found(shifted, outcome, level)
    if math.isnan(start.value) or any(math.isnan(x.value) for x in found.values()):
        text = f"{whom}: the ratios under a shift cannot be compared."
        return Prose(unless_withheld(text, start.value, *(x.value for x in found.values())))
    values = [x.value for x in found.values()]
    ends = " and ".join(map(format_ratio, (min(values), max(values))))
    turned = [at for at, x in found.items() if x.contains_one != start.contains_one]
    return paragraph(
        f"{whom}: without a shift the hazard ratio is {start.as_ratio}; with the imputed values of "
        f"one covariate shifted by up to {_size(max(SHIFTS))} log odds or standard "
        f"deviations it lies between {ends}.",
        _turned(shifted, level, turned) if turned else _firm(start),
        _edge(start, values) if turned else "",
    )


def _found(shifted: Shifted, outcome: str, level: str) -> dict[tuple[str, str, float], Estimate]:
    """The ratio under every shift, the smallest shifts first."""
    places = [
        (name, scope, shift)
        for shift in sorted(SHIFTS, key=abs)
        for name in shifted.covariates
        for scope in (EVERYONE, COMPARED)
    ]
    return {
        (name, scope, shift): estimate_of(
            shifted.results, shifted.key(outcome, name, level, scope, shift), "hazard_ratio"
        )
        for name, scope, shift in places
    }


def _firm(start: Estimate) -> str:
    return f"Every interval {'contains' if start.contains_one else 'excludes'} 1, as it does there."


def _turned(shifted: Shifted, level: str, turned: list[tuple[str, str, float]]) -> str:
    name, scope, shift = turned[0]
    where = "everyone" if scope == EVERYONE else f"{group_phrase(shifted.exposure, level)} alone"
    return (
        "Whether its interval contains 1 turns first where "
        f"{escape(shifted.results.dictionary[name].phrase)} is shifted by {_size(shift)} "
        f"in {where}."
    )


def _edge(start: Estimate, values: list[float]) -> str:
    """Said where the interval turns though the ratio hardly moves."""
    if max(max(values) / start.value, start.value / min(values)) >= LITTLE:
        return ""
    return (
        "The ratio hardly moves; the end of its interval lies so close to 1 that neither verdict "
        "carries far."
    )


def _size(shift: float) -> str:
    return format_number(constant(shift, "shift of imputed values, in log odds or deviations"))
