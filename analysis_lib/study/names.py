"""Columns that parameters name: the dictionary knows them, and they are of the type asked for."""

from __future__ import annotations

from analysis_lib.dictionary import Dictionary, nearest
from analysis_lib.errors import CohortError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import COVARIATE_LISTS, NEGATIVE_CONTROLS
from analysis_lib.study.exposure import check_levels, exposure_variable


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
