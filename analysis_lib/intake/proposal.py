"""A mapping proposed for an extract: which of its columns are ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.identifiers import identifying_columns
from analysis_lib.intake.likeness import (
    MISSING,
    LevelMatch,
    likeness,
    match_choices,
    match_levels,
    may_be_alike,
    plain_words,
    possible_formats,
    slug,
    slugs_of,
    texts_for_missing,
)
from analysis_lib.intake.times import TimePair, find_times

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


# Beside the words of the dictionary: what data sets of trials call what the project's own does not.
_ALSO = {
    "patient_id": ("pid", "subjid", "patid", "ptid", "ptno", "unique id"),
    "centre": ("inst", "siteid", "centre id", "center id", "study site"),
    "age_years": ("age years", "age in years", "age yrs"),
}
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
        *((name, CERTAIN) for name in (*variable.also_called, *_ALSO.get(variable.name, ()))),
    )


def _alike(words: str, known: str) -> float:
    # Short names are alike by chance: crs and cns.
    if min(len(words), len(known)) < 5 or not may_be_alike(words, known, ALIKE):
        return 0.0
    return likeness(words, known)


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
class Arm:
    """A column of treatments, which becomes a variable of its own; `levels` is theirs -> ours."""

    theirs: str
    name: str
    levels: Mapping[str, str]


@dataclass(frozen=True)
class Proposal:
    """Pairs of columns and levels, how dates are written, and what found no partner.

    `times` are dates told by days and statuses; `left` says of a column why it is not proposed.

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
    times: tuple[TimePair, ...] = ()
    arms: tuple[Arm, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


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
    own = dictionary.names("extract")
    times = find_times(shown[[name for name in shown if name not in own]])
    of_times = {name for pair in times for name in (pair.time, pair.status) if name}
    rest = shown[[name for name in shown if name not in of_times]]
    columns = match_columns(rest, dictionary, labels or {}, codes)
    filled = {match.ours for match in columns}
    untold = of_times
    times = tuple(pair for pair in times if pair.ours and pair.ours not in filled)
    of_times = {name for pair in times for name in (pair.time, pair.status) if name}
    of_type = {match.ours: shown[match.theirs] for match in columns}
    dates = [text for name, x in of_type.items() if dictionary[name].type == "date" for text in x]
    numbers = [text for name, x in of_type.items() if dictionary[name].is_numeric for text in x]
    levels = [text for name, x in of_type.items() if dictionary[name].levels for text in x]
    in_times = [text for name in of_times for text in shown[name]]
    missing = texts_for_missing([*dates, *numbers, *in_times], levels)
    matched = {match.ours: match.theirs for match in columns}
    arms = _arms(shown[[x for x in rest if x not in matched.values()]], dictionary, missing)
    told = {pair.ours for pair in times} | _FROM_TIMES if times else set()
    left = [v for v in dictionary.extract() if v.name not in {*matched, *told}]
    used = {*matched.values(), *of_times, *(arm.theirs for arm in arms)}
    unused = tuple(name for name in shown.columns if name not in used)
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
        unused=unused,
        hidden=len(hidden & set(table.columns)),
        times=times,
        arms=arms,
        left={name: _SECOND if name in untold else _why_left(shown[name]) for name in unused},
    )


_ARMS = {"arm", "trt", "treatment", "rx", "regimen", "randomization", "randomisation", "drug"}
_ARMS |= {"group", "therapy", "trtp", "trta"}
_MOST_ARMS = 8
# What the pair of death tells besides the date of death.
_FROM_TIMES = {"infusion_date", "last_contact_date"}


def _arms(table: pd.DataFrame, dictionary: Dictionary, missing: tuple[str, ...]) -> tuple[Arm, ...]:
    """Columns with a few treatments, told by their names."""
    arms = []
    for theirs in table.columns:
        if not _ARMS & {*plain_words(theirs).split()}:
            continue
        texts = sorted({*table[theirs]} - {"", *missing})
        if not 2 <= len(texts) <= _MOST_ARMS:
            continue
        levels = slugs_of(
            {text: text if slug(text)[:1].isalpha() else f"level {text}" for text in texts}
        )
        name = slug(theirs)
        while not name[:1].isalpha() or name in dictionary:
            name = f"their_{name}"
        arms.append(Arm(theirs, name, levels))
    return tuple(arms)


_SECOND = "a time or its status; other columns tell this date, or it is none of ours"


def _why_left(column: pd.Series) -> str:
    given = column[~column.str.casefold().isin({*MISSING, ""})]
    if given.empty:
        return "holds nothing"
    what = "numbers" if given.str.fullmatch(_NUMBER).all() else "texts"
    return (
        f"{given.nunique()} different {what}, and none of our variables is called so; declare it "
        "under variables if it is needed"
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
