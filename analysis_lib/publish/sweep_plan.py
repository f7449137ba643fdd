"""The plan of a sweep: what all combinations have in common, and what varies between them."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import yaml

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters, definitions
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.values import parse_value

PARTS = ("parameters", "grid", "each", "at_most")
AT_MOST = 500
# One forest has one level; a title and its authors are of one report.
ONE_FOR_ALL = ("confidence_level", "title", "authors")
LONGEST_NAME = 120  # of a folder

Levels = Callable[[str], Sequence[tuple[str, str]]]
"""The levels of a column that the extract holds, and what they are called."""


@dataclass(frozen=True)
class Option:
    """One value of a dimension: what it is called, and the parameters that it sets."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Dimension:
    """What varies: a parameter, a group of parameters, or the level of a column."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Plan:
    """What all combinations have in common, the grid, the columns, and the bound."""

    common: Mapping[str, Any]
    grid: tuple[Dimension, ...]
    each: tuple[str, ...]
    at_most: int

    @property
    def varies(self) -> set[str]:
        """The parameters that the grid sets."""
        options = (option for dimension in self.grid for option in dimension.options)
        return {name for option in options for name in option.values}


@dataclass(frozen=True)
class Combination:
    """One cell of the grid: its folder, its option in every dimension, and its parameters.

    Parameters that contradict each other in this combination alone are None, for a reason.
    """

    name: str
    labels: tuple[str, ...]
    parameters: Parameters | None
    reason: str = ""


def read_plan(given: Mapping[str, Any]) -> Plan:
    """The plan of a YAML mapping, each of its values typed.

    Raises
    ------
    ParameterError
        A part is unknown or of the wrong form, a value is refused, or a parameter varies twice.
    """
    for name in given:
        if name not in PARTS:
            close = difflib.get_close_matches(name, PARTS, n=1)
            raise ParameterError(
                f"plan: {name!r} is no part of it; "
                + (f"did you mean {close[0]!r}?" if close else f"its parts are {', '.join(PARTS)}")
            )
    common = _mapping("parameters", given.get("parameters", {}), "names to values")
    parse_parameters(common)
    grid = _mapping("grid", given.get("grid", {}), "parameters to lists of values")
    plan = Plan(
        common,
        tuple(_dimension(name, values) for name, values in grid.items()),
        _columns(given.get("each", [])),
        _bound(given.get("at_most", AT_MOST)),
    )
    _check_dimensions(plan)
    return plan


def _mapping(where: str, value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ParameterError(f"plan: {where}: must map {what}, but is {value!r}")
    return {str(name): x for name, x in value.items()}


def _columns(value: Any) -> tuple[str, ...]:
    columns = [value] if isinstance(value, str) else value
    if not isinstance(columns, list) or not all(isinstance(x, str) and x for x in columns):
        raise ParameterError(
            f"plan: each: must be a column or a list of columns, like centre, but is {value!r}"
        )
    return tuple(dict.fromkeys(columns))


def _bound(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ParameterError(f"plan: at_most: must be a whole number above 0, but is {value!r}")
    return value


def _dimension(name: str, values: Any) -> Dimension:
    """A parameter with a list of values or with named ones, or named groups of parameters."""
    where = f"plan: grid: {name}"
    known = definitions()
    if isinstance(values, list) and name in known:
        named = [(_text(value), {name: value}) for value in values]
    elif isinstance(values, Mapping):
        named = [(str(x), {name: v} if name in known else v) for x, v in values.items()]
    elif name in known:
        raise ParameterError(
            f"{where}: must be a list of values, or map a name to each, but is {values!r}"
        )
    else:
        close = difflib.get_close_matches(name, known, n=1)
        raise ParameterError(
            f"{where}: is no parameter, so it must map names to groups of parameters"
            + (f"; did you mean {close[0]!r}?" if close else "")
        )
    if not named:
        raise ParameterError(f"{where}: names no value; give it one, or take it out")
    options = tuple(Option(x, _typed(f"{where}: {x}", values)) for x, values in named)
    return Dimension(name, options)


def _text(value: Any) -> str:
    """What a value without a name is called: itself on one line."""
    if isinstance(value, str):
        return value
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True)
    text = text.removesuffix("\n").removesuffix("\n...")
    return re.sub(r"[{}\[\]'\"]", "", text).strip() or "none"


def _typed(where: str, values: Any) -> dict[str, Any]:
    known = definitions()
    typed = {}
    given = _mapping(where.removeprefix("plan: "), values, "parameters to values")
    for name, value in given.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ParameterError(f"{where}: {name!r} is no parameter{hint}")
        try:
            typed[name] = parse_value(name, known[name], value)
        except ParameterError as error:
            raise ParameterError(f"{where}: {error}") from None
    return typed


def _check_dimensions(plan: Plan) -> None:
    if not plan.grid and not plan.each:
        raise ParameterError(
            "plan: nothing varies; name values under grid, like exposure: [ino, prior_hct], or a "
            "column under each"
        )
    _check_filters(plan)
    setters: dict[str, str] = {}
    for dimension in plan.grid:
        for name in sorted({name for option in dimension.options for name in option.values}):
            if name in ONE_FOR_ALL:
                raise ParameterError(
                    f"plan: grid: {dimension.name}: {name} must be the same in all combinations; "
                    "put it under parameters"
                )
            if name in setters:
                raise ParameterError(
                    f"plan: grid: {name} is set by {setters[name]!r} and by {dimension.name!r}; "
                    "let one of them set it"
                )
            setters[name] = dimension.name
        _refuse_doubles(
            f"plan: grid: {dimension.name}", [option.name for option in dimension.options]
        )


def _check_filters(plan: Plan) -> None:
    options = (option for dimension in plan.grid for option in dimension.options)
    for option in options:
        for column in option.values.get("include", ()):
            if column in plan.each:
                raise ParameterError(
                    f"plan: each: {column} varies in the grid's {option.name!r} too; let one of "
                    "them set it"
                )


def _refuse_doubles(where: str, names: Sequence[str]) -> None:
    slugs = [_slug(name) for name in names]
    for name, slug in zip(names, slugs, strict=True):
        if slugs.count(slug) > 1:
            raise ParameterError(
                f"{where}: two values are called {name!r} as a folder; map another name to each"
            )


def dimensions_of(plan: Plan, levels: Levels) -> tuple[Dimension, ...]:
    """The dimensions of the grid, then one a column of `each` with the levels that are held.

    Raises
    ------
    ParameterError
        A column has no levels, or the filters of the plan leave none.
    """
    return (*plan.grid, *(_levels_of(plan, column, levels) for column in plan.each))


def _levels_of(plan: Plan, column: str, levels: Levels) -> Dimension:
    filters = parse_value("include", definitions()["include"], plan.common.get("include", {}))
    kept = filters.get(column)
    options = tuple(
        Option(label, {"include": {column: [level]}})
        for level, label in levels(column)
        if kept is None or level in kept
    )
    if not options:
        raise ParameterError(
            f"plan: each: no patient has a level of {column!r}; choose a column that is filled"
        )
    _refuse_doubles(f"plan: each: {column}", [option.name for option in options])
    return Dimension(column, options)


def combinations(plan: Plan, dimensions: Sequence[Dimension]) -> list[Combination]:
    """Every combination of the options, in the order of the plan.

    Raises
    ------
    ParameterError
        There are more than the plan allows, or one has a name that no folder can have.
    """
    number = prod(len(dimension.options) for dimension in dimensions)
    if number > plan.at_most:
        sizes = ", ".join(f"{len(x.options)} of {x.name}" for x in dimensions)
        raise ParameterError(
            f"plan: it has {number} combinations ({sizes}), but at_most is {plan.at_most}; "
            "vary less, or raise at_most"
        )
    chosen = itertools.product(*(dimension.options for dimension in dimensions))
    return [_combination(plan, options) for options in chosen]


def _combination(plan: Plan, options: Sequence[Option]) -> Combination:
    labels = tuple(option.name for option in options)
    name = "_".join(_slug(label) for label in labels)
    if len(name) > LONGEST_NAME:
        raise ParameterError(
            f"plan: the folder of {', '.join(labels)} would have a name of {len(name)} signs, but "
            f"at most {LONGEST_NAME} are allowed; map shorter names to the values"
        )
    try:
        parameters = parse_parameters(dict(_together(plan.common, options)))
    except ParameterError as error:
        return Combination(name, labels, None, str(error))
    return Combination(name, labels, parameters)


def _together(common: Mapping[str, Any], options: Sequence[Option]) -> Iterator[tuple[str, Any]]:
    """All parameters; of two filters on a column that of the option holds."""
    include: dict[str, Any] = {}
    for values in (common, *(option.values for option in options)):
        for name, value in values.items():
            if name == "include":
                include.update(parse_value(name, definitions()[name], value))
            else:
                yield name, value
    yield "include", include


def _slug(label: str) -> str:
    """A name that every file system takes, whatever the case of its letters."""
    text = re.sub(r"[^\w.-]+", "-", label).strip("-.").casefold()
    return text or "none"
