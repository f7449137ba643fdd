"""The variables that parameters name, held against the dictionary before anything is computed."""

from __future__ import annotations

from analysis_lib.dictionary import Dictionary, Variable, nearest
from analysis_lib.errors import CohortError
from analysis_lib.parameters import Parameters
from analysis_lib.parameters.contradictions import COVARIATE_LISTS


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


def exposure_variable(name: str, dictionary: Dictionary) -> Variable:
    """The variable that splits the patients.

    Raises
    ------
    CohortError
        The dictionary does not know it, or it has no levels.
    """
    known = [x for x in dictionary.names() if dictionary[x].is_categorical]
    if name not in dictionary:
        raise CohortError(
            f"exposure: {name!r} is not a variable of the dictionary{nearest(name, known)}"
        )
    variable = dictionary[name]
    if not variable.is_categorical:
        raise CohortError(
            f"exposure: {name!r} is {variable.type}, but must have levels; "
            "choose a categorical variable or group its values in the extract"
        )
    return variable


def check_levels(parameters: Parameters, known: tuple[str, ...]) -> None:
    """Refuse a level of `exposure_levels` that the exposure does not have."""
    for level in parameters.exposure_levels:
        if level not in known:
            raise CohortError(
                f"exposure_levels: {level!r} is not a level of {parameters.exposure}"
                f"{nearest(level, known)}; its levels are {', '.join(known)}"
            )
