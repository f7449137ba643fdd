"""What a topic shows to notebooks, imported only when it is used.

A chapter says `survival.by_exposure(study, "pfs")` and `survival.table(...)`. Whoever only needs the
numbers of a topic should not wait for the libraries that draw its figures.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping


def lazy_face(
    topic: str, shown: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a topic's package.

    `shown` maps the name that a chapter uses to `module:function`, the module within the topic
    or, where it begins with a point, within the library.
    """

    def get(name: str) -> object:
        if name not in shown:
            raise AttributeError(f"module {topic!r} has no attribute {name!r}")
        module, _, function = shown[name].partition(":")
        path = f"analysis_lib{module}" if module.startswith(".") else f"{topic}.{module}"
        return getattr(importlib.import_module(path), function)

    return get, lambda: sorted(shown)
