"""The answer in three paragraphs: crude, among patients alike, and what stands in the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.effects import Effect
from analysis_lib.format import (
    format_interval,
    format_number,
    format_points,
    format_ratio,
    is_suppressed,
)
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    escape,
    estimate_of,
    group_phrase,
    paragraph,
    ratio_of,
)
from analysis_lib.stats.standardised_survival import OUTCOME
from analysis_lib.study.study import Study
from analysis_lib.topics.estimands.words import declared_primary
from analysis_lib.topics.gate.numbers import Gate
from analysis_lib.topics.gate.words import gate_conclusion
from analysis_lib.topics.summary.numbers import Answer

# The first endpoint of a verdict, and the ones that share it.
_VERDICTS = {
    "shorter": ("{} was shorter in {} than in {}", "and so was {}"),
    "longer": ("{} was longer in {} than in {}", "and so was {}"),
    "unclear": ("{} did not differ clearly between {} and {}", "nor did {}"),
    "unknown": ("{} could not be compared between {} and {}", "nor could {}"),
}


def describe_answers(study: Study, answers: Sequence[Answer], gate: Gate) -> Prose:
    """What a reader of one minute has to know."""
    synthetic = (
        "The patients are synthetic: none of this is evidence about a treatment."
        if study.is_synthetic
        else ""
    )
    levels = study.groups.levels[1:]
    crude = [_sentence(_crude(answers, level)) for level in levels]
    alike = [_sentence(_alike(answers, level)) for level in levels]
    parts = (
        paragraph("**Unadjusted.**", *crude),
        paragraph("**Among patients alike at baseline.**", *alike),
        paragraph(
            "**What stands in the way.**",
            gate_conclusion(gate),
            declared_primary(study),
            synthetic,
        ),
    )
    return Prose("\n\n".join(part.text for part in parts))


@dataclass(frozen=True)
class _Finding:
    """One endpoint of one group against the reference, by a ratio and a difference."""

    outcome: str
    subject: str
    reference: str
    time: float
    ratio: Estimate
    difference: Estimate | None
    alike: bool

    @property
    def verdict(self) -> str:
        if math.isnan(self.ratio.value) and not is_suppressed(self.ratio.value):
            return "unknown"
        if self.ratio.low > 1:
            return "shorter"
        return "longer" if self.ratio.high < 1 else "unclear"

    @property
    def numbers(self) -> str:
        """In full: `hazard ratio 1.67, 95% CI ...; at 12 months a difference of ...`."""
        kind = "adjusted hazard ratio" if self.alike else "hazard ratio"
        ratio = f"{kind} {format_ratio(self.ratio.value)}, {self.ratio.interval(format_ratio)}"
        if self.difference is None:
            return ratio
        return (
            f"{ratio}; {'standardised, ' if self.alike else ''}at "
            f"{format_number(self.time)} months a difference of "
            f"{format_points(self.difference.value)} percentage points, "
            f"{self.difference.interval(format_points)}{self.aside}"
        )

    @property
    def aside(self) -> str:
        """Where the difference at one time does not say what the ratio of the whole time says."""
        if self.difference is None or self.verdict == "unknown":
            return ""
        low, high = self.difference.low, self.difference.high
        if self.verdict == "unclear":
            return ", which by itself excludes 0" if low > 0 or high < 0 else ""
        return ", by itself unclear" if low <= 0 <= high else ""

    @property
    def numbers_alone(self) -> str:
        """The same after an endpoint that said what they are."""
        ratio = _alone(self.ratio, format_ratio)
        if self.difference is None:
            return ratio
        return f"{ratio}; {_alone(self.difference, format_points)}{self.aside}"


def _alone(found: Estimate, formatter: Callable[[float], str]) -> str:
    return f"{formatter(found.value)}, {format_interval(found.low, found.high, formatter)}"


def _crude(answers: Sequence[Answer], level: str) -> list[_Finding]:
    return [
        _finding(x, level, x.ladder.crude, x.crude_difference(level), alike=False) for x in answers
    ]


def _alike(answers: Sequence[Answer], level: str) -> list[_Finding]:
    return [
        _finding(x, level, x.ladder.baseline, _standardised(x, level), alike=True) for x in answers
    ]


def _standardised(one: Answer, level: str) -> Key | None:
    if isinstance(one.standardised, Omitted):
        return None
    return one.standardised.contrast(OUTCOME, level, one.time)


def _finding(one: Answer, level: str, effect: Effect, at: Key | None, *, alike: bool) -> _Finding:
    exposure, difference = one.exposure, None
    if at is not None:
        found = estimate_of(one.results, at, "survival_difference")
        told = not (math.isnan(found.value) or is_suppressed(found.value))
        difference = found if told else None
    return _Finding(
        escape(one.outcome_label),
        group_phrase(exposure, level),
        group_phrase(exposure),
        one.time,
        ratio_of(effect, level),
        difference,
        alike,
    )


def _sentence(findings: Sequence[_Finding]) -> str:
    """Endpoints in order; neighbours that share a verdict share a sentence."""
    return " ".join(f"{text}." for text in _clauses(findings))


def _told_alike(one: _Finding) -> tuple[str, bool, bool]:
    """What a sentence has in common; one with a withheld number is left out and takes no other."""
    return one.verdict, one.difference is None, is_suppressed(one.ratio.value)


def _clauses(findings: Sequence[_Finding]) -> Iterator[str]:
    for kind, alike in groupby(findings, key=_told_alike):
        one, *others = alike
        first, further = _VERDICTS[one.verdict]
        said = first.format(one.outcome, one.subject, one.reference)
        known = kind[0] != "unknown"
        said += f" ({one.numbers})" if known else ""
        for other in others:
            said += f", {further.format(lower_first(other.outcome))}"
            said += f" ({other.numbers_alone})" if known else ""
        yield said
