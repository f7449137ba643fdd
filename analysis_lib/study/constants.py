"""Columns that a mapping sets to one value: a constant is not a measurement."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.parameters.definitions import Parameters

# Where records come from and how the product was obtained are said of a whole extract.
_OF_THE_EXTRACT = ("data_origin", "product_access")


def unmeasured(
    constants: Iterable[str], dictionary: Dictionary, parameters: Parameters
) -> tuple[str, ...]:
    """The columns to be treated as not recorded: in no table, test, rate or model.

    A day that all patients share is a day, and what eligibility or the exposure is made of keeps
    its value.
    """
    kept = {*_OF_THE_EXTRACT, *parameters.include, parameters.exposure}
    return tuple(x for x in constants if x not in kept and dictionary[x].type != "date")


def without(patients: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The patients with nothing in these columns."""
    return patients.assign(**{x: patients[x].mask(patients[x].notna()) for x in names})
