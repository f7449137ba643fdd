"""What one parameter may hold, and how a field of the parameters says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
