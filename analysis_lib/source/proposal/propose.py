"""Propose a mapping file for an extract, to be read and mended by the person who knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.identifiers import identifying_columns
from analysis_lib.source.proposal.columns import ColumnMatch, match_columns
from analysis_lib.source.proposal.formats import possible_formats, texts_for_missing
from analysis_lib.source.proposal.levels import LevelMatch, match_choices, match_levels


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
) -> Proposal:
    """Match columns by name, label and synonym, then the levels of what was matched.

    `labels`, `identifiers` and `choices` come from the data dictionary of a project: what its
    columns are called, which are identifiers, and what the codes of coded columns mean.
    """
    hidden = {*identifying_columns(table, dictionary.names("extract")), *identifiers}
    shown = table[[name for name in table.columns if name not in hidden]]
    columns = match_columns(shown, dictionary, labels or {})
    of_type = {match.ours: shown[match.theirs] for match in columns}
    dates = [text for name, x in of_type.items() if dictionary[name].type == "date" for text in x]
    numbers = [text for name, x in of_type.items() if dictionary[name].is_numeric for text in x]
    levels = [text for name, x in of_type.items() if dictionary[name].levels for text in x]
    missing = texts_for_missing([*dates, *numbers], levels)
    matched = {match.ours: match.theirs for match in columns}
    left = [v for v in dictionary.extract() if v.name not in matched]
    return Proposal(
        columns=columns,
        levels=_levels(of_type, matched, dictionary, choices or {}, missing),
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
