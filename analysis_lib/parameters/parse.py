"""Parameters as they were given: typed, and held against each other."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters, defaults, definitions
from analysis_lib.parameters.values import parse_value

DAYS_PER_MONTH = 30.4375
COVARIATE_LISTS = (
    "as_published_terms",
    "baseline_terms",
    "before_exposure_terms",
    "candidates",
    "forced_terms",
)
BEFORE_INFUSION = ("baseline_terms", "before_exposure_terms")
# Times of the analysis, in months from time zero and in days from infusion.
FROM_TIME_ZERO = ("landmarks", "rmst_months", "hazard_cut_months")
FROM_INFUSION = ("consolidation_landmarks",)


def check_contradictions(parameters: Parameters) -> None:
    """Refuse parameters that no extract could satisfy together.

    Raises
    ------
    ParameterError
        Naming the first contradiction found.
    """
    _check_dates(parameters)
    _check_exposure_levels(parameters)
    _check_filters(parameters)
    _check_possible_times(parameters)


def is_chosen(parameters: Parameters, name: str) -> bool:
    """Whether a parameter was set to something other than its default."""
    return bool(getattr(parameters, name) != defaults()[name])


def is_default_claims(root: Path, claims: str) -> bool:
    """Whether a claims file is the one that comes with the project."""
    return (root / claims).resolve() == (root / defaults()["claims"]).resolve()


def refuse_times_beyond(
    parameters: Parameters, days: float, end: str, *, names: Sequence[str]
) -> None:
    """Refuse a time that somebody chose and that lies beyond `days`, called `end`.

    A default beyond a short cohort stays, and is shown as not estimable.
    """
    for name in names:
        unit, word = (1.0, "days") if name in FROM_INFUSION else (DAYS_PER_MONTH, "months")
        value = getattr(parameters, name)
        latest = max(value) if isinstance(value, list) else value
        if is_chosen(parameters, name) and latest * unit > days:
            raise ParameterError(
                f"{name}: {latest:g} {word} lie beyond {end}, {days / unit:.2f} {word}; "
                "choose an earlier time"
            )


def without_exposure(parameters: Parameters) -> Parameters:
    """Take the exposure out of the default covariates; refuse it in a list that was chosen."""
    changes: dict[str, Any] = {}
    for name in COVARIATE_LISTS:
        terms = getattr(parameters, name)
        if parameters.exposure not in terms:
            continue
        if is_chosen(parameters, name):
            raise ParameterError(
                f"{name}: {parameters.exposure!r} is the exposure and cannot be a covariate too; "
                "take it out of the list"
            )
        changes[name] = [term for term in terms if term != parameters.exposure]
    return replace(parameters, **changes)


def _check_dates(parameters: Parameters) -> None:
    start, end, lock = parameters.infusion_start, parameters.infusion_end, parameters.data_lock
    if start > end:
        raise ParameterError(
            f"infusion_start: must not be after infusion_end, but {start} is after {end}"
        )
    if start > lock:
        raise ParameterError(
            f"data_lock: must not be before infusion_start, but {lock} is before {start}"
        )


def _check_exposure_levels(parameters: Parameters) -> None:
    levels = parameters.exposure_levels
    if len(levels) == 1:
        raise ParameterError(
            f"exposure_levels: a comparison needs two levels, but only {next(iter(levels))!r} is "
            "named; name two or more, or leave it out to compare all"
        )
    labels = list(levels.values())
    for level, label in levels.items():
        if not label.strip():
            raise ParameterError(f"exposure_levels: the label of {level!r} is empty; give it one")
        if labels.count(label) > 1:
            raise ParameterError(
                f"exposure_levels: {label!r} labels two levels; give each a label of its own"
            )


def _check_filters(parameters: Parameters) -> None:
    for column, levels in parameters.include.items():
        if not levels:
            raise ParameterError(
                f"include: {column!r} names no level, which leaves nobody; name at least one"
            )
    kept: Sequence[str] = parameters.include.get(parameters.exposure, ())
    if parameters.exposure_levels and kept:
        kept = [level for level in kept if level in parameters.exposure_levels]
    if parameters.exposure in parameters.include and len(kept) < 2:
        raise ParameterError(
            f"include: {parameters.exposure!r} is the exposure, and this filter leaves "
            f"{len(kept)} of the levels compared; keep two or more, or choose another exposure"
        )


def _check_possible_times(parameters: Parameters) -> None:
    """No follow-up from infusion is longer than from the first infusion to the data lock."""
    first, lock = (
        dt.date.fromisoformat(x) for x in (parameters.infusion_start, parameters.data_lock)
    )
    counted = FROM_TIME_ZERO if parameters.time_zero == "infusion_date" else ()
    refuse_times_beyond(
        parameters,
        (lock - first).days,
        "the time from infusion_start to data_lock",
        names=(*counted, *FROM_INFUSION),
    )


def parse_parameters(given: Mapping[str, Any]) -> Parameters:
    """Type and check a set of named values; what is not named keeps its default.

    Raises
    ------
    ParameterError
        A name is unknown, a value has the wrong type, lies outside its range, or two values
        contradict each other.
    """
    known = definitions()
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
            raise ParameterError(f"{name}: unknown parameter; {hint}")
    parameters = Parameters(
        **{name: parse_value(name, known[name], x) for name, x in given.items()}
    )
    check_contradictions(parameters)
    return without_exposure(parameters)
