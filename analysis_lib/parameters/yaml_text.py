"""YAML as people write parameters: no key twice, and `yes` and `no` are levels, not switches."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

_BOOLEAN = "tag:yaml.org,2002:bool"


class RepeatedKeyError(yaml.YAMLError):
    """A mapping names a key twice; YAML's own loader would keep the last in silence."""


class _Loader(yaml.SafeLoader):
    """Loads `true` and `false` alone as booleans, as YAML 1.2 does."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen and isinstance(key, yaml.ScalarNode):
                raise RepeatedKeyError(f"{key.value!r} is set twice; set it once")
            if isinstance(key, yaml.ScalarNode):
                seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    _BOOLEAN, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


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
