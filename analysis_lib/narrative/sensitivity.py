"""The published conclusion beside its interval, and the other choices, in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import Effect, Key, Ladder, Omitted, Sensitivity
from analysis_lib.analyses.sensitivity import Family
from analysis_lib.cohort import Study
from analysis_lib.comparison import is_default_claims, printed_ratio
from analysis_lib.dictionary import lower_first
from analysis_lib.format import counted, format_count, format_interval, format_percent, format_ratio
from analysis_lib.labels import listed
from analysis_lib.narrative.phrases import (
    Estimate,
    capital,
    compatible,
    estimate_of,
    unless_withheld,
)
from analysis_lib.narrative.prose import Prose, escape, paragraph
from analysis_lib.stats.detectable_effect import POWER

PUBLISHED_ANALYSIS = "cox_as_published_a"


def describe_published_model(study: Study, *ladders: Ladder) -> Prose | Omitted:
    """What the fixed-term model gives here and in print, and what its interval leaves open."""
    effects = [x.as_published for x in ladders if x.as_published is not None]
    if not effects:
        return Omitted(
            f"{capital(study.fixed_model.named)} is of progression-free survival, which is not "
            "among the endpoints; it is left out."
        )
    (effect,) = effects
    concluded = (
        "The published analysis concludes from its model that the groups it compared no longer "
        "differed significantly in progression-free survival."
        if is_default_claims(study.root, study.parameters.claims)
        and any(_printed(study, effect.contrast(level)) for level in effect.exposure.levels[1:])
        else ""
    )
    return paragraph(
        concluded, *(_published(study, effect, level) for level in effect.exposure.levels[1:])
    )


def _published(study: Study, effect: Effect, level: str) -> str:
    estimate = estimate_of(effect.results, effect.contrast(level), "hazard_ratio")
    name = escape(effect.exposure.phrase_of(level))
    if math.isnan(estimate.value):
        return unless_withheld(
            f"In {study.fixed_model.named} the hazard ratio of {name} is not estimable.",
            estimate.value,
        )
    key = effect.contrast(level)
    detectable = effect.results.value(key._replace(statistic="minimum_detectable_hazard_ratio"))
    return (
        f"In {study.fixed_model.named} ({counted(effect.shown.n, 'patient')}, "
        f"{counted(effect.shown.events, 'event')}) the hazard ratio of {name} is "
        f"{_text(estimate)}{_printed(study, key)}. {_open(estimate)}. With "
        f"{counted(effect.events_compared(level), 'event')} in the two groups it has at best "
        f"{format_percent(POWER)} power for a hazard ratio of {format_ratio(detectable)}."
    )


def _printed(study: Study, key: Key) -> str:
    """The article's own estimate, if the claims hold it."""
    printed = printed_ratio(study, key._replace(analysis=PUBLISHED_ANALYSIS))
    if printed is None:
        return ""
    interval = format_interval(printed.low, printed.high, format_ratio)
    return f"; the article prints {format_ratio(printed.value)} ({interval})"


def _open(estimate: Estimate) -> str:
    if not _contains_one(estimate):
        return "Our interval excludes 1"
    return (
        "Our interval contains 1, which is no evidence that there is no difference: "
        f"{compatible(estimate.low, estimate.high)}"
    )


def describe_sensitivity(sensitivity: Sensitivity) -> Prose:
    """A paragraph per model: how far the estimate moves, where 1 lies, what changes nothing."""
    paragraphs = [text for family in sensitivity.families for text in _paragraphs(family)]
    said = " ".join(sensitivity.left_out)
    return Prose("\n\n".join([*paragraphs, said] if said else paragraphs))


def _paragraphs(family: Family) -> list[str]:
    """One a group with an estimate to compare; the others are named together."""
    exposure = family.chosen.exposure
    texts, without, values = [], [], []
    for level in exposure.levels[1:]:
        known = {
            x.specification.label: _estimate(x, level)
            for x in family.others
            if not math.isnan(_estimate(x, level).value)
        }
        if math.isnan(_estimate(family.chosen, level).value) or not known:
            without.append(escape(exposure.label_of(level)))
            values.append(_estimate(family.chosen, level).value)
        else:
            texts.append(_one(family, level, known).text)
    if without:
        said = f"{escape(family.label)}: there is no estimate to compare for {listed(without)}."
        texts.append(unless_withheld(said, *values))
    return texts


def _one(family: Family, level: str, known: dict[str, Estimate]) -> Prose:
    exposure = family.chosen.exposure
    who = f", {escape(exposure.label_of(level))}" if len(exposure.levels) > 2 else ""
    chosen = _estimate(family.chosen, level)
    values = [x.value for x in known.values()]
    return paragraph(
        f"{escape(family.label)}{who}: as specified the hazard ratio is {_text(chosen)}; under "
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
        return Estimate(math.nan, math.nan, math.nan, effect.shown.confidence_level)
    return estimate_of(effect.results, effect.contrast(level), "hazard_ratio")


def _contains_one(estimate: Estimate) -> bool:
    return estimate.low <= 1 <= estimate.high


def _inside(label: str) -> str:
    """A label inside a sentence."""
    return escape(lower_first(label))


def _text(estimate: Estimate) -> str:
    return f"{format_ratio(estimate.value)} ({estimate.interval(format_ratio)})"
