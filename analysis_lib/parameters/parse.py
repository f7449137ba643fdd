"""The one gate through which every parameter passes: names, types, ranges, contradictions."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters, defaults, definitions
from analysis_lib.parameters.timing import AFTER_INFUSION
from analysis_lib.parameters.values import parse_value


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
    _check_together(parameters)
    return _without_exposure(parameters)


def _check_together(parameters: Parameters) -> None:
    start, end, lock = parameters.infusion_start, parameters.infusion_end, parameters.data_lock
    if start > end:
        raise ParameterError(
            f"infusion_start: must not be after infusion_end, but {start} is after {end}"
        )
    if start > lock:
        raise ParameterError(
            f"data_lock: must not be before infusion_start, but {lock} is before {start}"
        )
    for which in ("baseline_terms", "before_exposure_terms"):
        for name in getattr(parameters, which):
            if name in AFTER_INFUSION:
                raise ParameterError(
                    f"{which}: must be known before infusion, but {name!r} is known only after "
                    "it; take it out"
                )


def _without_exposure(parameters: Parameters) -> Parameters:
    """Take the exposure out of the default covariates; refuse it in a list that was chosen."""
    changes: dict[str, Any] = {}
    for name in (
        "as_published_terms",
        "baseline_terms",
        "before_exposure_terms",
        "candidates",
        "forced_terms",
    ):
        terms = getattr(parameters, name)
        if parameters.exposure not in terms:
            continue
        if terms != defaults()[name]:
            raise ParameterError(
                f"{name}: {parameters.exposure!r} is the exposure and cannot be a covariate too; "
                "take it out of the list"
            )
        changes[name] = [term for term in terms if term != parameters.exposure]
    return replace(parameters, **changes)
