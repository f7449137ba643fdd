"""What one parameter may hold, and its value from YAML text or as it was injected."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.guarded_yaml import load_guarded


@dataclass(frozen=True)
class Definition:
    """What one parameter may hold."""

    kind: str  # text, date, integer, number, flag, texts, numbers, filters, names
    unit: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    may_be_empty: bool = True


def knob(default: Any, kind: str, unit: str, text: str, **limits: Any) -> Any:
    """A field with its default, and with the definition that every reader of parameters asks."""
    definition = Definition(kind, unit, text, **limits)
    if isinstance(default, (list, dict)):
        return field(default_factory=default.copy, metadata={"definition": definition})
    return field(default=default, metadata={"definition": definition})


def one_of(default: str, text: str, choices: tuple[str, ...]) -> Any:
    """A field that holds one of some words."""
    return knob(default, "text", "", text, choices=choices, may_be_empty=False)


_BOOLEAN = "tag:yaml.org,2002:bool"
_INTEGER = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
# YAML 1.1 reads 011 as 9, 12:30 as 750 and 1_0 as 10: these stay the texts that they are.
_LARGEST = 1e15  # beyond which a double does not hold every whole number
_WHOLE = r"[-+]?(?:0|[1-9][0-9]*)"
_DECIMAL = (
    rf"{_WHOLE}\.[0-9]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9]+(?:[eE][-+][0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)


class RepeatedKeyError(yaml.YAMLError):
    """A mapping names a key twice; YAML's own loader would keep the last in silence."""


class _Loader(yaml.SafeLoader):
    """Loads `true` and `false` alone as booleans, and decimal numbers alone as numbers."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                raise RepeatedKeyError(f"{key.value!r} is set twice; set it once")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_BOOLEAN, _INTEGER, _FLOAT)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    _BOOLEAN, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(_INTEGER, re.compile(rf"^{_WHOLE}$"), list("-+0123456789"))
_Loader.add_implicit_resolver(_FLOAT, re.compile(rf"^(?:{_DECIMAL})$"), list("-+0123456789."))


def load_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises
    ------
    RepeatedKeyError
        A mapping names a key twice.
    yaml.YAMLError
        The text is not YAML.
    """
    return load_guarded(text, _Loader)  # a safe loader: it builds plain values only


def parse_value(name: str, definition: Definition, value: Any) -> Any:
    """The typed value.

    Raises
    ------
    ParameterError
        It is not of the parameter's kind, or lies outside its range.
    """
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
        return load_yaml(text)
    except RepeatedKeyError as error:
        raise ParameterError(f"{name}: {error}") from None
    except yaml.YAMLError:
        raise ParameterError(f"{name}: {text!r} is not valid YAML; quote it or mend it") from None


def _check_limits(name: str, definition: Definition, item: Any) -> None:
    if definition.may_be_empty and item == "":
        return
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
    strange = [x for x in value if unicodedata.category(x) in ("Cc", "Cs", "Zl", "Zp")]
    if strange:
        raise ParameterError(
            f"{name}: must be one line of text, but {value!r} holds the control character "
            f"{strange[0]!r}; take it out"
        )
    return value


def _date(name: str, value: Any) -> str:
    if value == "":
        return ""
    if isinstance(value, dt.date):
        value = value.isoformat()
    try:
        return dt.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ParameterError(f"{name}: must be a date like 2023-10-30, but is {value!r}") from None


def _number(name: str, value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(value) <= _LARGEST:
        raise ParameterError(f"{name}: must be a number, but is {value!r}{_as_digits(value)}")
    return value


def _integer(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ParameterError(f"{name}: must be a whole number, but is {value!r}{_as_digits(value)}")
    return value


def _as_digits(value: Any) -> str:
    """How to write a number so that all read it alike: 011 is 9 to some, and 11 to others."""
    if not isinstance(value, str) or not re.search("[0-9]", value):
        return ""
    if re.fullmatch(r"[-+]?0[0-9]+(\.[0-9]*)?", value):
        return "; write it without zeros in front"
    return "; write it in digits, like 12 or 0.5"


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ParameterError(f"{name}: must be true or false, but is {value!r}")
    return value


def _list(name: str, value: Any, item_type: Any, word: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise ParameterError(f"{name}: must be a list of {word} like [a, b], but is {value!r}")
    items = [item_type(name, item) for item in value]
    seen = set()
    for item in items:
        if item in seen:
            raise ParameterError(f"{name}: {item!r} is named twice; name it once")
        seen.add(item)
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


def _names(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ParameterError(
            f"{name}: must map levels to labels like {{no: Never, yes: Ever}}, but is {value!r}"
        )
    return {_text(name, level): _text(name, label) for level, label in value.items()}


_TYPERS = {
    "text": _text,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "texts": _texts,
    "numbers": _numbers,
    "filters": _filters,
    "names": _names,
}
