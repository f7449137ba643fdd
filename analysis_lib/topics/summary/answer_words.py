"""The answer in three paragraphs: crude, among patients alike, and what stands in the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from analysis_lib.format import format_number, format_points, format_ratio, is_suppressed
from analysis_lib.results.rows import Omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    escape,
    estimate_of,
    paragraph,
)
from analysis_lib.study.study import Study
from analysis_lib.topics.gate.numbers import Gate
from analysis_lib.topics.gate.words import gate_conclusion
from analysis_lib.topics.summary.numbers import ALIKE, CRUDE, Answer


def describe_answers(study: Study, answers: Sequence[Answer], gate: Gate) -> Prose:
    """What a reader of one minute has to know."""
    synthetic = (
        "The patients are synthetic: none of this is evidence about a treatment."
        if study.is_synthetic
        else ""
    )
    parts = (
        paragraph("**Unadjusted.**", *_each(answers, _crude)),
        paragraph("**Among patients alike at baseline.**", *_each(answers, _alike)),
        paragraph(
            "**What stands in the way.**", gate_conclusion(gate, study.dictionary), synthetic
        ),
    )
    return Prose("\n\n".join(part.text for part in parts))


def _each(answers: Sequence[Answer], said: Callable[[Answer, str], str]) -> list[str]:
    """One sentence for each endpoint and each group against the reference."""
    return [said(one, level) for one in answers for level in one.exposure.levels[1:]]


def _crude(one: Answer, level: str) -> str:
    ratio = estimate_of(one.results, one.ladder.crude.contrast(level), "hazard_ratio")
    difference = _difference(one, CRUDE, level, "at")
    return _compared(one, level, ratio, _ratio("hazard ratio", ratio), difference)


def _alike(one: Answer, level: str) -> str:
    ratio = estimate_of(one.results, one.ladder.baseline.contrast(level), "hazard_ratio")
    weighted = not isinstance(one.weighted, Omitted)
    difference = _difference(one, ALIKE, level, "weighted, at") if weighted else ""
    return _compared(one, level, ratio, _ratio("adjusted hazard ratio", ratio), difference)


def _compared(one: Answer, level: str, ratio: Estimate, *numbers: str) -> str:
    """Shorter, longer, or unclear by the interval of the ratio, with the numbers behind it."""
    subject = escape(one.exposure.phrase_of(level))
    reference = escape(one.exposure.phrase_of(one.exposure.reference))
    if math.isnan(ratio.value) and not is_suppressed(ratio.value):
        return (
            f"{escape(one.outcome_label)} could not be compared between {subject} and {reference}."
        )
    said = f"({'; '.join(x for x in numbers if x)})"
    if ratio.low > 1 or ratio.high < 1:
        way = "shorter" if ratio.low > 1 else "longer"
        return f"{escape(one.outcome_label)} was {way} in {subject} than in {reference} {said}."
    return (
        f"{escape(one.outcome_label)} did not differ clearly between {subject} and {reference} "
        f"{said}."
    )


def _ratio(name: str, ratio: Estimate) -> str:
    return f"{name} {format_ratio(ratio.value)}, {ratio.interval(format_ratio)}"


def _difference(one: Answer, analysis: str, level: str, when: str) -> str:
    """`at 12 months a difference of -18 percentage points, 95% CI ...`, where it may be told."""
    found = estimate_of(one.results, one.difference(analysis, level), "survival_difference")
    if math.isnan(found.value) or is_suppressed(found.value):
        return ""
    return (
        f"{when} {format_number(one.time)} months a difference of "
        f"{format_points(found.value)} percentage points, {found.interval(format_points)}"
    )
