"""Goes through a paragraph: each sentence is checked by a pattern, or not understood."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Any

from reading.numbers import RATIO, agrees, agrees_p, interval
from reading.world import Group, World

OPEN, CLOSE = "⟦", "⟧"
G = rf"{OPEN}[^{CLOSE}]+{CLOSE}"
_BOUNDARY = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9*“⟦<−])|(?<=:)\s+(?=- )")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Place:
    """Where a paragraph stands: its chapter, the heading above it, which cell under that."""

    chapter: str
    heading: str
    nth: int = 0


@dataclass(frozen=True)
class Verdict:
    """What became of one stretch of text: the pattern that read it, and what it gets wrong."""

    text: str
    pattern: str
    faults: tuple[str, ...] = ()


@dataclass
class Reader:
    """What a pattern may ask, and where it says what is false; `memory` is of one paragraph."""

    world: World
    place: Place
    memory: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, condition: bool, fault: str) -> None:
        if not condition:
            self.faults.append(fault)

    def row(self, **key: Any) -> Any:
        found = self.world.row(**key)
        self.expect(found is not None, f"no result for {key}")
        return found or {"value": nan, "n": nan, "denominator": nan}

    def value(self, **key: Any) -> float:
        return float(self.row(**key)["value"])

    def number(self, text: str, value: float, what: str = "", **how: Any) -> None:
        self.expect(agrees(text, value, **how), f"{what} is {value}, not {text}")

    def count(self, text: str, value: float, what: str = "number") -> None:
        self.number(text.replace("no", "0") if text == "no" else text, value, what)

    def p(self, text: str, value: float) -> None:
        self.expect(agrees_p(text, value), f"P is {value}, not {text}")

    def interval(self, text: str, low: float, high: float, scale: float = 1) -> None:
        level, *ends = interval(text)
        given = self.world.parameters.confidence_level * 100
        self.expect(abs(level - given) < 1e-6, f"intervals are of {given}%, not {level}%")
        for end, value in zip(ends, (low, high), strict=True):
            self.number(end, value, "an end of the interval", scale=scale)

    def estimate(self, statistic: str, **key: Any) -> tuple[float, float, float]:
        """The estimate of a key and both ends of its interval."""
        names = (statistic, f"{statistic}_ci_low", f"{statistic}_ci_high")
        value, low, high = (self.value(**key, statistic=x) for x in names)
        return value, low, high

    def ratio(self, text: str, statistic: str = "hazard_ratio", **key: Any) -> tuple[float, ...]:
        """Checks `0.98 (95% CI 0.44–2.20)` or `not estimable`, and gives the three numbers."""
        value, low, high = self.estimate(statistic, **key)
        if not re.fullmatch(RATIO, text):
            self.expect(False, f"{text} is no ratio")
        elif text == "not estimable":
            self.expect(isnan(value), f"{key} is estimable: {value}")
        else:
            printed, _, rest = text.partition(" (")
            self.number(printed, value, f"{statistic} of {key}")
            self.interval(rest[:-1], low, high)
        return value, low, high

    def group(self, text: str, variable: str = "") -> Group:
        """The group of a phrase in brackets; a fault where this variable has no such group."""
        name = text.strip(OPEN + CLOSE)
        found = self.world.named(name, variable or self.world.exposure)
        self.expect(found is not None, f"{variable or self.world.exposure} has no {name}")
        return found or Group(variable, "", "", "", False)

    def outcome(self, label: str) -> str:
        found = self.world.variable(label)
        self.expect(bool(found), f"no endpoint is called {label}")
        return found

    def items(self, text: str, item: str, joints: str = ", ") -> list[re.Match[str]]:
        """The parts of `a`, `a and b`, or `a, b and c`; a fault where it is no such list."""
        pattern, found, at = re.compile(item), [], 0
        while True:
            match = pattern.match(text, at)
            if not match:
                self.expect(False, f"no list: {text[at:]!r}")
                return found
            found.append(match)
            at = match.end()
            if at == len(text):
                return found
            last = text.startswith(" and ", at)
            if not last and not text.startswith(joints, at):
                self.expect(False, f"no list: {text[at:]!r}")
                return found
            at += 5 if last else len(joints)


Check = Callable[[Reader, re.Match[str]], None]
PATTERNS: list[tuple[str, re.Pattern[str], Place, Check]] = []


def pattern(regex: str, *, chapter: str = "", heading: str = "") -> Callable[[Check], Check]:
    """Registers a check for text that matches, in a chapter, below a heading that begins so.

    Those of one heading are tried first.
    """

    def register(check: Check) -> Check:
        compiled = re.compile(rf"(?:{regex})(?=\s|$)", re.DOTALL)
        entry = (check.__name__, compiled, Place(chapter, heading), check)
        PATTERNS.insert(0 if heading else len(PATTERNS), entry)
        return check

    return register


def plain(text: str) -> str:
    """Markdown as it is read: escapes and the stars of bold gone."""
    return _ESCAPED.sub(r"\1", text.replace("**", ""))


def bracketed(text: str, world: World) -> str:
    """Plain text with the phrase of every group between brackets."""
    named = {x.phrase for x in world.groups if x.phrase.startswith("the ")}
    phrases = sorted(named, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, phrases)), lambda x: f"{OPEN}{x[0]}{CLOSE}", text)


def read(text: str, world: World, place: Place) -> list[Verdict]:
    """Each stretch of a paragraph with the pattern that read it and its faults."""
    return read_bracketed(bracketed(plain(text), world), world, place)


def read_bracketed(rest: str, world: World, place: Place) -> list[Verdict]:
    """The same of a text in which the groups stand between brackets already."""
    verdicts, memory = [], dict[str, Any]()
    while rest := rest.lstrip():
        verdict = _next(rest, world, place, memory)
        verdicts.append(verdict)
        rest = rest[len(verdict.text) :]
    return verdicts


def _next(rest: str, world: World, place: Place, memory: dict[str, Any]) -> Verdict:
    for name, compiled, where, check in PATTERNS:
        if where.chapter not in ("", place.chapter):
            continue
        if not place.heading.startswith(where.heading):
            continue
        if match := compiled.match(rest):
            reader = Reader(world, place, memory)
            try:
                check(reader, match)
            except (KeyError, IndexError, ValueError, ZeroDivisionError) as error:
                reader.expect(False, f"what it stands on is not there: {error!r}")
            return Verdict(match[0], name, tuple(reader.faults))
    end = _BOUNDARY.search(rest)
    return Verdict(rest[: end.start()] if end else rest, "")
