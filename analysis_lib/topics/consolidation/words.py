"""Consolidation without immortal time: the waiting, the three estimates, the simulation."""

from __future__ import annotations

import math

from analysis_lib.dictionary import lower_first
from analysis_lib.format import counted, format_count, format_number, format_ratio, number_of
from analysis_lib.marks import alike
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    compatible,
    escape,
    estimate_of,
    in_paragraphs,
    paragraph,
)
from analysis_lib.topics.consolidation.estimates import Contrast
from analysis_lib.topics.consolidation.follow_up import (
    CONSOLIDATED,
    RESPONDERS,
    SALVAGE,
    Estimator,
    LandmarkCounts,
)
from analysis_lib.topics.consolidation.numbers import ConsolidationEffects


@unless_omitted
def describe_waiting(counts: LandmarkCounts) -> Prose:
    """How long consolidation took to begin, and what that makes of the time before."""
    results = counts.results
    n, median, first, last = results.values(
        CONSOLIDATED, "n_at_level", "median", "minimum", "maximum"
    )
    began = f"began on day {format_number(first)}"
    if n > 1:
        days = (format_number(x) for x in (first, last, median))
        began = "began between day {} and day {} (median {})".format(*days)
    at = RESPONDERS._replace(time_months=counts.landmarks[0].time_months)
    responders = results.value(at, "n")
    return paragraph(
        f"Of {counted(responders, 'responder')} {format_count(n)} {'was' if n == 1 else 'were'} "
        f"consolidated; it {began}.",
        _salvage(results.value(SALVAGE, "count")),
        _immortal(counts),
    )


def _salvage(n: float) -> str:
    """Treatment outside remission, where there was any."""
    if n == 0:
        return ""
    was, they = ("was", "this one counts") if n == 1 else ("were", "these count")
    return (
        f"Of the others {format_count(n)} {was} treated outside remission: that is salvage, and "
        f"{they} as not consolidated."
    )


def _immortal(counts: LandmarkCounts) -> str:
    """What the waiting was free of by definition, as far as the extract can tell."""
    own_words = counts.results.dictionary.own_words
    if counts.knows_relapse:
        return own_words(
            "Whoever had a relapse or died before could no longer be consolidated in remission, so "
            "that this time free of events is theirs by definition, and no merit of what follows."
        )
    return own_words(
        "Whoever died before could no longer be consolidated, so that this time alive is theirs by "
        "definition, and no merit of what follows. No relapse is recorded, so that consolidation "
        "cannot be told from treatment after one."
    )


@unless_omitted
def describe_triptych(*effects: ConsolidationEffects) -> Prose:
    """A paragraph per endpoint: fixed against time-varying against landmark, and what is open."""
    paragraphs = []
    for one in effects:
        first, *others = one.contrasts
        said = [_contrast(one, first, in_full=True)]
        said += [_contrast(one, x, in_full=False) for x in others]
        paragraphs.append(f"{escape(one.outcome_label)}: {' '.join(said)}")
    return in_paragraphs(paragraphs)


def _contrast(one: ConsolidationEffects, contrast: Contrast, *, in_full: bool) -> str:
    name = escape(lower_first(contrast.label))
    fixed, varying = (_estimate(one, contrast, Estimator(x)) for x in ("fixed", "time_varying"))
    if not (math.isfinite(fixed.value) and math.isfinite(varying.value)):
        beginning = "for" if in_full else "For"
        return f"{beginning} {name} there is no estimate both fixed and time-varying."
    if not in_full:
        return (
            f"For {name} it is {format_ratio(fixed.value)} fixed and {varying.as_ratio} "
            "time-varying."
        )
    return " ".join(
        sentence
        for sentence in (
            f"the hazard ratio of {name} against none is {fixed.as_ratio} as if known at "
            f"{escape(one.results.dictionary.infusion)} and {varying.as_ratio} from the day on "
            "which it begins.",
            _moves(fixed, varying),
            _at_landmarks(one, contrast),
            _adjusted(one, contrast),
            _open(varying),
        )
        if sentence
    )


def _moves(fixed: Estimate, varying: Estimate) -> str:
    """Where the waiting time goes, the estimate follows; said as it is printed."""
    if alike([format_ratio(fixed.value)], [format_ratio(varying.value)]):
        return "Counting the waiting where it belongs leaves the estimate where it is."
    start, end = math.log(fixed.value), math.log(varying.value)
    if start * end < 0:
        where = "to the other side of 1"
    else:
        where = "towards 1" if abs(end) < abs(start) else "away from 1"
    return f"Counting the waiting where it belongs moves the estimate {where}."


def _at_landmarks(one: ConsolidationEffects, contrast: Contrast) -> str:
    landmarks = [x for x in one.estimators if x.days is not None]
    estimates = [_estimate(one, contrast, x) for x in landmarks]
    known = [x.value for x in estimates if math.isfinite(x.value)]
    if not known:
        return "At no landmark is there an estimate."
    where = "At the landmarks"
    if len(known) < len(landmarks):
        asked = number_of([x.days for x in landmarks if x.days is not None])
        where = f"At {format_count(number_of(known))} of {format_count(asked)} landmarks"
    least, most = format_ratio(min(known)), format_ratio(max(known))
    return (
        f"{where} it is {least}."
        if alike([least], [most])
        else (f"{where} it lies between {least} and {most}.")
    )


def _adjusted(one: ConsolidationEffects, contrast: Contrast) -> str:
    adjusted = _estimate(one, contrast, Estimator("time_varying"), adjusted=True)
    if not math.isfinite(adjusted.value):
        return ""
    return f"Adjusted, the time-varying one is {adjusted.as_ratio}."


def _open(varying: Estimate) -> str:
    if varying.contains_one:
        return (
            f"The crude time-varying interval contains 1; {compatible(varying.low, varying.high)}."
        )
    return (
        f"The crude time-varying interval lies on the side of a {varying.side} hazard; those "
        "chosen for consolidation may differ in more than it."
    )


def _estimate(
    one: ConsolidationEffects, contrast: Contrast, estimator: Estimator, *, adjusted: bool = False
) -> Estimate:
    analysis = f"{estimator.analysis}_adjusted" if adjusted else estimator.analysis
    key = contrast.key(analysis, one.outcome, estimator.time_months)
    return estimate_of(one.results, key, "hazard_ratio")
