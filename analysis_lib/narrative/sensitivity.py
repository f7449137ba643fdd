"""The published conclusion beside its interval, and the other choices, in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import Effect, Ladder, Omitted, Sensitivity
from analysis_lib.analyses.sensitivity import Family
from analysis_lib.cohort import Study
from analysis_lib.comparison import printed_ratio
from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_count, format_percent, format_ratio
from analysis_lib.narrative.phrases import Estimate, capital, compatible, estimate_of
from analysis_lib.narrative.prose import Prose, escape, paragraph
from analysis_lib.stats.detectable_effect import POWER

PUBLISHED_ANALYSIS = "cox_as_published_a"


def describe_published_model(study: Study, *ladders: Ladder) -> Prose | Omitted:
    """What the article's model gives here and in print, and what its interval leaves open."""
    effects = [x.as_published for x in ladders if x.as_published is not None]
    if not effects:
        return Omitted(
            "The article models progression-free survival, which is not among the endpoints; its "
            "model is left out."
        )
    (effect,) = effects
    return paragraph(*(_published(study, effect, level) for level in effect.exposure.levels[1:]))


def _published(study: Study, effect: Effect, level: str) -> str:
    estimate = estimate_of(effect.results, effect.contrast(level), "hazard_ratio")
    name = escape(effect.exposure.phrase_of(level))
    if math.isnan(estimate.value):
        return f"In the article's model the hazard ratio of {name} is not estimable."
    printed = printed_ratio(study, effect.contrast(level)._replace(analysis=PUBLISHED_ANALYSIS))
    beside = ""
    if printed:
        interval = Estimate(printed.value, printed.low, printed.high, estimate.confidence_level)
        beside = f"; the article prints {_text(interval)}"
    contains = estimate.low <= 1 <= estimate.high
    open_ = (
        "Our interval contains 1, which is no evidence that there is no difference: "
        f"{compatible(estimate.low, estimate.high)}"
        if contains
        else "Our interval excludes 1"
    )
    key = effect.contrast(level)._replace(statistic="minimum_detectable_hazard_ratio")
    return (
        f"In the article's model ({format_count(effect.fit.n)} patients, "
        f"{format_count(effect.fit.events)} events) the hazard ratio of {name} is "
        f"{_text(estimate)}{beside}. {open_}. Its events give at best {format_percent(POWER)} "
        f"power for a hazard ratio of {format_ratio(effect.results.value(key))}."
    )


def describe_sensitivity(sensitivity: Sensitivity) -> Prose:
    """A paragraph per model: how far the estimate moves, where 1 lies, what changes nothing."""
    paragraphs = [
        _family(family, level).text
        for family in sensitivity.families
        for level in family.chosen.exposure.levels[1:]
    ]
    said = " ".join(sensitivity.left_out)
    return Prose("\n\n".join([*paragraphs, said] if said else paragraphs))


def _family(family: Family, level: str) -> Prose:
    exposure = family.chosen.exposure
    who = f", {escape(exposure.label_of(level))}" if len(exposure.levels) > 2 else ""
    found = {x.specification.label: _estimate(x, level) for x in family.others}
    known = {label: x for label, x in found.items() if not math.isnan(x.value)}
    chosen = _estimate(family.chosen, level)
    if math.isnan(chosen.value) or not known:
        return paragraph(f"{family.label}{who}: nothing can be compared, for want of an estimate.")
    values = [x.value for x in known.values()]
    return paragraph(
        f"{family.label}{who}: as specified the hazard ratio is {_text(chosen)}; under "
        f"{format_count(len(known))} other choices it lies between {format_ratio(min(values))} "
        f"and {format_ratio(max(values))}.",
        _crossing(chosen, known),
        _unchanged(family, level),
    )


def _crossing(chosen: Estimate, known: dict[str, Estimate]) -> str:
    """Which choices decide otherwise about 1 than the one that was made."""
    word = {True: "contains", False: "excludes"}
    otherwise = [
        _inside(name) for name, x in known.items() if _contains_one(x) != _contains_one(chosen)
    ]
    mine = word[_contains_one(chosen)]
    if not otherwise:
        return f"The interval {mine} 1 whatever is chosen."
    other = word[not _contains_one(chosen)]
    return f"The interval as specified {mine} 1; it {other} it under: {'; '.join(otherwise)}."


def _unchanged(family: Family, level: str) -> str:
    """Choices under which the same patients have the same events, so that nothing is learnt."""
    chosen = _estimate(family.chosen, level).value
    same = [
        _inside(x.specification.label)
        for x in family.others
        if math.isclose(_estimate(x, level).value, chosen, rel_tol=1e-9)
    ]
    if not same:
        return ""
    return f"{capital('; '.join(same))}: this changes neither patients nor events."


def _estimate(effect: Effect, level: str) -> Estimate:
    if level not in effect.exposure.levels:
        return Estimate(math.nan, math.nan, math.nan, effect.fit.confidence_level)
    return estimate_of(effect.results, effect.contrast(level), "hazard_ratio")


def _contains_one(estimate: Estimate) -> bool:
    return estimate.low <= 1 <= estimate.high


def _inside(label: str) -> str:
    """A label inside a sentence."""
    return escape(lower_first(label))


def _text(estimate: Estimate) -> str:
    return f"{format_ratio(estimate.value)} ({estimate.interval(format_ratio)})"
