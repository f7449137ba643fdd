"""Every knob of the report, defined once: type, default, unit, range, help.

The notebooks' `parameters` cells, the command line, YAML files and the documentation are all made
from `DEFINITIONS`; `parse_parameters` is the one gate through which every value passes.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import yaml

from analysis_lib.errors import ParameterError


@dataclass(frozen=True)
class Definition:
    """What one parameter may hold."""

    kind: str  # text, date, integer, number, flag, texts, numbers, filters
    unit: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    may_be_empty: bool = True


def _knob(default: Any, kind: str, unit: str, text: str, **limits: Any) -> Any:
    definition = Definition(kind, unit, text, **limits)
    if isinstance(default, (list, dict)):
        return field(default_factory=default.copy, metadata={"definition": definition})
    return field(default=default, metadata={"definition": definition})


AS_PUBLISHED_TERMS = [
    "prior_hct",
    "consolidation",
    "bridging_therapy",
    "age_decades",
    "race_ethnicity_collapsed",
    "active_marrow",
    "ph_positive",
]
CANDIDATES = [
    "age_decades",
    "sex",
    "race_ethnicity_collapsed",
    "ph_positive",
    "active_marrow",
    "extramedullary_disease",
    "cns_involvement",
    "prior_lines",
    "prior_blinatumomab",
    "prior_hct",
    "bridging_therapy",
    "consolidation",
]


@dataclass(frozen=True)
class Parameters:
    """One typed set of parameters; the field order is the order of the notebooks' cell."""

    cohort: str = _knob(
        "data/cohort.csv",
        "text",
        "file",
        "registry extract, one row per patient",
        may_be_empty=False,
    )
    dictionary: str = _knob(
        "data/dictionary.csv", "text", "file", "variable dictionary", may_be_empty=False
    )
    claims: str = _knob(
        "data/published.csv", "text", "file", "published numbers to compare, none where empty"
    )
    title: str = _knob("", "text", "", "title, composed from the exposure where empty")
    infusion_start: str = _knob("2021-10-01", "date", "ISO date", "first eligible infusion")
    infusion_end: str = _knob("2023-08-31", "date", "ISO date", "last eligible infusion")
    data_lock: str = _knob("2023-10-30", "date", "ISO date", "data lock, nothing later is counted")
    minimum_age: float = _knob(
        18, "number", "years", "youngest eligible age", minimum=0, maximum=110
    )
    minimum_followup_days: int = _knob(
        90, "integer", "days", "shortest follow-up of the living", minimum=0, maximum=3650
    )
    product_access: list[str] = _knob(
        ["standard_of_care"], "texts", "", "eligible levels of product_access, any where empty"
    )
    include: dict[str, list[str]] = _knob(
        {}, "filters", "", "further inclusion filters, column -> levels"
    )
    exposure: str = _knob(
        "ino",
        "text",
        "",
        "exposure compared: ino, or a column of two or more levels",
        may_be_empty=False,
    )
    endpoints: list[str] = _knob(
        ["pfs", "os"],
        "texts",
        "",
        "time-to-event endpoints",
        choices=("pfs", "os"),
        may_be_empty=False,
    )
    landmarks: list[float] = _knob(
        [6, 12],
        "numbers",
        "months",
        "times at which survival is tabulated",
        minimum=0,
        maximum=240,
        may_be_empty=False,
    )
    nonresponse_is_pfs_event: bool = _knob(
        False, "flag", "", "count assessed non-response as a PFS event at its assessment"
    )
    model_population: str = _knob(
        "responders",
        "text",
        "",
        "patients of the multivariable models",
        choices=("responders", "infused"),
        may_be_empty=False,
    )
    as_published_terms: list[str] = _knob(
        AS_PUBLISHED_TERMS, "texts", "", "covariates of the article's model beside the exposure"
    )
    candidates: list[str] = _knob(CANDIDATES, "texts", "", "covariates offered to the screen")
    entry_p: float = _knob(
        0.1, "number", "", "a candidate enters when its global P is below", minimum=0, maximum=1
    )
    forced_terms: list[str] = _knob(
        ["age_decades", "race_ethnicity_collapsed"],
        "texts",
        "",
        "terms that enter whatever their P",
    )
    missing_rule: str = _knob(
        "complete_cases",
        "text",
        "",
        "missing covariates in models",
        choices=("complete_cases", "missing_as_level"),
        may_be_empty=False,
    )
    confidence_level: float = _knob(
        0.95, "number", "", "level of all intervals", minimum=0.5, maximum=0.999
    )
    seed: int = _knob(20231030, "integer", "", "seed of every random number", minimum=0)


def definitions() -> dict[str, Definition]:
    """The definition of every parameter, by name, in order."""
    return {f.name: f.metadata["definition"] for f in fields(Parameters)}


def defaults() -> dict[str, Any]:
    """The default of every parameter, by name, in order."""
    default = Parameters()
    return {name: getattr(default, name) for name in definitions()}


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
    parameters = Parameters(**{name: _parse(name, known[name], x) for name, x in given.items()})
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


def _without_exposure(parameters: Parameters) -> Parameters:
    """Take the exposure out of the default covariates; refuse it in a list that was chosen."""
    changes: dict[str, Any] = {}
    for name in ("as_published_terms", "candidates", "forced_terms"):
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


def _parse(name: str, definition: Definition, value: Any) -> Any:
    if isinstance(value, str) and definition.kind not in ("text", "date"):
        value = _from_yaml(name, value)
    typed = _TYPERS[definition.kind](name, value)
    if not definition.may_be_empty and typed in ("", [], {}):
        raise ParameterError(f"{name}: must not be empty; leave it out to keep the default")
    for item in typed if isinstance(typed, list) else [typed]:
        _check_limits(name, definition, item)
    return typed


def _from_yaml(name: str, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise ParameterError(f"{name}: {text!r} is not valid YAML; quote it or mend it") from None


def _check_limits(name: str, definition: Definition, item: Any) -> None:
    if definition.choices and item not in definition.choices:
        close = difflib.get_close_matches(str(item), definition.choices, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ParameterError(
            f"{name}: must be one of {', '.join(definition.choices)}, but is {item!r}{hint}"
        )
    below = definition.minimum is not None and item < definition.minimum
    above = definition.maximum is not None and item > definition.maximum
    if below or above:
        raise ParameterError(
            f"{name}: must lie between {definition.minimum} and {definition.maximum} "
            f"{definition.unit}".rstrip()
            + f", but is {item!r}"
        )


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ParameterError(f"{name}: must be a text, but is {value!r}; quote it")
    return value


def _date(name: str, value: Any) -> str:
    if isinstance(value, dt.date):
        value = value.isoformat()
    try:
        return dt.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ParameterError(f"{name}: must be a date like 2023-10-30, but is {value!r}") from None


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ParameterError(f"{name}: must be a number, but is {value!r}")
    return value


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ParameterError(f"{name}: must be a whole number, but is {value!r}")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ParameterError(f"{name}: must be true or false, but is {value!r}")
    return value


def _list(name: str, value: Any, item_type: Any, word: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise ParameterError(f"{name}: must be a list of {word} like [a, b], but is {value!r}")
    items = [item_type(name, item) for item in value]
    for item in items:
        if items.count(item) > 1:
            raise ParameterError(f"{name}: {item!r} is named twice; name it once")
    return items


def _texts(name: str, value: Any) -> list[str]:
    return _list(name, value, _text, "texts")


def _numbers(name: str, value: Any) -> list[float]:
    return sorted(_list(name, value, _number, "numbers"))


def _filters(name: str, value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise ParameterError(
            f"{name}: must map columns to lists of levels like {{sex: [female]}}, but is {value!r}"
        )
    return {_text(name, column): _texts(name, levels) for column, levels in value.items()}


_TYPERS = {
    "text": _text,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "texts": _texts,
    "numbers": _numbers,
    "filters": _filters,
}
