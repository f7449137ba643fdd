"""All that a cohort's chapters say, sentence by sentence, with what the reader makes of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from alter import ALTERATIONS, UNORDERED
from prose_cohorts import prose_cohort
from prose_run import tell
from reading.chapters import Place, Verdict, World, blemishes, read, read_bracketed
from whole_report import ROOT, open_extract

_CLAIM = re.compile(
    r"\d|higher|lower|longer|shorter|worse|better|\b(more|less|fewer|most|largest|none|no|all|every|"
    r"nobody|not|both|half|halved|doubled)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """One paragraph of one cohort, read."""

    number: int
    family: str
    place: Place
    world: World
    verdicts: tuple[Verdict, ...]
    blemishes: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """Each contradiction and blemish, with its place."""
        at = f"cohort {self.number} ({self.family}), {self.place.chapter}, {self.place.heading}"
        false = [f"{at}: {x.text!r}: {fault}" for x in self.verdicts for fault in x.faults]
        return [*false, *(f"{at}: {x}" for x in self.blemishes)]


def read_cohort(number: int, chapters: Sequence[str], folder: Path) -> list[Reading]:
    """Every paragraph of these chapters of a cohort's report."""
    given = prose_cohort(number)
    study = open_extract(given.table, folder, given.parameters)
    assert not isinstance(study, str), f"cohort {number} is refused: {study}"
    said, world = tell(ROOT, study, tuple(chapters))
    readings = []
    for one in said:
        place = Place(one.chapter, one.heading, one.nth)
        verdicts = tuple(read(one.text, world, place))
        marks = tuple(blemishes(one.text, world))
        readings.append(Reading(number, given.family, place, world, verdicts, marks))
    return readings


def claims_of(readings: Sequence[Reading]) -> tuple[int, list[str]]:
    """How many stretches claim something, and those of them that no pattern reads."""
    claims = [x for one in readings for x in one.verdicts if _CLAIM.search(x.text)]
    return len(claims), [x.text for x in claims if not x.pattern]


@dataclass(frozen=True)
class Altered:
    """A false alteration, and how it was found: contradicted, not read, or (empty) not."""

    kind: str
    pattern: str
    text: str
    found: str


def alter_readings(readings: Sequence[Reading], number: int, seed: int) -> list[Altered]:
    """As many seeded false alterations, each read in its paragraph again."""
    random = np.random.default_rng(seed)
    places = [
        (one, i)
        for one in readings
        for i, verdict in enumerate(one.verdicts)
        if verdict.pattern and _CLAIM.search(verdict.text) and not one.faults
    ]
    done: list[Altered] = []
    for kind, alter in ALTERATIONS.items():
        wanted = len(done) + number // len(ALTERATIONS)
        for _ in range(number * 20):
            one, i = places[int(random.integers(len(places)))]
            verdict = one.verdicts[i]
            text = alter(verdict.text, random)
            if text == verdict.text or (kind == "groups" and verdict.pattern in UNORDERED):
                continue
            done.append(Altered(kind, verdict.pattern, text, _found(one, i, text)))
            if len(done) == wanted:
                break
    return done


def _found(one: Reading, i: int, text: str) -> str:
    parts = [x.text for x in one.verdicts]
    parts[i] = text
    again = read_bracketed(" ".join(parts), one.world, one.place)
    if any(x.faults for x in again):
        return "contradicted"
    return "not read" if any(not x.pattern for x in again) else ""


def summary(readings: Sequence[Reading]) -> str:
    """Cohorts, sentences, the share understood, and the faults."""
    claims, missed = claims_of(readings)
    patterns = Counter(x.pattern for one in readings for x in one.verdicts)
    faults = sum(len(one.faults) for one in readings)
    cohorts = len({one.number for one in readings})
    return (
        f"{cohorts} cohorts, {sum(patterns.values())} stretches, {claims} with a claim, of which "
        f"{claims - len(missed)} are read by {len([x for x in patterns if x])} patterns; "
        f"{faults} faults"
    )
