"""The extract that parameters name, read once, and its columns that measure nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Dictionary, read_dictionary
from analysis_lib.intake.extract import Extract, load_extract
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.content import content_of
from analysis_lib.study.naming import with_own_noun

_READ: dict[str, Extract] = {}


def read_extract(parameters: Parameters, root: Path) -> Extract:
    """The typed extract; the one that was read last stays while its files are as they were.

    Raises
    ------
    CartReportError
        Dictionary, mapping or extract are refused.
    """
    names = {name: getattr(parameters, name) for name in ("cohort", "dictionary", "mapping")}
    try:
        content = content_of(Parameters(**names, claims=""), root)
    except OSError:  # whoever reads the file says what is wrong with it
        content = ""
    if not content or content not in _READ:
        _READ.clear()
        shipped = read_dictionary(root / parameters.dictionary)
        mapping = root / parameters.mapping if parameters.mapping else None
        loaded = load_extract(root / parameters.cohort, shipped, mapping)
        own = with_own_noun(loaded.dictionary, shipped)
        _READ[content] = replace(loaded, dictionary=own)
    return _READ[content]


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
