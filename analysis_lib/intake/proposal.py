"""A mapping proposed for an extract: which of its columns are ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.identifiers import identifying_columns
from analysis_lib.intake.likeness import (
    LevelMatch,
    counts_given,
    match_choices,
    match_levels,
    plain_words,
    possible_formats,
    slug,
    slugs_of,
    texts_for_missing,
)
from analysis_lib.intake.matching import NO_CODES, NUMBER_LIKE, Codes, ColumnMatch, match_columns
from analysis_lib.intake.times import TimePair, find_times


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
    codes: Codes = NO_CODES,
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
    given = counts_given(column)
    if not given:
        return "holds nothing"
    what = "numbers" if all(map(NUMBER_LIKE.fullmatch, given)) else "texts"
    return (
        f"{len(given)} different {what}, and none of our variables is called so; declare it "
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
