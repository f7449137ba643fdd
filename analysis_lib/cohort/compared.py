"""The exposure as the parameters name it: its label, the levels compared and their reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis_lib.cohort.exposure import DEFINITIONS
from analysis_lib.cohort.names import check_levels
from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.parameters import Parameters


def compare_as_named(
    dictionary: Dictionary, patients: pd.DataFrame, parameters: Parameters
) -> Dictionary:
    """The dictionary with the exposure's label and levels as the parameters have them.

    Everything that shows or models the exposure asks the dictionary, so that tables, curves,
    models and sentences follow. Without parameters the dictionary stays as it is.

    Raises
    ------
    CohortError
        A level named is none of the exposure's.
    """
    label, levels = parameters.exposure_label, parameters.exposure_levels
    if not (label or levels):
        return dictionary
    exposure = dictionary[parameters.exposure]
    if label:
        exposure = replace(exposure, label=label)
    if levels:
        check_levels(parameters, tuple(patients[exposure.name].cat.categories))
        exposure = _with_levels(exposure, levels)
    changed = {exposure.name: exposure}
    definition = DEFINITIONS.get(exposure.name)
    if definition is not None:
        combined = dictionary[definition.combined]
        changed[combined.name] = _relabelled(combined, levels)
    return Dictionary(tuple(changed.get(x.name, x) for x in dictionary.variables))


def keep_compared(patients: pd.DataFrame, variable: Variable) -> pd.DataFrame:
    """The patients with the levels of the exposure in the order in which they are compared."""
    if not variable.levels:
        return patients
    values = patients[variable.name].cat.set_categories(list(variable.levels))
    return patients.assign(**{variable.name: values})


def _with_levels(variable: Variable, levels: Mapping[str, str]) -> Variable:
    """Named levels stand for themselves: a yes or no with labels is a category like any other."""
    names, labels = tuple(levels), tuple(levels.values())
    return replace(variable, type="category", levels=names, level_labels=labels, reference=names[0])


def _relabelled(variable: Variable, levels: Mapping[str, str]) -> Variable:
    labels = (
        levels.get(level, label)
        for level, label in zip(variable.levels, variable.level_labels, strict=True)
    )
    return replace(variable, level_labels=tuple(labels))
