"""What the screen is worth, in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.random_part import origin_sentence
from analysis_lib.format import (
    constant,
    format_confidence,
    format_count,
    format_fixed,
    format_percent,
    format_ratio,
    remainder,
)
from analysis_lib.labels import listed
from analysis_lib.marks import alike
from analysis_lib.results.rows import Key, Results, unless_omitted
from analysis_lib.show.prose import Prose, escape, estimate_of, group_phrase, paragraph, ratio_of
from analysis_lib.topics.screening.numbers import ScreenCoverage, ScreenStability
from analysis_lib.topics.screening.penalised import Penalised

ALMOST_ALWAYS = 0.9
SELDOM = 0.5
NOTABLE = 2.0  # Monte Carlo errors
TRUTHS = {
    "baseline": "Where the primary model's covariates act on the hazard",
    "candidates": "Where all candidates act on it, whenever they are known",
}


@unless_omitted
def describe_screen_stability(stability: ScreenStability) -> Prose:
    """How many models the resamples gave, which candidates hold, and what the exposure's ratio
    does.
    """
    return paragraph(
        _models(stability),
        _candidates(stability),
        *(_spread(stability, level) for level in stability.exposure.levels[1:]),
        origin_sentence(stability.results, stability.key),
    )


def _models(stability: ScreenStability) -> str:
    count, distinct, same = stability.results.values(
        stability.key, "resamples", "distinct_models", "same_model"
    )
    if distinct == 1:
        return f"All {format_count(count)} resamples gave the same model."
    return (
        f"{format_count(count)} resamples gave {format_count(distinct)} different models; "
        f"{format_percent(same, 1)} of them gave the model of all patients."
    )


def _candidates(stability: ScreenStability) -> str:
    """Those that pass almost always, and those of the model that pass in less than half."""
    always, seldom = [], []
    for name, label in stability.candidates:
        key = stability.key._replace(variable=name)
        share, enters = stability.results.values(key, "selected", "enters")
        text = f"{escape(lower_first(label))} ({format_percent(share)})"
        if share >= ALMOST_ALWAYS:
            always.append(text)
        elif share < SELDOM and enters:
            forced = ", forced" if name in stability.forced else ""
            seldom.append(f"{text[:-1]}{forced})")
    first = listed(always) if always else "no candidate"
    stable = (
        f"In nine of ten resamples or more passes {first}."
        if len(always) < 2
        else (f"In nine of ten resamples or more pass {first}.")
    )
    return stable + (
        f" In the model, though passing in less than half of them: {listed(seldom)}."
        if seldom
        else ""
    )


def _spread(stability: ScreenStability, level: str) -> str:
    """The exposure's ratio with the screen repeated, beside the terms held."""
    results = stability.results
    keys = [stability.contrast(level, held=held) for held in (False, True)]
    repeated, held = (estimate_of(results, key, "hazard_ratio") for key in keys)
    who = group_phrase(stability.exposure, level)
    if math.isnan(repeated.value) or math.isnan(held.value):
        return f"For {who} too few resamples have an estimate."
    excess = results.value(keys[0]._replace(statistic="excess_std_error"))
    share = format_percent(excess if excess > 0 else remainder(constant(0, "none"), excess))
    less = f"{share} {'more' if excess > 0 else 'less'} than"
    more = "as much as" if alike([share], ["0%"]) else less
    return (
        f"The hazard ratio of {who} has the median {format_ratio(repeated.value)} and between its "
        f"percentiles {format_ratio(repeated.low)} to {format_ratio(repeated.high)}; on the log "
        f"scale it varies {more} with the terms held."
    )


@unless_omitted
def describe_screen_coverage(coverage: ScreenCoverage) -> Prose:
    """Coverage and bias of the screened model beside those of the model that was fixed before."""
    keys = {(truth, estimator): key for truth, estimator, key in coverage.keys}
    sentences = []
    for truth, opening in TRUTHS.items():
        for level in coverage.exposure.levels[1:]:
            pair = [coverage.contrast(keys[truth, x], level) for x in ("screened", "fixed")]
            sentences.append(_beside(coverage, opening, level, *pair))
    sentences.append(origin_sentence(coverage.results, coverage.keys[0][2]))
    return paragraph(*sentences)


def _beside(coverage: ScreenCoverage, opening: str, level: str, screened: Key, fixed: Key) -> str:
    results = coverage.results
    several = len(coverage.exposure.levels) > 2
    who = f" of {group_phrase(coverage.exposure, level)}" if several else ""
    if math.isnan(results.value(screened, "bias")):
        return f"{opening}, no simulated cohort has an estimate{who}."
    name = format_confidence(results.confidence_level)
    return (
        f"{opening}, the {name}{who} holds the true hazard ratio of 1 in "
        f"{_coverage(results, screened)} of the cohorts after the screen and in "
        f"{_coverage(results, fixed)} with the terms fixed{_short(results, screened, fixed)}; "
        f"{_bias(results, screened, fixed)}."
    )


def _short(results: Results, screened: Key, fixed: Key) -> str:
    """Which of the two covers less often than its interval says, beyond the simulation's error."""
    level, less = results.confidence_level, []
    for key in (screened, fixed):
        value, error = _coverage_of(results, key)
        less.append(value < level - NOTABLE * error)
    if not any(less):
        return ""
    who = "both" if all(less) else "the former" if less[0] else "the latter"
    return f", {who} less often than the {format_percent(level)} that it promises"


def _coverage_of(results: Results, key: Key) -> tuple[float, float]:
    value, error = (f"coverage{x}" for x in ("", "_mc_error"))
    return results.value(key, value), results.value(key, error)


def _coverage(results: Results, key: Key) -> str:
    value, error = _coverage_of(results, key)
    return f"{format_percent(value, 1)} (Monte Carlo error {format_percent(error, 1)})"


def _bias(results: Results, screened: Key, fixed: Key) -> str:
    """Which of the two is biased by more than the simulation's own error."""
    found = []
    for key, name in ((screened, "the screened model"), (fixed, "the fixed one")):
        bias, error = (results.value(key, f"bias{x}") for x in ("", "_mc_error"))
        if abs(bias) > NOTABLE * error:
            side = "upwards" if bias > 0 else "downwards"
            found.append(f"{name} is biased {side} (log hazard ratio {format_fixed(bias, 3)})")
    return " and ".join(found) if found else "neither is biased beyond the simulation's own error"


@unless_omitted
def describe_penalised(penalised: Penalised) -> Prose:
    """The exposure's ratio screened, with all candidates, and shrunk: a sentence a group."""
    exposure = penalised.screened.exposure
    sentences = []
    for level in exposure.levels[1:]:
        named = [
            (phrase, ratio_of(effect, level).as_ratio)
            for phrase, effect in (
                ("after the screen", penalised.screened),
                ("with all candidates", penalised.every),
                ("with their coefficients shrunk by ridge", penalised.ridge),
                ("under Firth's penalty", penalised.firth),
            )
            if effect is not None
        ]
        texts = listed(f"{ratio} {phrase}" for phrase, ratio in named)
        sentences.append(f"The hazard ratio of {group_phrase(exposure, level)} is {texts}.")
    if penalised.firth is None:
        sentences.append("For Firth's penalty the events are too few for so many parameters.")
    effective = penalised.results.value(penalised.ridge.key, "parameters")
    whole = penalised.results.value(penalised.every.key, "parameters")
    sentences.append(
        f"Ridge leaves {format_fixed(effective, 1)} effective parameters of "
        f"{format_count(whole)}; what it takes from the covariates it takes from the adjustment."
    )
    return paragraph(*sentences)
