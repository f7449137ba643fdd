"""Relapse and both kinds of death without it in sentences."""

from __future__ import annotations

import math

from analysis_lib.format import counted, format_count, is_suppressed, total
from analysis_lib.labels import listed
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.prose import (
    Prose,
    bullets,
    escape,
    group_phrase,
    in_paragraphs,
    paragraph,
    ratio_of,
    unless_withheld,
    versus,
)
from analysis_lib.study.study import Study
from analysis_lib.topics.competing.incidence import LABELS
from analysis_lib.topics.competing.numbers import Cause
from analysis_lib.topics.competing.ways_to_fail import WaysToFail
from analysis_lib.topics.competing.words import event_name, gray_sentence, landmark_sentence


@unless_omitted
def describe_ways_to_fail(found: WaysToFail) -> Prose:
    """How many died of which cause and how sure that is; then a paragraph per kind of death."""
    return in_paragraphs([_attributed(found), *(_of_cause(x) for x in found.deaths)])


def _attributed(found: WaysToFail) -> Prose:
    ours, others = found.deaths
    counts = [f"{event_name(x)} in {counted(_events(x), 'patient')}" for x in (ours, others)]
    return paragraph(
        f"By the recorded cause of death, the first event was {listed(counts)}.",
        f"Of the latter, {format_count(found.unrecorded)} "
        f"{'has' if found.unrecorded == 1 else 'have'} no recorded cause."
        if found.unrecorded
        else "",
        _after_response(found),
    )


def _events(cause: Cause) -> float:
    shown = cause.incidence
    return total(*(shown.count(curve, "events") for curve in shown.curves))


def _after_response(found: WaysToFail) -> str:
    """Who had responded cannot die of the disease without a relapse that nobody recorded."""
    disease, n = escape(found.disease), found.responded
    if n:
        return (
            f"Of the deaths from {disease}, {format_count(n)} had a recorded remission before: a "
            "relapse before death was not recorded, or the cause is wrong."
        )
    said = f"Nobody who died from {disease} as the first event had a recorded remission before."
    return unless_withheld(said, n)


def _of_cause(cause: Cause) -> Prose:
    shown = cause.incidence
    landmarks = [landmark_sentence(shown, x) for x in shown.question.landmarks]
    named = all(map(is_suppressed, landmarks))
    ratios = (_ratios(cause, level, named=named) for level in shown.grouping.levels[1:])
    return paragraph(*landmarks, gray_sentence(shown), *ratios)


def _ratios(cause: Cause, level: str, *, named: bool) -> str:
    """Both crude ratios of a group, or that there are none; `named` says of what they are."""
    grouping = cause.incidence.grouping
    found = [(LABELS[model.scale].lower(), ratio_of(model, level)) for model in cause.models]
    if any(math.isnan(x.value) for _, x in found):
        said = (
            f"Of {event_name(cause)} no hazard ratio can be estimated for "
            f"{group_phrase(grouping, level)}."
        )
        return unless_withheld(said, *(x.value for _, x in found))
    parts = [f"the {scale} hazard ratio is {x.as_ratio}" for scale, x in found]
    whom = f"or {versus(grouping, level)}"
    whom = f"Of {event_name(cause)} f{whom}" if named else f"F{whom}"
    return f"{whom}, unadjusted, {listed(parts)}."


def describe_limits(study: Study) -> Prose:
    """What the tables on parts of the exposed, causes of death and courses cannot say."""
    exposure, causes = study.exposure, study.patients["cause_of_death"]
    parted = exposure.response is not None or exposure.timing is not None
    return bullets(
        "A course holds what the extract dates; what it does not date is in no lane.",
        "The exposed are parted by what happened after their exposure: who did not live to be "
        "assessed is in no group."
        if exposure.response is not None
        else "",
        "A cause of death is a judgement at the bedside; deaths without one count with the others."
        if causes.notna().any()
        else "",
        "Small groups make wide intervals; a P value above the level says little of them."
        if parted
        else "",
    )
