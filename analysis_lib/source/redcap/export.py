"""A REDCap export in the words of its data dictionary, one row per record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.mapping.mapping import Mapping
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.redcap.applicable import hidden_fields
from analysis_lib.source.redcap.codebook import Codebook
from analysis_lib.source.redcap.decode import codes_of, decode, find_source
from analysis_lib.source.redcap.records import OWN_COLUMNS, has_several_rows, one_row_each
from analysis_lib.source.redcap.variables import (
    NOT_APPLICABLE,
    STAY_EMPTY,
    with_not_applicable,
)


@dataclass(frozen=True)
class Decoded:
    """The export with the mapped columns decoded, and what is still to be mapped."""

    table: pd.DataFrame = field(repr=False)
    mapping: Mapping
    dictionary: Dictionary = field(repr=False)
    notes: tuple[str, ...]


def decode_export(
    table: pd.DataFrame, codebook: Codebook, mapping: Mapping, dictionary: Dictionary
) -> Decoded:
    """Decode the columns that the report reads; identifiers are dropped, events joined.

    Raises
    ------
    SourceError
        The export does not belong to the data dictionary, a record contradicts itself between
        events, a box is mapped as if it excluded the others, or an identifier is mapped.
    """
    problems = Problems(mapping.name)
    chosen = _chosen(table, mapping, dictionary)
    identifiers = [name for name in codebook.identifier_columns() if name in table.columns]
    _check(table, codebook, chosen, identifiers, problems)
    problems.raise_any()
    hidden, strange = hidden_fields(table, codebook)
    notes = _notes(identifiers, strange)
    sources = _sources(table, codebook, chosen)
    if has_several_rows(table, codebook):
        rows = len(table)
        needed = [*(name for names in sources.values() for name in names), *_of_days(mapping)]
        needed = [name for name in dict.fromkeys(needed) if name in table.columns]
        table, hidden = one_row_each(table, hidden, codebook, needed, problems)
        notes.append(f"{rows} rows of events and repeats joined to {len(table)} records")
    columns = {
        theirs: _decoded(theirs, dictionary[chosen[theirs]], table, codebook, mapping, problems)
        for theirs in sources
    }
    problems.raise_any()
    columns, extended, counted = _not_applicable(columns, chosen, hidden, codebook, dictionary)
    coded = {chosen[theirs] for theirs in columns if _is_coded(theirs, codebook)}
    return Decoded(
        _with_columns(table, codebook, mapping, columns, identifiers, sources),
        replace(mapping, levels={k: v for k, v in mapping.levels.items() if k not in coded}),
        dictionary.with_variables(extended),
        (*notes, *counted),
    )


def _chosen(table: pd.DataFrame, mapping: Mapping, dictionary: Dictionary) -> dict[str, str]:
    """Their column -> ours, as mapped or because it carries our name already."""
    names = dictionary.names("extract")
    same = {name: name for name in table.columns if name in names and name not in mapping.columns}
    return same | {theirs: ours for theirs, ours in mapping.columns.items() if ours}


def _sources(
    table: pd.DataFrame, codebook: Codebook, chosen: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """The columns of the export behind each chosen name, for those that the project describes."""
    sources = {}
    for theirs in chosen:
        found = find_source(theirs, codebook)
        if found is None:
            continue
        field, box = found
        columns = (field.checkbox_column(box),) if box else field.columns
        if set(columns) & set(table.columns):
            sources[theirs] = columns
    return sources


def _check(
    table: pd.DataFrame,
    codebook: Codebook,
    chosen: dict[str, str],
    identifiers: list[str],
    problems: Problems,
) -> None:
    fields = {column for one in codebook.fields for column in one.columns}
    if not fields & set(table.columns):
        problems.add(
            "redcap",
            "no column of the extract is a field of the data dictionary; export the raw data "
            "(codes, with the names of variables as header), and the dictionary of that project",
        )
    for theirs, ours in chosen.items():
        if theirs in identifiers:
            problems.add(
                f"columns.{theirs}",
                f"is flagged as an identifier in REDCap and is not read; map a pseudonymous field "
                f"to {ours}",
            )


def _notes(identifiers: list[str], strange: list[str]) -> list[str]:
    notes = []
    if identifiers:
        many = len(identifiers) > 1
        columns = f"{len(identifiers)} columns" if many else "1 column"
        notes.append(
            f"{columns} flagged as identifier in REDCap {'were' if many else 'was'} dropped"
        )
    if strange:
        notes.append(f"branching logic not understood, blanks stay missing: {', '.join(strange)}")
    return notes


def _of_days(mapping: Mapping) -> list[str]:
    return [name for rule in mapping.days.values() for name in (rule.days, *rule.where)]


def _is_coded(theirs: str, codebook: Codebook) -> bool:
    found = find_source(theirs, codebook)
    return found is not None and bool(found[0].choices)


def _decoded(
    theirs: str,
    variable: Variable,
    table: pd.DataFrame,
    codebook: Codebook,
    mapping: Mapping,
    problems: Problems,
) -> pd.Series:
    found = find_source(theirs, codebook)
    if found is None:
        return table[theirs]
    codes, labels = codes_of(table, *found, problems)
    if not labels:
        return codes
    return decode(codes, labels, variable, mapping.levels.get(variable.name, {}), problems)


def _not_applicable(
    columns: dict[str, pd.Series],
    chosen: dict[str, str],
    hidden: dict[str, pd.Series],
    codebook: Codebook,
    dictionary: Dictionary,
) -> tuple[dict[str, pd.Series], list[Variable], list[str]]:
    """Values that were never asked, as a level; the variables that gain it, and how many."""
    changed, extended, notes = dict(columns), [], []
    for theirs, values in columns.items():
        found, variable = find_source(theirs, codebook), dictionary[chosen[theirs]]
        if found is None or found[0].name not in hidden:
            continue
        if not variable.is_categorical or variable.name in STAY_EMPTY:
            continue
        # The boxes of a hidden field are exported as not ticked.
        blank = values.isin(("", "no")) if found[1] else values == ""
        not_asked = hidden[found[0].name] & blank
        if not_asked.any():
            changed[theirs] = values.mask(not_asked, NOT_APPLICABLE)
            extended.append(with_not_applicable(variable))
            notes.append(
                f"{variable.name}: {int(not_asked.sum())} not applicable by branching logic"
            )
    return changed, extended, notes


def _with_columns(
    table: pd.DataFrame,
    codebook: Codebook,
    mapping: Mapping,
    columns: dict[str, pd.Series],
    identifiers: list[str],
    sources: dict[str, tuple[str, ...]],
) -> pd.DataFrame:
    """The export with the decoded columns, without identifiers and REDCap's own columns."""
    forms = {f"{one.form}_complete" for one in codebook.fields}
    used = {name for names in sources.values() for name in names}
    gone = {*identifiers, *OWN_COLUMNS, *forms, *used} - set(_of_days(mapping))
    kept = table[[name for name in table.columns if name not in gone or name in columns]]
    return kept.assign(**columns)
