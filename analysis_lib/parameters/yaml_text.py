"""YAML as people write parameters.

No key stands twice, `yes` and `no` are levels and not switches, and a number is what it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

_BOOLEAN = "tag:yaml.org,2002:bool"
_INTEGER = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
# YAML 1.1 reads 011 as 9, 12:30 as 750 and 1_0 as 10: these stay the texts that they are.
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
            if key.value in seen and isinstance(key, yaml.ScalarNode):
                raise RepeatedKeyError(f"{key.value!r} is set twice; set it once")
            if isinstance(key, yaml.ScalarNode):
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
    return yaml.load(text, Loader=_Loader)  # a safe loader: it builds plain values only
