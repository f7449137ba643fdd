"""When a variable is known: before the exposure, before time zero, or after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from analysis_lib.dictionary import (
    AT_ZERO,
    BEFORE_EXPOSURE,
    BEFORE_ZERO,
    BRIDGING,
    FIXED,
    INFUSED,
    STAGES,
    Dictionary,
    Variable,
)
from analysis_lib.errors import CohortError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import BEFORE_INFUSION

BEFORE, AFTER, UNSURE = "before", "after", "unsure"


def with_known_stages(dictionary: Dictionary, patients: pd.DataFrame, time_zero: str) -> Dictionary:
    """The dictionary with a stage where it named a date: by the days of these patients.

    Known after time zero is what is dated after it in any patient who has a value. Where a value
    has no date, nothing is stated.
    """
    dated = [v for v in dictionary.variables if v.known not in ("", *STAGES)]
    return dictionary.with_variables(
        replace(v, known=_stage(v, patients, time_zero), known_by=v.known) for v in dated
    )


def _stage(variable: Variable, patients: pd.DataFrame, time_zero: str) -> str:
    has = patients[variable.name].notna()
    day, zero = patients[variable.known], patients[time_zero]
    if (has & (day > zero)).any():
        return INFUSED
    return "" if (has & day.isna()).any() else BEFORE_ZERO


def is_after_time_zero(variable: Variable, time_zero: str) -> bool:
    """Whether it is known only after the day from which survival is counted."""
    later = (BRIDGING, AT_ZERO, INFUSED) if time_zero == "apheresis_date" else (INFUSED,)
    return variable.known in later


def known_by_zero(terms: Iterable[Variable], zero: str) -> str:
    """`known before infusion`; `known by` it where a term is known only on the day itself."""
    return f"known {'by' if any(x.known == AT_ZERO for x in terms) else 'before'} {zero}"


def order_in_time(covariate: Variable, exposure: Variable, patients: pd.DataFrame) -> str:
    """Whether a covariate is known before the exposure, after it, or nobody can say."""
    if covariate.known == BEFORE_EXPOSURE:
        return BEFORE
    if covariate.known_by and exposure.known_by:
        return _by_dates(patients[covariate.known_by], patients[exposure.known_by])
    if not (covariate.known and exposure.known) or covariate.known == exposure.known:
        return UNSURE
    first, second = STAGES.index(covariate.known), STAGES.index(exposure.known)
    # "Before time zero" may be any day before it, but what was fixed before therapy was there.
    sure = max(first, second) >= STAGES.index(AT_ZERO) or covariate.known == FIXED
    if BEFORE_ZERO in (covariate.known, exposure.known) and not sure:
        return UNSURE
    return BEFORE if first < second else AFTER


def _by_dates(covariate: pd.Series, exposure: pd.Series) -> str:
    both = covariate.notna() & exposure.notna()
    earlier = covariate[both] <= exposure[both]
    if not both.any() or (earlier.any() and not earlier.all()):
        return UNSURE
    return BEFORE if earlier.all() else AFTER


def check_known(parameters: Parameters, dictionary: Dictionary, patients: pd.DataFrame) -> None:
    """Refuse a baseline term that is known too late to be one.

    Raises
    ------
    CohortError
        Naming the parameter, the term, and what to do.
    """
    zero = parameters.time_zero
    for which in BEFORE_INFUSION:
        for name in getattr(parameters, which):
            variable = dictionary[name]
            if is_after_time_zero(variable, zero):
                late = _how_many(variable, patients, zero)
                raise CohortError(
                    f"{which}: must be known before time zero, but {name!r} is known only after "
                    f"it{late}; take it out"
                )
    control = parameters.negative_control_exposure
    if control and is_after_time_zero(dictionary[control], zero):
        raise CohortError(
            f"negative_control_exposure: must be known before time zero, but {control!r} is known "
            "only after it; choose another column, or none ('')"
        )
    exposure = dictionary[parameters.exposure]
    for name in parameters.before_exposure_terms:
        if order_in_time(dictionary[name], exposure, patients) == AFTER:
            raise CohortError(
                f"before_exposure_terms: must be known before the exposure, but {name!r} is known "
                f"{dictionary[name].known} and {exposure.name} {exposure.known}; take it out"
            )


def _how_many(variable: Variable, patients: pd.DataFrame, time_zero: str) -> str:
    if not variable.known_by:
        return ""
    late = patients[variable.name].notna() & (patients[variable.known_by] > patients[time_zero])
    return f" in {int(late.sum())} patients, by {variable.known_by}"
