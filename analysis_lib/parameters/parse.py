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
from analysis_lib.parameters.plan import check_plan
from analysis_lib.parameters.presets import ARTICLE, NEUTRAL
from analysis_lib.parameters.values import parse_value

DAYS_PER_MONTH = 30.4375
COVARIATE_LISTS = (
    "as_published_terms",
    "baseline_terms",
    "before_exposure_terms",
    "consolidation_terms",
    "candidates",
    "forced_terms",
    "subgroup_terms",
)
# What is decided from other parameters where it is not set.
DECIDED = ("preset", "primary_estimand")
NEGATIVE_CONTROLS = ("negative_control_exposure", "negative_control_outcome")
_EMBEDDED = Path(__file__).resolve().parents[2] / defaults()["cohort"]
BEFORE_INFUSION = ("baseline_terms", "before_exposure_terms", "subgroup_terms")
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
    _check_primary(parameters)
    _check_exposure_levels(parameters)
    _check_filters(parameters)
    _check_possible_times(parameters)


def is_chosen(parameters: Parameters, name: str) -> bool:
    """Whether a parameter was set to something other than what it is where nobody sets it."""
    return bool(getattr(parameters, name) != defaults(parameters.preset)[name])


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
    """Take the exposure out of the default covariates and controls; refuse it where chosen."""
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
    for name in NEGATIVE_CONTROLS:
        if getattr(parameters, name) != parameters.exposure:
            continue
        if is_chosen(parameters, name):
            raise ParameterError(
                f"{name}: {parameters.exposure!r} is the exposure and cannot be its own control; "
                "choose another column, or none ('')"
            )
        changes[name] = ""
    return replace(parameters, **changes)


def _check_dates(parameters: Parameters) -> None:
    start, end, lock = parameters.infusion_start, parameters.infusion_end, parameters.data_lock
    if start and end and start > end:
        raise ParameterError(
            f"infusion_start: must not be after infusion_end, but {start} is after {end}"
        )
    if start and lock and start > lock:
        raise ParameterError(
            f"data_lock: must not be before infusion_start, but {lock} is before {start}"
        )


def _check_primary(parameters: Parameters) -> None:
    primary = parameters.primary_estimand
    if primary and primary.partition("_")[0] not in parameters.endpoints:
        raise ParameterError(
            f"primary_estimand: is {primary}, but endpoints names "
            f"{', '.join(parameters.endpoints)} only; declare one of these, or none ('')"
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
    if not (parameters.infusion_start and parameters.data_lock):
        return
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
    typed = {name: parse_value(name, known[name], x) for name, x in given.items()}
    preset = typed.get("preset") or (ARTICLE if _is_embedded(typed) else NEUTRAL)
    parameters = Parameters(**{**defaults(preset), **_undeclared(typed), **typed})
    check_contradictions(parameters)
    checked = without_exposure(parameters)
    check_plan(checked)
    return checked


def _is_embedded(typed: Mapping[str, Any]) -> bool:
    """Whether the cohort is the one that comes with the project, of which the article's are."""
    cohort = typed.get("cohort", defaults()["cohort"])
    return cohort == defaults()["cohort"] or Path(cohort).resolve() == _EMBEDDED


def _undeclared(typed: Mapping[str, Any]) -> dict[str, Any]:
    """No primary estimand of another exposure or without its endpoint, unless one is declared."""
    default = defaults()
    outcome = default["primary_estimand"].partition("_")[0]
    is_there = outcome in typed.get("endpoints", default["endpoints"])
    same = typed.get("exposure", default["exposure"]) == default["exposure"]
    return {} if is_there and same else {"primary_estimand": ""}
