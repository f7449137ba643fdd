"""A REDCap export in the words of its data dictionary, one row per record."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.mapping.days import without_event
from analysis_lib.intake.mapping.document import MappingFile, Problems
from analysis_lib.intake.redcap.branching import fields_asked, fields_shown
from analysis_lib.intake.redcap.codebook import RAW, Codebook
from analysis_lib.intake.redcap.codes import in_codes
from analysis_lib.intake.redcap.decode import (
    codes_of,
    decode,
    fields_behind,
    find_source,
    refuse_blank_boxes,
    without_unanswered,
    without_unsure_boxes,
)
from analysis_lib.intake.redcap.records import OWN_COLUMNS, join_records

NOT_APPLICABLE = "not_applicable"
# Derivations and eligibility read these, and an empty value of them as 'nothing there'.
STAY_EMPTY = frozenset(
    {
        "data_origin",
        "product_access",
        "race_ethnicity",
        "disease_subtype",
        "marrow_status",
        "ino_response",
        "response_circulating_blasts",
        "response_extramedullary_disease",
        "response_not_evaluable_reason",
        "mrd_status",
        "mrd_method",
        "consolidation",
        "cause_of_death",
    }
)


@dataclass(frozen=True)
class Decoded:
    """The export with the mapped columns decoded, and what is still to be mapped."""

    table: pd.DataFrame = dataclasses.field(repr=False)
    mapping: MappingFile
    dictionary: Dictionary = dataclasses.field(repr=False)
    notes: tuple[str, ...]


def decode_export(
    table: pd.DataFrame, codebook: Codebook, mapping: MappingFile, dictionary: Dictionary
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
    sources = _sources(table, codebook, chosen)
    read = fields_behind({*chosen, *_of_days(mapping)}, codebook)
    table, mapping = in_codes(table, codebook, mapping, fields_asked(read, codebook), problems)
    refuse_blank_boxes(table, codebook, read, problems)
    table, unanswered = without_unanswered(table, codebook, read)
    needed = _needed(table, chosen, sources, mapping)
    records = join_records(table, codebook, needed, problems, mapping.repeats)
    shown = fields_shown(records, codebook)
    notes = [*_notes(identifiers, shown.strange), *unanswered, *records.notes]
    if len(records.table) < len(table):
        notes.append(
            f"{len(table)} rows of events and repeats joined to {len(records.table)} records"
        )
    columns = {
        theirs: _decoded(
            theirs, dictionary[chosen[theirs]], records.table, codebook, mapping, problems
        )
        for theirs in sources
    }
    problems.raise_any()
    mapping = _days_in_levels(mapping, columns, records.table)
    columns, unsure = without_unsure_boxes(columns, shown.unknown, records.table, codebook)
    columns, extended, counted = _not_applicable(
        columns, chosen, shown.hidden, codebook, dictionary
    )
    coded = {chosen[theirs] for theirs in columns if _is_coded(theirs, codebook)}
    kept = _with_columns(records.table, codebook, mapping, columns, identifiers, sources)
    dropped = set(table.columns) - set(kept.columns)
    return Decoded(
        kept,
        replace(
            mapping,
            levels={k: v for k, v in mapping.levels.items() if k not in coded},
            columns={k: v for k, v in mapping.columns.items() if v or k not in dropped},
        ),
        dictionary.with_variables(extended),
        (*notes, *unsure, *counted),
    )


def _chosen(table: pd.DataFrame, mapping: MappingFile, dictionary: Dictionary) -> dict[str, str]:
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
            f"no column of the extract is a field of the data dictionary; {RAW}, and the "
            "dictionary of that project",
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


def _of_days(mapping: MappingFile) -> list[str]:
    return [name for rule in mapping.days.values() for name in (rule.days, *rule.where)]


def _needed(
    table: pd.DataFrame,
    chosen: Iterable[str],
    sources: Pairs[str, tuple[str, ...]],
    mapping: MappingFile,
) -> list[str]:
    """The columns that the report reads, as they stand in the export."""
    behind = [name for names in sources.values() for name in names]
    named = dict.fromkeys([*behind, *chosen, *_of_days(mapping)])
    return [name for name in named if name in table.columns]


def _days_in_levels(
    mapping: MappingFile, columns: Pairs[str, pd.Series], codes: pd.DataFrame
) -> MappingFile:
    """The conditions on days in our levels, where the column that they ask is mapped as well."""

    def levels(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        if name not in columns or name not in codes.columns:
            return allowed
        return tuple(columns[name][codes[name].isin(allowed)].unique())

    days = {
        ours: replace(
            rule,
            where={name: levels(name, texts) for name, texts in rule.where.items()},
            # What the codes of the event imply of their opposites would be lost with the codes.
            otherwise={name: levels(name, without_event(rule, name)) for name in rule.where},
        )
        for ours, rule in mapping.days.items()
    }
    return replace(mapping, days=days)


def _is_coded(theirs: str, codebook: Codebook) -> bool:
    found = find_source(theirs, codebook)
    return found is not None and bool(found[0].choices)


def _decoded(
    theirs: str,
    variable: Variable,
    table: pd.DataFrame,
    codebook: Codebook,
    mapping: MappingFile,
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
            extended.append(_with_not_applicable(variable))
            notes.append(
                f"{variable.name}: {int(not_asked.sum())} not applicable by branching logic"
            )
    return changed, extended, notes


def _with_columns(
    table: pd.DataFrame,
    codebook: Codebook,
    mapping: MappingFile,
    columns: dict[str, pd.Series],
    identifiers: list[str],
    sources: Pairs[str, tuple[str, ...]],
) -> pd.DataFrame:
    """The export with the decoded columns, and of REDCap's own columns only those mapped."""
    own = {f"{one.form}_complete" for one in codebook.fields}.union(
        *(one.other_boxes(table.columns) for one in codebook.fields), OWN_COLUMNS
    )
    gone = {*identifiers, *own, *(name for names in sources.values() for name in names)}
    read = {*_of_days(mapping), *columns, *filter(mapping.columns.get, mapping.columns)}
    kept = table[[name for name in table.columns if name not in gone or name in read]]
    return kept.assign(**columns)


def _with_not_applicable(variable: Variable) -> Variable:
    """The variable with a last level for those to whom it does not apply; never the reference."""
    if NOT_APPLICABLE in variable.levels or not variable.levels:
        return variable
    return replace(
        variable,
        type="category",  # yes and no are no longer all
        levels=(*variable.levels, NOT_APPLICABLE),
        level_labels=(*variable.level_labels, "Not applicable"),
    )
