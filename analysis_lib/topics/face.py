"""What a package shows to chapters, imported only when it is used.

A chapter says `survival.by_exposure(study, "pfs")` and `survival.table(...)`. Whoever only needs
the numbers of a topic should not wait for the libraries that draw its figures.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any


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
