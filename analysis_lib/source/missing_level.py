"""A level that calls itself missing, kept apart from values that are not there."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.labels import MISSING

_LEVEL = MISSING.casefold()
_OWN_LEVEL = f"recorded_{_LEVEL}"
_OWN_LABEL = f"{MISSING} (recorded)"


def with_missing_apart(
    table: pd.DataFrame, dictionary: Dictionary
) -> tuple[pd.DataFrame, Dictionary, list[str]]:
    """The level `missing` under a name and label of its own, and what is said of it.

    The report counts values that are not there under `missing`, and shows them as Missing.
    """
    changed, renamed, notes = {}, [], []
    for variable in dictionary.extract():
        own = _renamed(variable)
        texts = _own_names(variable, own, table)
        if own != variable:
            renamed.append(own)
        if texts:
            name = variable.name
            changed[name] = table[name].map(lambda x, texts=texts: texts.get(x, x))
            notes.append(f"{name}: the level {MISSING} is shown as {_OWN_LABEL!r}")
    return table.assign(**changed), dictionary.with_variables(renamed), notes


def _renamed(variable: Variable) -> Variable:
    own = _own_level(variable)
    return replace(
        variable,
        levels=tuple(own if level == _LEVEL else level for level in variable.levels),
        level_labels=tuple(
            _OWN_LABEL if label.casefold() == _LEVEL else label for label in variable.level_labels
        ),
        reference=own if variable.reference == _LEVEL else variable.reference,
    )


def _own_level(variable: Variable) -> str:
    name = _OWN_LEVEL
    while name in variable.levels:
        name += "_"
    return name


def _own_names(variable: Variable, own: Variable, table: pd.DataFrame) -> dict[str, str]:
    """Texts of the table and what they are called now; codes label themselves."""
    if variable.name not in table.columns:
        return {}
    held = set(table[variable.name].unique())
    if variable.levels:
        before = zip(variable.levels, variable.level_labels, strict=True)
        after = zip(own.levels, own.level_labels, strict=True)
        pairs = zip(before, after, strict=True)
        return {old[0]: new[0] for old, new in pairs if old != new and old[0] in held}
    if variable.type != "code":
        return {}
    return {text: _OWN_LABEL for text in held if text.casefold() == _LEVEL}
