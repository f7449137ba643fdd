"""A YAML file in which every value is the text that was written: `no` stays no, `01` stays 01."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.errors import SourceError

Node = str | list["Node"] | dict[str, "Node"]


class _TextLoader(yaml.BaseLoader):
    """Texts only, and no key twice in one place: the later would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {name!r} stands twice; keep one", problem_mark=key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def read_document(path: Path) -> dict[str, Node]:
    """The parts of a mapping file by name; empty for an empty file.

    Raises
    ------
    SourceError
        The file is absent, unreadable or no YAML, or a key stands twice.
    """
    if not path.is_file():
        raise SourceError(
            f"mapping: there is no file {path.name} in {path.parent.name or '.'}/; "
            "check the name (relative paths start at the project's folder)"
        )
    try:
        document = yaml.load(path.read_text(encoding="utf-8-sig"), _TextLoader)
    except OSError as error:
        raise SourceError(f"mapping: {path.name} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SourceError(f"mapping: {path.name} is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise SourceError(f"mapping: {path.name} is not valid YAML: {_reason(error)}") from None
    if document is None or document == "":
        return {}
    if not isinstance(document, dict):
        raise SourceError(
            f"mapping: {path.name} must have named parts, like 'columns: {{their_name: sex}}'"
        )
    return document


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}: {problem}" if mark else problem
