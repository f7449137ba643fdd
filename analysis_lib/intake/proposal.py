"""A mapping proposed for an extract: which of its columns are ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.identifiers import identifying_columns
from analysis_lib.intake.likeness import (
    MISSING,
    LevelMatch,
    likeness,
    match_choices,
    match_levels,
    plain_words,
    possible_formats,
    texts_for_missing,
)
from analysis_lib.intake.reading.kinds import Reading

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


Codes = Mapping[str, Mapping[str, str]]
_NO_CODES: Codes = {}


def match_columns(
    table: pd.DataFrame,
    dictionary: Dictionary,
    labels: Mapping[str, str],
    codes: Codes = _NO_CODES,
) -> tuple[ColumnMatch, ...]:
    """The best pairs first, each column and each variable once.

    `labels` are what another file, such as a REDCap data dictionary, calls their columns. A pair
    is left out where the values, or the `codes` behind them, do not look like the variable's type.
    """
    pairs = []
    names = dictionary.names("extract")
    called = {variable.name: _called(variable) for variable in dictionary.extract()}
    for theirs in table.columns:
        # A column that carries our name is that variable, whatever else it sounds like.
        words = dict.fromkeys(map(plain_words, (theirs, labels.get(theirs, ""))))
        own = [dictionary[theirs]] if theirs in names else dictionary.extract()
        for variable in own:
            match = _match(theirs, words, variable, called[variable.name])
            if match is None:
                continue
            held = table[theirs]
            if variable.is_numeric and theirs in codes:
                held = held.replace(codes[theirs])
            if theirs == variable.name or _fits(held, variable):
                pairs.append(match)
    chosen: dict[str, ColumnMatch] = {}
    taken = set()
    for match in sorted(pairs, key=lambda pair: (-pair.likeness, pair.theirs, pair.ours)):
        if match.theirs not in taken and match.ours not in chosen:
            chosen[match.ours] = match
            taken.add(match.theirs)
    return tuple(chosen[name] for name in names if name in chosen)


Called = tuple[tuple[str, float], ...]


def _match(
    theirs: str, names: Iterable[str], variable: Variable, called: Called
) -> ColumnMatch | None:
    if theirs == variable.name:
        return ColumnMatch(theirs, variable.name, 1.0, "")
    best, why = 0.0, ""
    for words in filter(None, names):
        for known, exact in called:
            score = exact if words == known else min(_alike(words, known), CERTAIN - 0.01)
            if score > best:
                doubt = f"sounds like {variable.label!r}: check"
                best, why = score, "" if words == known else doubt
    return ColumnMatch(theirs, variable.name, best, why) if best >= ALIKE else None


def _called(variable: Variable) -> Called:
    """What a variable is called, in plain words, the dictionary's own words before others."""
    own = (variable.name, variable.label)
    return (
        *((plain_words(name), 1.0) for name in own),
        *((name, CERTAIN) for name in variable.also_called),
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


@dataclass(frozen=True)
class Proposal:
    """Pairs of columns and levels, how dates are written, and what found no partner.

    `hidden` counts the columns that look like direct identifiers: neither their names nor their
    values are part of a proposal.
    """

    columns: tuple[ColumnMatch, ...]
    levels: dict[str, tuple[LevelMatch, ...]]
    dates: tuple[str, ...]
    missing: tuple[str, ...]
    required: tuple[Variable, ...]
    optional: tuple[Variable, ...]
    unused: tuple[str, ...]
    hidden: int


def propose_mapping(
    table: pd.DataFrame,
    dictionary: Dictionary,
    *,
    labels: Mapping[str, str] | None = None,
    identifiers: tuple[str, ...] = (),
    choices: Mapping[str, tuple[str, ...]] | None = None,
    codes: Codes = _NO_CODES,
) -> Proposal:
    """Match columns by name, label and synonym, then the levels of what was matched.

    `labels`, `identifiers` and `choices` come from the data dictionary of a project: what its
    columns are called, which are identifiers, and what the codes of coded columns mean. `codes`
    are, by column, the codes of a file that was read as the labels of its values.
    """
    hidden = {*identifying_columns(table, dictionary.names("extract")), *identifiers}
    shown = table[[name for name in table.columns if name not in hidden]]
    columns = match_columns(shown, dictionary, labels or {}, codes)
    of_type = {match.ours: shown[match.theirs] for match in columns}
    dates = [text for name, x in of_type.items() if dictionary[name].type == "date" for text in x]
    numbers = [text for name, x in of_type.items() if dictionary[name].is_numeric for text in x]
    levels = [text for name, x in of_type.items() if dictionary[name].levels for text in x]
    missing = texts_for_missing([*dates, *numbers], levels)
    matched = {match.ours: match.theirs for match in columns}
    left = [v for v in dictionary.extract() if v.name not in matched]
    return Proposal(
        columns=columns,
        levels={
            **_levels(of_type, matched, dictionary, choices or {}, missing),
            **_numbers(matched, dictionary, codes),
        },
        dates=possible_formats(dates),
        missing=missing,
        required=tuple(v for v in left if v.required in ("value", "column")),
        optional=tuple(v for v in left if v.required not in ("value", "column")),
        unused=tuple(name for name in shown.columns if name not in matched.values()),
        hidden=len(hidden & set(table.columns)),
    )


def _levels(
    columns: Mapping[str, pd.Series],
    matched: Mapping[str, str],
    dictionary: Dictionary,
    choices: Mapping[str, tuple[str, ...]],
    missing: tuple[str, ...],
) -> dict[str, tuple[LevelMatch, ...]]:
    levels = {}
    for name, column in columns.items():
        variable = dictionary[name]
        if not variable.levels:
            continue
        labels = choices.get(matched[name])
        if labels is None:
            found = match_levels(set(column) - set(missing), variable)
        else:
            found = match_choices(labels, variable)
        if found:
            levels[name] = found
    return levels


def _numbers(
    matched: Mapping[str, str], dictionary: Dictionary, codes: Codes
) -> dict[str, tuple[LevelMatch, ...]]:
    """The labels of what is a number with us, and the codes that they stand for."""
    numeric = {ours: codes.get(x, {}) for ours, x in matched.items() if dictionary[ours].is_numeric}
    return {
        ours: tuple(LevelMatch(label, code, "the code of this label: check") for label, code in x)
        for ours, of in numeric.items()
        if (x := [pair for pair in of.items() if pair[0] != pair[1]])
    }


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS_OF_YAML = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])


def mapping_text(proposal: Proposal, file: str, reading: Reading, redcap: str = "") -> str:
    """The YAML of a mapping file; lines that cannot be decided are commented out."""
    lines = [
        f"# How {file} names its columns and levels: theirs on the left, ours on the right.",
        "# Proposed by name, label and synonym: read every line, mend those marked with 'check'.",
    ]
    parts = (
        _read(proposal, reading),
        [f"redcap: {_quoted(redcap)}"] if redcap else [],
        _columns(proposal),
        _level_lines(proposal),
    )
    for part in filter(None, map(list, parts)):
        lines += ["", *part]
    return "\n".join(lines) + "\n"


def _read(proposal: Proposal, reading: Reading) -> Iterator[str]:
    lines = [
        f"  {name}: {_quoted(value)}"
        for name in ("sheet", "delimiter", "decimal", "encoding")
        if (value := getattr(reading, name))
    ]
    if len(proposal.dates) == 1:
        lines.append(f"  dates: {_quoted(proposal.dates[0])}")
    elif proposal.dates:
        choices = " or ".join(map(_quoted, proposal.dates))
        lines.append(f"  # dates: {_quoted(proposal.dates[0])}  # check: {choices}?")
    if proposal.missing:
        lines.append(f"  missing: [{', '.join(map(_quoted, proposal.missing))}]")
    if lines:
        commented = all(line.lstrip().startswith("#") for line in lines)
        yield "# read:" if commented else "read:"
        yield from lines


def _columns(proposal: Proposal) -> Iterator[str]:
    renamed = [match for match in proposal.columns if match.theirs != match.ours]
    if renamed:
        yield "columns:"
    for match in renamed:
        comment = f"  # {_comment(match.why)}" if match.why else ""
        yield f"  {_quoted(match.theirs)}: {match.ours}{comment}"


def _level_lines(proposal: Proposal) -> Iterator[str]:
    lines = []
    for name, matches in proposal.levels.items():
        decided = any(match.ours for match in matches)
        lines.append(f"  {name}:" if decided else f"  # {name}:")
        for match in matches:
            comment = f"  # {_comment(match.why)}" if match.why else ""
            mark, ours = ("", _quoted(match.ours)) if match.ours else ("# ", "?")
            lines.append(f"    {mark}{_quoted(match.theirs)}: {ours}{comment}")
    if lines:
        yield "levels:" if any(not x.lstrip().startswith("#") for x in lines) else "# levels:"
        yield from lines


def _quoted(text: str) -> str:
    """A text as a YAML scalar that every reader takes for a text."""
    if not text or (_PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML):
        return text
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    return " ".join(text.split())
