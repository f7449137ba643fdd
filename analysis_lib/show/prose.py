"""Paragraphs computed from results: what an estimate and its interval say, and what they do not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from analysis_lib.format import (
    MARK,
    at_row,
    format_confidence,
    format_interval,
    format_ratio,
    is_suppressed,
    take_notes,
    total,
)
from analysis_lib.labels import as_markdown, listed
from analysis_lib.marks import Notes
from analysis_lib.results.rows import Key, Results
from analysis_lib.shown import shown
from analysis_lib.study.exposure import Grouping

LEFT_OUT = "Sentences are left out because small numbers of patients are suppressed."
_P_STATEMENT = re.compile(r"\bP ([=<>]) (?=\.?\d)")
_END = re.compile(r"(?<=[.!?])(?=\s)")
_BRACKETS = re.compile(rf" ?\([^()]*{MARK}[^()]*\)")


@dataclass(frozen=True)
class Prose:
    """Sentences in Markdown; a notebook shows the paragraph, not its representation."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _without_suppressed(self.text))

    def __str__(self) -> str:
        return self.text

    @cached_property
    def numbers(self) -> Notes:
        """The numbers that were written for it: taken when it is first shown, as a cell does."""
        return take_notes()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        plain = f"{len(self.text.split())} words"
        return shown(plain, markdown=_typeset(self.text), notes=self.numbers)


def _typeset(text: str) -> str:
    """*P* in italics, and no line that ends between it and its value."""
    return _P_STATEMENT.sub("*P*\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", text)


def _without_suppressed(text: str) -> str:
    """The text without what would state a suppressed number, and once, what is left out.

    A sentence goes on without the brackets that hold one, and is left out if it holds another.
    """
    text = _BRACKETS.sub("", text)
    if not is_suppressed(text) and LEFT_OUT not in text:
        return text
    kept = ("".join(filter(_is_kept, _END.split(one))).strip() for one in text.split("\n\n"))
    return "\n\n".join([*filter(None, kept), LEFT_OUT])


def _is_kept(sentence: str) -> bool:
    return not is_suppressed(sentence) and sentence.strip() != LEFT_OUT


def paragraph(*sentences: str) -> Prose:
    """The sentences that have something to say, in order."""
    return Prose(" ".join(sentence for sentence in sentences if sentence))


def in_paragraphs(texts: Iterable[str | Prose]) -> Prose:
    """One paragraph below the other."""
    return Prose("\n\n".join(str(text) for text in texts))


def bullets(*items: str) -> Prose:
    """The items that have something to say, as a list."""
    return Prose("\n".join(f"- {item}" for item in items if item))


def escape(text: str) -> str:
    """Text from the data or the dictionary, inert in Markdown."""
    return as_markdown(text)


DOUBLED, HALVED = 2.0, 0.5


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, as a sentence reads them."""

    value: float
    low: float
    high: float
    confidence_level: float

    def interval(self, formatter: Callable[[float], str]) -> str:
        """`95% CI 0.71–2.03`."""
        level = format_confidence(self.confidence_level)
        return f"{level} {format_interval(self.low, self.high, formatter)}"

    @property
    def as_ratio(self) -> str:
        """`1.20 (95% CI 0.71–2.03)`, or that there is none."""
        if math.isnan(self.value):
            return unless_withheld("not estimable", self.value)
        return f"{format_ratio(self.value)} ({self.interval(format_ratio)})"

    @property
    def contains_one(self) -> bool:
        """Whether the interval leaves open which side of 1 the ratio is on."""
        return self.low <= 1 <= self.high

    @property
    def side(self) -> str:
        """The side of 1 on which an interval lies that excludes it."""
        return "higher" if self.low > 1 else "lower"


def unless_withheld(text: str, *values: float) -> str:
    """What to say where there is no number; no more than its mark where one is withheld."""
    if not any(is_suppressed(x) for x in values):
        return text
    return f"{MARK}." if text.endswith(".") else MARK  # the next sentence is another


def when_shown(text: str, otherwise: str = "") -> str:
    """A part of a sentence; where it holds a withheld number, what is said without it."""
    return otherwise if is_suppressed(text) else text


def by_group(numbers: Iterable[tuple[str, str]]) -> str:
    """`57% in the InO-naïve group and suppressed in the InO-exposed group`: a number, a phrase.

    The mark of a withheld number where all are.
    """
    found = list(numbers)
    if all(is_suppressed(number) for number, _ in found):
        return MARK
    return listed(f"{when_shown(number, 'suppressed')} in {phrase}" for number, phrase in found)


def hazard_sentence(
    subject: str, reference: str, event: str, estimate: Estimate, *, named: bool = False
) -> str:
    """Reads a hazard ratio of `subject` against `reference`; `named` where both were just named."""
    ratio, low, high = estimate.value, estimate.low, estimate.high
    if not math.isfinite(ratio):
        return unless_withheld(
            f"The hazard ratio of {event} for {subject} against {reference} is not estimable.",
            ratio,
        )
    numbers = f"hazard ratio {format_ratio(ratio)}, {estimate.interval(format_ratio)}"
    than = "" if named else f" than in {reference}"
    if low > 1 or high < 1:
        return f"The hazard of {event} was {estimate.side} in {subject}{than} ({numbers})."
    between = "" if named else f" between {subject} and {reference}"
    return (
        f"The hazard of {event} did not differ clearly{between} ({numbers}); "
        f"{compatible(low, high)}."
    )


def compatible(low: float, high: float) -> str:
    """What an interval that contains 1 does not rule out."""
    doubled, halved = high >= DOUBLED, low <= HALVED
    if doubled and halved:
        return "the interval includes a halved and a doubled hazard"
    if doubled:
        return "the interval includes a doubled hazard"
    if halved:
        return "the interval includes a halved hazard"
    return "the interval excludes both a halved and a doubled hazard"


def capital(text: str) -> str:
    """The first letter in upper case, the rest as it is."""
    return text[0].upper() + text[1:]


def estimate_of(results: Results, key: Key, statistic: str) -> Estimate:
    """An estimate with both ends of its interval."""
    value, low, high = (
        results.value(key, name)
        for name in (statistic, f"{statistic}_ci_low", f"{statistic}_ci_high")
    )
    return Estimate(value, low, high, results.confidence_level)


ALL_PATIENTS = Key("flow", population="infused", variable="infused", statistic="count")


def lacking_key(variable: str) -> Key:
    """How many lack a covariate of the models, among everyone compared."""
    return Key("missing_patterns", population="infused", variable=variable, statistic="count")


def considered(results: Results, key: Key, number: float) -> Any:
    """How many a model was meant for: those in it and those without a value."""
    found = total(*results.values(key, "n", "excluded"))
    return at_row(number, ALL_PATIENTS) if is_suppressed(found) else found


class Contrasted(Protocol):
    """A model whose results hold the hazard ratio of each group against the reference."""

    @property
    def results(self) -> Results: ...

    def contrast(self, level: str) -> Key:
        """The key of one group against the reference."""
        ...


def ratio_of(model: Contrasted, level: str) -> Estimate:
    """The hazard ratio of a group."""
    return estimate_of(model.results, model.contrast(level), "hazard_ratio")


def group_phrase(groups: Grouping, level: str = "") -> str:
    """A group's patients inside a sentence, by default those of the reference."""
    return escape(groups.phrase_of(level or groups.reference))


def versus(groups: Grouping, level: str) -> str:
    """`the InO-exposed group against the InO-naïve group`."""
    return f"{group_phrase(groups, level)} against {group_phrase(groups)}"


def of_several(groups: Grouping, level: str) -> str:
    """After a heading: the group, where more than one is compared with the reference."""
    return f", {escape(groups.label_of(level))}" if len(groups.levels) > 2 else ""


FEW_EVENTS = 10
