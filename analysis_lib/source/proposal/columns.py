"""Which of their columns is which variable of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.proposal.synonyms import COLUMNS, MISSING
from analysis_lib.source.proposal.words import likeness, plain_words

ALIKE = 0.82
CERTAIN = 0.99
_NUMBER = re.compile(r"[<>]?\s*[+-]?\d+([.,]\d+)*\s*%?")
_DATE = re.compile(r"\d{1,4}[-./ ](\d{1,2}|[A-Za-z]{3,9})[-./ ]\d{2,4}([ T].*)?|\d{8}")
_MOST_LEVELS = 30


@dataclass(frozen=True)
class ColumnMatch:
    """A column of theirs and the variable it seems to be; `why` says what makes it doubtful."""

    theirs: str
    ours: str
    likeness: float
    why: str


def match_columns(
    table: pd.DataFrame, dictionary: Dictionary, labels: Mapping[str, str]
) -> tuple[ColumnMatch, ...]:
    """The best pairs first, each column and each variable once.

    `labels` are what another file, such as a REDCap data dictionary, calls their columns. A pair
    is left out where the values do not look like the variable's type.
    """
    pairs = []
    names = dictionary.names("extract")
    for theirs in table.columns:
        # A column that carries our name is that variable, whatever else it sounds like.
        own = [dictionary[theirs]] if theirs in names else dictionary.extract()
        for variable in own:
            match = _match(theirs, labels.get(theirs, ""), variable)
            if match is None:
                continue
            if theirs == variable.name or _fits(table[theirs], variable):
                pairs.append(match)
    chosen: dict[str, ColumnMatch] = {}
    taken = set()
    for match in sorted(pairs, key=lambda pair: (-pair.likeness, pair.theirs, pair.ours)):
        if match.theirs not in taken and match.ours not in chosen:
            chosen[match.ours] = match
            taken.add(match.theirs)
    return tuple(chosen[name] for name in names if name in chosen)


def _match(theirs: str, label: str, variable: Variable) -> ColumnMatch | None:
    if theirs == variable.name:
        return ColumnMatch(theirs, variable.name, 1.0, "")
    best, why = 0.0, ""
    for words in filter(None, {plain_words(theirs), plain_words(label)}):
        for known, exact in _known(variable):
            score = exact if words == known else min(_alike(words, known), CERTAIN - 0.01)
            if score > best:
                doubt = f"sounds like {variable.label!r}: check"
                best, why = score, "" if words == known else doubt
    return ColumnMatch(theirs, variable.name, best, why) if best >= ALIKE else None


@cache
def _known(variable: Variable) -> tuple[tuple[str, float], ...]:
    """What a variable is called, in plain words, the dictionary's own words before others."""
    own = (variable.name, variable.label)
    return (
        *((plain_words(name), 1.0) for name in own),
        *((name, CERTAIN) for name in COLUMNS.get(variable.name, ())),
    )


@cache
def _alike(words: str, known: str) -> float:
    # Short names are alike by chance: crs and cns.
    return likeness(words, known) if min(len(words), len(known)) >= 5 else 0.0


def _fits(column: pd.Series, variable: Variable) -> bool:
    """Whether most values that are given could be values of the variable."""
    given = column[~column.str.casefold().isin({*MISSING, ""})]
    if given.empty:
        return True
    if variable.is_numeric:
        return bool(given.str.fullmatch(_NUMBER).mean() >= 0.5)
    if variable.type == "date":
        return bool(given.str.fullmatch(_DATE).mean() >= 0.5)
    if variable.type == "identifier":
        return given.is_unique
    return given.nunique() <= _MOST_LEVELS or variable.type == "code"
