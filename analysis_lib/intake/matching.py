"""Which columns of an extract are ours: by their names, their labels and what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.likeness import Names, counts_given, likeness, plain_words

ALIKE = 0.82
CERTAIN = 0.99
NUMBER_LIKE = re.compile(r"[<>]?\s*[+-]?\d+([.,]\d+)*\s*%?")
_DATE = re.compile(r"\d{1,4}[-./ ](\d{1,2}|[A-Za-z]{3,9})[-./ ]\d{2,4}([ T].*)?|\d{8}")
_MOST_LEVELS = 30


@dataclass(frozen=True)
class ColumnMatch:
    """A column of theirs and the variable it seems to be; `why` says what makes it doubtful."""

    theirs: str
    ours: str
    likeness: float
    why: str


Codes = Mapping[str, Mapping[str, str]]
NO_CODES: Codes = {}


def match_columns(
    table: pd.DataFrame,
    dictionary: Dictionary,
    labels: Mapping[str, str],
    codes: Codes = NO_CODES,
) -> tuple[ColumnMatch, ...]:
    """The best pairs first, each column and each variable once.

    `labels` are what another file, such as a REDCap data dictionary, calls their columns. A pair
    is left out where the values, or the `codes` behind them, do not look like the variable's type.
    """
    pairs = []
    names = dictionary.names("extract")
    called = [one for variable in dictionary.extract() for one in _called(variable)]
    known = Names([one.words for one in called], ALIKE)
    for theirs in table.columns:
        if theirs in names:
            pairs.append(ColumnMatch(theirs, theirs, 1.0, ""))
            continue
        for match in _matches(theirs, labels.get(theirs, ""), called, known):
            variable = dictionary[match.ours]
            held = table[theirs]
            if variable.is_numeric and theirs in codes:
                held = held.replace(codes[theirs])
            if _fits(held, variable):
                pairs.append(match)
    chosen: dict[str, ColumnMatch] = {}
    taken = set()
    for match in sorted(pairs, key=lambda pair: (-pair.likeness, pair.theirs, pair.ours)):
        if match.theirs not in taken and match.ours not in chosen:
            chosen[match.ours] = match
            taken.add(match.theirs)
    return tuple(chosen[name] for name in names if name in chosen)


# Beside the words of the dictionary: what data sets of trials call what the project's own does not.
_ALSO = {
    "patient_id": ("pid", "subjid", "patid", "ptid", "ptno", "unique id"),
    "centre": ("inst", "siteid", "centre id", "center id", "study site"),
    "age_years": ("age years", "age in years", "age yrs"),
}


@dataclass(frozen=True)
class Called:
    """What a variable is called, in plain words, and how sure a name of these words is."""

    words: str
    sure: float
    variable: Variable


def _matches(
    theirs: str, label: str, called: Sequence[Called], known: Names
) -> Iterator[ColumnMatch]:
    """The variables that a column may be by its name or its label, each with the best likeness."""
    best: dict[str, ColumnMatch] = {}
    for words in filter(None, dict.fromkeys(map(plain_words, (theirs, label)))):
        for place in known.near(words):
            one = called[place]
            ours, is_same = one.variable.name, words == one.words
            score = one.sure if is_same else min(_alike(words, one.words), CERTAIN - 0.01)
            if score >= ALIKE and (ours not in best or score > best[ours].likeness):
                doubt = "" if is_same else f"sounds like {one.variable.label!r}: check"
                best[ours] = ColumnMatch(theirs, ours, score, doubt)
    yield from best.values()


def _called(variable: Variable) -> Iterator[Called]:
    """The dictionary's own words before others."""
    for name in (variable.name, variable.label):
        yield Called(plain_words(name), 1.0, variable)
    for words in (*variable.also_called, *_ALSO.get(variable.name, ())):
        yield Called(words, CERTAIN, variable)


def _alike(words: str, known: str) -> float:
    # Short names are alike by chance: crs and cns.
    return likeness(words, known) if min(len(words), len(known)) >= 5 else 0.0


def _fits(column: pd.Series, variable: Variable) -> bool:
    """Whether most values that are given could be values of the variable."""
    given = counts_given(column)
    if not given:
        return True
    if variable.is_numeric:
        return _share(given, NUMBER_LIKE) >= 0.5
    if variable.type == "date":
        return _share(given, _DATE) >= 0.5
    if variable.type == "identifier":
        return max(given.values()) == 1
    return len(given) <= _MOST_LEVELS or variable.type == "code"


def _share(given: Mapping[str, int], pattern: re.Pattern[str]) -> float:
    """The part of the values that follow a pattern."""
    return sum(n for x, n in given.items() if pattern.fullmatch(x)) / sum(given.values())
