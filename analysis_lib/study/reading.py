"""The extract and the columns that parameters name, read and checked before a study is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis_lib.dictionary import Dictionary, nearest, read_dictionary
from analysis_lib.errors import CohortError
from analysis_lib.intake.extract import Extract, load_extract
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import COVARIATE_LISTS, NEGATIVE_CONTROLS
from analysis_lib.study.content import content_of
from analysis_lib.study.exposure import check_levels, exposure_variable
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


def check_names(parameters: Parameters, dictionary: Dictionary) -> None:
    """Refuse an exposure or a covariate that the dictionary does not know, or cannot be one.

    Raises
    ------
    CohortError
        Naming the parameter, the name, and the nearest one that would do.
    """
    exposure = exposure_variable(parameters.exposure, dictionary)
    if exposure.levels:
        check_levels(parameters, exposure.levels)
    usable = [x.name for x in dictionary.variables if x.is_categorical or x.is_numeric]
    for which in COVARIATE_LISTS:
        for name in getattr(parameters, which):
            if name not in dictionary:
                raise CohortError(
                    f"{which}: {name!r} is not a variable of the dictionary"
                    f"{nearest(name, usable) or '; take it out'}"
                )
            if name not in usable:
                raise CohortError(
                    f"{which}: {name!r} is of type {dictionary[name].type}, but a covariate must "
                    "have levels or be a number; take it out"
                )
    _check_controls(parameters, dictionary)
    _check_doses(parameters, dictionary)
    for name in parameters.subgroup_terms:
        if not dictionary[name].is_categorical:
            raise CohortError(
                f"subgroup_terms: {name!r} is {dictionary[name].type} and has no levels; group its "
                "values in the extract, or take it out"
            )


def _check_controls(parameters: Parameters, dictionary: Dictionary) -> None:
    """Refuse a negative control that is no column, or of which no ratio can be taken."""
    for which, needs, usable in (
        (NEGATIVE_CONTROLS[0], "have levels", [x.name for x in dictionary.variables if x.levels]),
        (
            NEGATIVE_CONTROLS[1],
            "be of type yes_no",
            [x.name for x in dictionary.variables if x.type == "yes_no"],
        ),
    ):
        name = getattr(parameters, which)
        if name and name not in dictionary:
            raise CohortError(
                f"{which}: {name!r} is not a variable of the dictionary"
                f"{nearest(name, usable) or '; leave it empty'}"
            )
        if name and name not in usable:
            raise CohortError(
                f"{which}: {name!r} is of type {dictionary[name].type}, but must {needs}; choose "
                "another column, or none ('')"
            )
    if parameters.negative_control_outcome in parameters.baseline_terms:
        raise CohortError(
            f"{NEGATIVE_CONTROLS[1]}: {parameters.negative_control_outcome!r} is one of "
            "baseline_terms, which its comparison is adjusted for; choose another column"
        )


def _check_doses(parameters: Parameters, dictionary: Dictionary) -> None:
    """Refuse a column of doses that is no number, or of their days that is no date."""
    doses, last = parameters.exposure_doses, parameters.exposure_last_dose
    numbers = [x.name for x in dictionary.variables if x.is_numeric]
    dates = [x.name for x in dictionary.variables if x.type == "date"]
    asked = [("exposure_doses", doses, numbers, "a number")] if doses else []
    asked += [("exposure_last_dose", name, dates, "a date") for name in last]
    for which, name, known, what in asked:
        if name not in known:
            raise CohortError(
                f"{which}: {name!r} is not {what} of the dictionary{nearest(name, known)}"
            )
