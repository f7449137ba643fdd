"""YAML of a person: what would fill the memory or the stack is refused as no YAML of ours."""

from __future__ import annotations

from itertools import chain
from typing import Any

import yaml

LONGEST = 500_000  # characters of a file
_MOST_NODES = 200_000  # with what stands behind an alias, as often as it stands


def load_guarded(text: str, loader: type[yaml.BaseLoader] | type[yaml.SafeLoader]) -> Any:
    """The value of a YAML text; nothing for an empty one.

    Raises
    ------
    yaml.YAMLError
        The text is not YAML, too long or nested too deeply, contains itself, or holds a value that
        cannot be, such as 30 February or a number of thousands of digits.
    """
    if len(text) > LONGEST:
        raise yaml.YAMLError(f"it is longer than {LONGEST:,} characters")
    try:
        reader = loader(text)
        node = reader.get_single_node()
        if node is None:
            return None
        if _size(node, {}) > _MOST_NODES:
            raise yaml.YAMLError(f"its aliases stand for more than {_MOST_NODES:,} values")
        return reader.construct_document(node)
    except RecursionError:
        raise yaml.YAMLError("it is nested too deeply") from None
    except (ValueError, OverflowError) as error:
        reason = str(error).partition(";")[0]
        raise yaml.YAMLError(f"it holds a value that cannot be: {reason}") from None


def reason_of(error: yaml.YAMLError) -> str:
    """What is wrong with a YAML text, in one line, with the line where that is known."""
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)


def _size(node: yaml.Node, known: dict[int, int | None]) -> int:
    """How many values stand in a node, those behind an alias counted each time."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) in known:
        size = known[id(node)]
        if size is None:
            raise yaml.YAMLError("a part of it contains itself")
        return size
    known[id(node)] = None
    parts = chain(*node.value) if isinstance(node, yaml.MappingNode) else node.value
    size = 1 + sum(_size(part, known) for part in parts)
    known[id(node)] = size
    return size
