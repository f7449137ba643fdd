"""Hazard ratios: the ratio against its interval, a P value of the same contrast, the events."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding
from analysis_lib.audit.level_counts import all_patients, patients_at_level
from analysis_lib.audit.survival_words import contrast_words, endpoint_words, group_words
from analysis_lib.audit.triples import Triple, find_triples
from analysis_lib.audit.wald import Wald, wald
from analysis_lib.audit.windows import window
from analysis_lib.audit.words import printed_p
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import EN_DASH, format_fixed, format_interval, format_p

RULE = "hazard ratios"


def hazard_ratio_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per hazard ratio with an interval; R: confint(coxph(...)), symmetric in log."""
    return [
        _of_triple(triple, claims, dictionary) for triple in find_triples(claims, "hazard_ratio")
    ]


def _of_triple(triple: Triple, claims: Sequence[Claim], dictionary: Dictionary) -> Finding:
    known = wald(triple)
    p_value = _p_value_of(triple, claims)
    cited = triple.claims if p_value is None else (*triple.claims, p_value.claim_id)
    if not triple.in_order:
        verdict, text = IMPOSSIBLE, "lies outside its own interval"
    elif known is None:
        verdict = NEEDS_ANOTHER
        text = (
            "is not the middle of its interval on the log scale, which is "
            f"{format_fixed(_middle(triple), triple.estimate.decimals + 1)}: "
            "no Wald interval, or a misprint"
        )
    else:
        verdict, text = _of_information(triple, known, claims, dictionary)
        if verdict == CONSISTENT and p_value is not None:
            verdict, text = _of_p_value(known, p_value, text)
    ends = f"{triple.low.printed}{EN_DASH}{triple.high.printed}"
    sentence = f"the hazard ratio of {triple.estimate.printed} (95% CI {ends}) {text}."
    return about(RULE, _subject(triple, dictionary), verdict, sentence, cited)


def _of_information(
    triple: Triple, known: Wald, claims: Sequence[Claim], dictionary: Dictionary
) -> tuple[str, str]:
    """The standard error against the patients whose events it can come from."""
    total = all_patients(claims)
    if total is not None and known.events_split_evenly > total:
        return IMPOSSIBLE, (
            f"has a narrower interval than {total} patients allow: it needs at least "
            f"{math.ceil(known.events_split_evenly)} events"
        )
    level = triple.key.contrast.partition("_vs_")[0]
    group = group_words(triple.key.variable, level, dictionary)
    at_level = patients_at_level(claims, triple.key.variable, level)
    if at_level is not None and known.events_at_level > at_level:
        return IMPOSSIBLE, (
            f"has a narrower interval than the {at_level} patients of {group} allow: it needs at "
            f"least {known.events_at_level} events among them"
        )
    error = format_interval(known.std_error.low, known.std_error.high, _three_decimals)
    who = "patients" if at_level is None else f"of the {at_level} patients"
    return CONSISTENT, (
        f"is the middle of its interval: standard error {error}, Wald P {_range_of_p(known)}, "
        f"and at least {known.events_at_level} {who} of {group} had the event"
    )


def _of_p_value(known: Wald, p_value: Claim, text: str) -> tuple[str, str]:
    printed = printed_p(p_value)
    if window(p_value).meets(known.p_value):
        return CONSISTENT, f"{text}; the printed {printed} agrees"
    return NEEDS_ANOTHER, (
        f"has a Wald P of {_range_of_p(known)}, but {printed} is printed for the same contrast: "
        "another test, or a misprint"
    )


def _p_value_of(triple: Triple, claims: Sequence[Claim]) -> Claim | None:
    """The P value with the hazard ratio's own key, if one is printed."""
    key = triple.key._replace(statistic="p_value")
    return next((claim for claim in claims if claim.key == key), None)


def _subject(triple: Triple, dictionary: Dictionary) -> str:
    key = triple.key
    contrast = contrast_words(key.variable, key.contrast, dictionary)
    return f"{contrast}, {endpoint_words(key, dictionary)}"


def _middle(triple: Triple) -> float:
    return math.sqrt(max(triple.low.value, 0.0) * triple.high.value)


def _three_decimals(number: float) -> str:
    return format_fixed(number, 3)


def _range_of_p(known: Wald) -> str:
    low, high = format_p(known.p_value.low), format_p(known.p_value.high)
    return low if low == high else f"{low} to {high}"
