"""The exposure's hazard ratio from rung to rung and under other choices, in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import FittedEffect
from analysis_lib.format import (
    at_row,
    counted,
    format_count,
    format_percent,
    format_ratio,
    number_of,
)
from analysis_lib.labels import listed
from analysis_lib.marks import alike
from analysis_lib.results.rows import Omitted
from analysis_lib.show.effects import events_compared
from analysis_lib.show.model_lines import describe_diagnostics
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    capital,
    compatible,
    considered,
    escape,
    group_phrase,
    in_paragraphs,
    lacking_key,
    of_several,
    paragraph,
    ratio_of,
    unless_withheld,
    versus,
    when_shown,
)
from analysis_lib.topics.effect.centre_words import describe_variants
from analysis_lib.topics.effect.numbers import Family, Ladder, Sensitivity


def describe_baseline_terms(ladder: Ladder) -> Prose:
    """What the primary model cannot be adjusted for, and whom it leaves out."""
    effect = ladder.baseline
    dictionary = ladder.results.dictionary
    same = [escape(x) for x in dictionary.phrases(ladder.left_out)]
    missing = [
        escape(dictionary[name].phrase)
        + when_shown(f": {format_count(at_row(count, lacking_key(name)))}")
        for name, count in effect.excluded.items()
    ]
    lacking = ladder.results.value(effect.key, "excluded")
    whole = considered(ladder.results, effect.key, effect.considered)
    return paragraph(
        "" if effect.specification.terms else "No covariate is left to adjust for.",
        f"The same in every patient, and so left out: {'; '.join(same)}." if same else "",
        when_shown(
            f"The primary model holds {format_count(effect.shown.n)} of {format_count(whole)} "
            f"{escape(dictionary.own_words('infused patients'))}."
        ),
        f"{_lacking(lacking)} a value ({'; '.join(missing)})." if missing else "",
    )


def _lacking(n: float) -> str:
    return when_shown(f"{format_count(n)} {'lacks' if n == 1 else 'lack'}", "Some patients lack")


def describe_ladder(*ladders: Ladder) -> Prose:
    """A paragraph per endpoint and group: the rungs, what moved, what the interval allows."""
    paragraphs = [text for ladder in ladders for text in _paragraphs(ladder)]
    return in_paragraphs(paragraphs)


def describe_primary_models(*ladders: Ladder) -> Prose:
    """A paragraph per endpoint: events per parameter and proportional hazards."""
    texts = []
    for ladder in ladders:
        said = describe_diagnostics(ladder.baseline)
        texts.append(f"{escape(ladder.outcome_label)}: {lower_first(str(said))}")
    return in_paragraphs(texts)


def _paragraphs(ladder: Ladder) -> list[str]:
    """One a group that every rung can estimate; the others are named together."""
    levels = ladder.exposure.levels[1:]
    known = [
        level
        for level in levels
        if not any(math.isnan(ratio_of(rung, level).value) for rung in ladder.rungs[:3])
    ]
    without = [x for x in levels if x not in known]
    names = [escape(ladder.exposure.label_of(x)) for x in without]
    texts = [_one(ladder, level).text for level in known]
    if names:
        values = [ratio_of(rung, x).value for x in without for rung in ladder.rungs[:3]]
        said = (
            f"{escape(ladder.outcome_label)}: not on every rung is there an estimate against "
            f"{group_phrase(ladder.exposure)} for "
            f"{listed(names)}, so the rungs cannot be compared."
        )
        texts.append(unless_withheld(said, *values))
    return texts


def _one(ladder: Ladder, level: str) -> Prose:
    crude, among, adjusted = (ratio_of(x, level) for x in ladder.rungs[:3])
    return paragraph(
        _rungs(ladder, level),
        _moves(crude, among, adjusted)
        if ladder.crude.shown.n != ladder.baseline.shown.n
        else f"Nobody lacks a covariate; the adjustment {_move(among, adjusted)}.",
        _ones(crude, among, adjusted),
        _robust(ladder, level),
        describe_variants(ladder, level),
        _detectable(ladder, level),
    )


def _rungs(ladder: Ladder, level: str) -> str:
    crude, among, adjusted = (ratio_of(x, level).as_ratio for x in ladder.rungs[:3])
    size = when_shown(f"the {format_count(ladder.baseline.shown.n)}", "those")
    return (
        f"{escape(ladder.outcome_label)}: the crude hazard ratio of "
        f"{versus(ladder.exposure, level)} is {crude} in all {format_count(ladder.crude.shown.n)} "
        f"{ladder.results.dictionary.infused or 'patients'} and {among} in {size} of the "
        f"adjusted model; adjusted for baseline covariates it is {adjusted}."
    )


def _moves(crude: Estimate, among: Estimate, adjusted: Estimate) -> str:
    """Which of the two steps moves the estimate, and in which direction, as it is printed."""
    first, second = _move(crude, among), _move(among, adjusted)
    if first == second:
        return f"Leaving out the patients without a covariate {first}, and so does the adjustment."
    return f"Leaving out the patients without a covariate {first}; the adjustment {second}."


def _move(before: Estimate, after: Estimate) -> str:
    if alike([format_ratio(before.value)], [format_ratio(after.value)]):
        return "leaves the estimate where it is"
    start, end = math.log(before.value), math.log(after.value)
    if start * end < 0:
        return "moves the estimate to the other side of 1"
    nearer = "towards" if abs(end) < abs(start) else "away from"
    return f"moves the estimate {nearer} 1"


def _ones(crude: Estimate, among: Estimate, adjusted: Estimate) -> str:
    """Which intervals contain 1; one that does is never read as equality."""
    contains = [x.contains_one for x in (crude, among, adjusted)]
    if not contains[-1]:
        crude_ones = "as do both crude ones" if not any(contains) else "though not every crude one"
        side = f"on the side of a {adjusted.side} hazard"
        return f"The adjusted interval excludes 1 {side}, {crude_ones}."
    open_ = f"no evidence that there is no difference: {compatible(adjusted.low, adjusted.high)}"
    if all(contains):
        return f"All three intervals contain 1, which is {open_}."
    if not any(contains[:2]):
        return f"Both crude intervals exclude 1 and the adjusted one contains it, which is {open_}."
    return f"One crude interval and the adjusted one contain 1, which is {open_}."


def _robust(ladder: Ladder, level: str) -> str:
    if isinstance(ladder.errors, Omitted):
        return escape(ladder.errors.reason)
    key = ladder.baseline.contrast(level)
    low, high = ladder.results.values(key, "robust_ci_low", "robust_ci_high")
    if math.isnan(low):
        return ""
    clusters = ladder.results.value(ladder.baseline.key, "clusters")
    own = Estimate(math.nan, low, high, ladder.results.confidence_level)
    model = ratio_of(ladder.baseline, level)
    width = "wider" if math.log(high / low) > math.log(model.high / model.low) else "narrower"
    differs = own.contains_one != model.contains_one
    verdict = "and decides otherwise about 1" if differs else "and says the same about 1"
    return (
        f"With errors by centre ({counted(clusters, 'centre')}) the adjusted "
        f"interval is {width} ({own.interval(format_ratio)}) {verdict}."
    )


def _detectable(ladder: Ladder, level: str) -> str:
    key = ladder.baseline.contrast(level)._replace(statistic="minimum_detectable_hazard_ratio")
    ratio, power = ladder.results.value(key), ladder.results.value(key, "power")
    if math.isnan(ratio):
        return ""
    return (
        f"With {events_compared(ladder.results, ladder.baseline, level)} the adjusted comparison "
        "has at best "
        f"{format_percent(power)} power for a hazard ratio of {format_ratio(ratio)}."
    )


PUBLISHED_ANALYSIS = "cox_as_published_a"


def describe_sensitivity(sensitivity: Sensitivity) -> Prose:
    """A paragraph per model: how far the estimate moves, where 1 lies, what changes nothing."""
    paragraphs = [text for family in sensitivity.families for text in _of_family(family)]
    said = " ".join(sensitivity.left_out)
    return in_paragraphs([*paragraphs, said] if said else paragraphs)


def _of_family(family: Family) -> list[str]:
    """One a group with an estimate to compare; the others are named together."""
    exposure = family.chosen.exposure
    texts, without, values = [], [], []
    for level in exposure.levels[1:]:
        known = {
            x.label: _known_estimate(x, level)
            for x in family.others
            if not math.isnan(_known_estimate(x, level).value)
        }
        if math.isnan(_known_estimate(family.chosen, level).value) or not known:
            without.append(escape(exposure.label_of(level)))
            values.append(_known_estimate(family.chosen, level).value)
        else:
            texts.append(_choices_of_one(family, level, known).text)
    if without:
        said = f"{escape(family.label)}: there is no estimate to compare for {listed(without)}."
        texts.append(unless_withheld(said, *values))
    return texts


def _choices_of_one(family: Family, level: str, known: dict[str, Estimate]) -> Prose:
    exposure = family.chosen.exposure
    who = of_several(exposure, level)
    chosen = _known_estimate(family.chosen, level)
    values = [x.value for x in known.values()]
    low, high = format_ratio(min(values)), format_ratio(max(values))
    under = f"{format_count(number_of(values))} other {'choice' if len(known) == 1 else 'choices'}"
    return paragraph(
        f"{escape(family.label)}{who}: as specified the hazard ratio is {chosen.as_ratio}; under "
        f"{under} it {'is ' + low if alike([low], [high]) else f'lies between {low} and {high}'}.",
        "" if _changes_nothing(chosen, known) else _crossing(chosen, known),
        _unchanged(family, level),
    )


def _changes_nothing(chosen: Estimate, known: dict[str, Estimate]) -> bool:
    """Whether every choice comes to the same in these patients."""
    return all(math.isclose(x.value, chosen.value, rel_tol=1e-9) for x in known.values())


def _crossing(chosen: Estimate, known: dict[str, Estimate]) -> str:
    """Which choices decide otherwise about 1 than the one that was made."""
    word = {True: "contains", False: "excludes"}
    otherwise = [
        _inside(name) for name, x in known.items() if x.contains_one != chosen.contains_one
    ]
    mine = word[chosen.contains_one]
    if not otherwise:
        return f"The interval {mine} 1 under each of them."
    other = word[not chosen.contains_one]
    return f"The interval as specified {mine} 1; it {other} it under: {'; '.join(otherwise)}."


def _unchanged(family: Family, level: str) -> str:
    """Choices under which the same patients have the same events, so that nothing is learnt."""
    chosen = _known_estimate(family.chosen, level).value
    same = [
        _inside(x.label)
        for x in family.others
        if math.isclose(_known_estimate(x, level).value, chosen, rel_tol=1e-9)
    ]
    if not same:
        return ""
    return f"{capital('; '.join(same))}: this changes neither patients nor events."


def _known_estimate(effect: FittedEffect, level: str) -> Estimate:
    if level not in effect.exposure.levels:
        return Estimate(math.nan, math.nan, math.nan, effect.shown.confidence_level)
    return ratio_of(effect, level)


def _inside(label: str) -> str:
    """A label inside a sentence."""
    return escape(lower_first(label))
