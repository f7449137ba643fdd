"""A mapping applied: columns, levels, missing texts, numbers and dates in our own names."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from analysis_lib.dictionary import Dictionary, nearest
from analysis_lib.intake.identifiers import identifying_columns, is_identifying_name
from analysis_lib.intake.mapping.days import dates_from_days
from analysis_lib.intake.mapping.document import MappingFile, Problems, holds
from analysis_lib.intake.mapping.numbers import (
    in_our_units,
    iso_dates,
    with_decimal_points,
    without_percent_signs,
)
from analysis_lib.intake.mapping.variables import NOT_BLANK, ORIGIN
from analysis_lib.intake.reading.distinct import each_distinct


def without_missing(
    table: pd.DataFrame, mapping: MappingFile, dictionary: Dictionary, kept: Iterable[str] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """The table with these texts blanked, and how many were in each of their columns.

    A patient may be called 99, and records cannot be made to look like patients' own: identifiers,
    the origin of a record and `kept` columns are never blanked.
    """
    texts = mapping.reading.missing
    if not texts:
        return table, []
    found = {column: _means_missing(table[column], texts) for column in table.columns}
    counts = {column: int(cells.sum()) for column, cells in found.items() if cells.any()}
    keeping = _never_blanked(mapping, dictionary) | set(kept)
    blanked = {column: count for column, count in counts.items() if column not in keeping}
    spared = {column: count for column, count in counts.items() if column in keeping}
    changed = table.copy()
    for column in blanked:
        changed[column] = table[column].mask(found[column], "")
    notes = []
    if blanked:
        notes.append(f"read as not recorded: {_counted(table, blanked)}")
    if spared:
        notes.append(f"kept, since no identifier is ever blanked: {_counted(table, spared)}")
    return changed, notes


def _means_missing(column: pd.Series, texts: tuple[str, ...]) -> pd.Series:
    """Where a text stands, also as 99.0 in a column that holds only numbers besides."""
    exactly = column.isin(texts)
    return exactly | (holds(column.mask(exactly, ""), texts) & (column != ""))


def _never_blanked(mapping: MappingFile, dictionary: Dictionary) -> set[str]:
    ours = {one.name for one in dictionary.variables if one.type == "identifier"} | {ORIGIN}
    return ours | {theirs for theirs, name in mapping.columns.items() if name in ours}


def _counted(table: pd.DataFrame, counts: dict[str, int]) -> str:
    """`2 in a, 1 in b`; columns that look like direct identifiers are not named."""
    hidden = set(identifying_columns(table[list(counts)]))
    parts = [f"{count} in {column}" for column, count in counts.items() if column not in hidden]
    if hidden:
        cells = sum(counts[column] for column in hidden)
        look = "a column that looks" if len(hidden) == 1 else f"{len(hidden)} columns that look"
        parts.append(f"{cells} in {look} like direct identifiers")
    return ", ".join(parts)


_TRUTH = {"true": "yes", "false": "no", "yes": "yes", "no": "no"}


@dataclass(frozen=True)
class Applied:
    """The table under our names, which of their columns each came from, and what was done."""

    table: pd.DataFrame = field(repr=False)
    original: dict[str, str]
    notes: tuple[str, ...]
    constants: tuple[str, ...] = ()


def apply_mapping(table: pd.DataFrame, mapping: MappingFile, dictionary: Dictionary) -> Applied:
    """A text table in our names; columns of theirs that have none stay behind ours, unchanged.

    `dictionary` is the one that already holds the mapping's own variables. Levels that are not
    mapped and dates in no declared format stay as they are, for the checks to report.

    Raises
    ------
    SourceError
        The mapping names columns that the extract lacks, or two columns claim one of our names.
    """
    problems = Problems(mapping.name)
    _check_their_columns(table, mapping, problems)
    chosen = _chosen(table, mapping, dictionary, problems)
    problems.raise_any()
    recorded, blanked = without_missing(table, mapping, dictionary)
    ours = _table({name: recorded[theirs] for theirs, name in chosen.items()}, recorded)
    notes = blanked + _translate(ours, mapping, dictionary, problems)
    _check_references(ours, mapping, problems)
    made = dates_from_days(recorded, ours, mapping, problems)
    filled = {**dict(ours.items()), **made, **mapping.values}
    filled |= _told_by_dates(filled, mapping, problems)
    problems.raise_any()
    rest = [name for name in table.columns if name not in chosen and name not in mapping.columns]
    used = {rule.days for rule in mapping.days.values()}.union(
        *(rule.where for rule in mapping.days.values())
    )
    behind = [name for name in rest if name not in used and name not in filled]
    if behind:
        notes.append(f"left behind, since no name of ours is theirs: {_shown(recorded[behind])}")
    named = {name: filled[name] for name in dictionary.names("extract") if name in filled}
    whole = _table({**named, **{name: recorded[name] for name in behind}}, recorded)
    original = {name: theirs for theirs, name in chosen.items()}
    original |= {name: rule.days for name, rule in mapping.days.items()}
    constants = tuple(x for x in mapping.values if x in whole.columns)
    if constants:
        given = ", ".join(f"{x} ({mapping.values[x]})" for x in constants)
        notes.append(f"set to one value by the mapping, which is no measurement: {given}")
    return Applied(whole, original, tuple(notes), constants)


def _table(columns: Pairs[str, pd.Series | str], like: pd.DataFrame) -> pd.DataFrame:
    """Columns side by side, without a copy of them: a large extract is in memory once."""
    return pd.DataFrame(dict(columns), index=like.index, copy=False)


def _shown(columns: pd.DataFrame) -> str:
    """The names of their columns, those of direct identifiers counted only."""
    hidden = identifying_columns(columns)
    shown = [name for name in columns if name not in hidden]
    if hidden:
        look = "column that looks" if len(hidden) == 1 else "columns that look"
        shown.append(f"{len(hidden)} {look} like direct identifiers")
    return ", ".join(shown)


def _check_their_columns(table: pd.DataFrame, mapping: MappingFile, problems: Problems) -> None:
    named = [("columns", theirs) for theirs in mapping.columns]
    for name, rule in mapping.days.items():
        named += [(f"dates_from_days.{name}", theirs) for theirs in (rule.days, *rule.where)]
    sayable = [name for name in table.columns if not is_identifying_name(name)]
    for part, theirs in named:
        if theirs not in table.columns:
            problems.add(part, f"the extract has no column {theirs!r}{nearest(theirs, sayable)}")
    for name in [one.name for one in mapping.variables if one.origin == "derived"]:
        if name in table.columns and name not in mapping.columns:
            problems.add(
                f"variables.{name}",
                f"the extract has a column {name}, but the report derives {name} itself; leave "
                f"theirs out (columns: {{{name}: }}), or map it to a variable of another name",
            )


def _chosen(
    table: pd.DataFrame, mapping: MappingFile, dictionary: Dictionary, problems: Problems
) -> dict[str, str]:
    """Their column -> ours, as mapped or because it carries our name already."""
    names = dictionary.names("extract")
    chosen = {theirs: ours for theirs, ours in mapping.columns.items() if ours}
    filled = {**{ours: theirs for theirs, ours in chosen.items()}, **dict.fromkeys(mapping.days)}
    filled |= dict.fromkeys(mapping.values)
    for column in table.columns:
        if column in mapping.columns or column not in names:
            continue
        if column in filled:
            problems.add(
                "columns",
                f"the extract has a column {column}, and the mapping fills it from elsewhere; give "
                f"one of them up (columns: {{{column}: }} leaves the extract's column out)",
            )
        chosen[column] = column
    return {theirs: ours for theirs, ours in chosen.items() if theirs in table.columns}


def _check_references(ours: pd.DataFrame, mapping: MappingFile, problems: Problems) -> None:
    """A code that is the reference must be one that a patient has."""
    for variable in mapping.variables:
        name, reference = variable.name, variable.reference
        if variable.type != "code" or not reference or name not in ours:
            continue
        codes = [text for text in ours[name].unique() if text]
        if reference not in codes:
            problems.add(
                f"variables.{name}",
                f"reference must be a code that a patient has, but is {reference!r}"
                f"{nearest(reference, codes)}",
            )


def _level(text: str, levels: Pairs[str, str], truth: Pairs[str, str]) -> str:
    other = levels.get(NOT_BLANK, text) if text else text
    return levels.get(text, truth.get(text.lower(), other))


def _told_by_dates(
    filled: Pairs[str, pd.Series | str], mapping: MappingFile, problems: Problems
) -> dict[str, pd.Series]:
    """Treatments and states without a column of their own, from whether their date is given."""
    told = {}
    for name, levels in mapping.levels.items():
        if NOT_BLANK not in levels or name in filled:
            continue
        dates = filled.get(f"{name}_date")
        if not isinstance(dates, pd.Series):
            problems.add(
                f"levels.{name}",
                f"{NOT_BLANK!r} needs a column: map one to {name}, or to {name}_date",
            )
            continue
        told[name] = each_distinct(dates, partial(_level, levels=levels, truth={}))
    return told


def _translate(
    ours: pd.DataFrame, mapping: MappingFile, dictionary: Dictionary, problems: Problems
) -> list[str]:
    """Levels, dates and numbers in our words, in place; returns what is worth saying."""
    for name in ours.columns:
        variable = dictionary[name]
        levels = mapping.levels.get(name, {})
        if variable.type == "yes_no":
            ours[name] = each_distinct(ours[name], partial(_level, levels=levels, truth=_TRUTH))
        elif levels:
            ours[name] = each_distinct(ours[name], partial(_level, levels=levels, truth={}))
        if variable.type == "date":
            ours[name] = iso_dates(ours[name], mapping.reading.dates)
    numeric = [name for name in ours.columns if dictionary[name].is_numeric]
    steps = (
        ("% signs taken away", without_percent_signs(ours, numeric, dictionary)),
        (
            "decimal commas read as points",
            with_decimal_points(ours, numeric, mapping.reading.decimal, problems),
        ),
        ("multiplied into our units", in_our_units(ours, mapping.units)),
    )
    return [f"{what}: {', '.join(names)}" for what, names in steps if names]
