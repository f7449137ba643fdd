"""What a topic says of itself: what it shows to a chapter, and what the whole needs of it.

A chapter says `survival.by_exposure(study, "pfs")` and `survival.table(...)`. What is shown is
imported only when it is used: whoever only needs the numbers of a topic should not wait for the
libraries that draw its figures.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from analysis_lib.results.vocabulary import Words


@dataclass(frozen=True)
class Topic:
    """A question that chapters ask.

    `shown` maps the name that a chapter uses, as in `survival.table`, to `module:function`;
    `parts` yields all results of a study, `long` those of them that are kept because they take
    long, `repeated` what is computed by the hundred; `words` are those of the key that no other
    topic uses.
    """

    package: str
    shown: Mapping[str, str]
    words: Words = field(default_factory=Words)
    parts: str = ""
    long: str = ""
    repeated: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.package.rpartition(".")[2]

    def face(self) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
        """`__getattr__` and `__dir__` of the topic's package."""
        return lazy_face(self.package, self.shown)

    def function(self, place: str) -> Callable[..., Any]:
        """The function at `module:function`."""
        return function_at(self.package, place)

    def results(self, study: object) -> Iterator[Any]:
        """Every analysis of the topic for a study, an `Omitted` in place of one that is none."""
        if self.parts:
            yield from self.function(self.parts)(study)


def lazy_face(
    package: str, shown: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package.

    `shown` maps the name that a chapter uses to `module:function`, the module within the package
    or, where it begins with a point, within the library.
    """

    class Face(ModuleType):
        """Importing `survival/table.py` would otherwise put the module in the function's place."""

        def __setattr__(self, name: str, value: object) -> None:
            if not (name in shown and isinstance(value, ModuleType)):
                super().__setattr__(name, value)

    def get(name: str) -> object:
        if name not in shown:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return function_at(package, shown[name])

    sys.modules[package].__class__ = Face
    return get, lambda: sorted(shown)


def function_at(package: str, place: str) -> Callable[..., Any]:
    """The function at `module:function` of a package."""
    module, _, name = place.partition(":")
    path = f"analysis_lib{module}" if module.startswith(".") else f"{package}.{module}"
    return getattr(importlib.import_module(path), name)
