"""The `#|` options at the head of a code cell."""

from __future__ import annotations

import re
from typing import Any

import yaml
from nbformat import NotebookNode

from analysis_lib.errors import BuildError

OPTION_LINE = re.compile(r"^#\|\s?(.*)$")


def cell_options(cell: NotebookNode) -> dict[str, Any]:
    """The options of a code cell, as Quarto reads them."""
    lines = _option_lines(cell.source)
    try:
        options = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as failure:
        raise BuildError(
            f"the #| options of cell {cell.get('id', '?')} must be YAML: {failure}"
        ) from failure
    if not isinstance(options, dict):
        raise BuildError(f"the #| options of cell {cell.get('id', '?')} must be `name: value`")
    return options


def cell_code(cell: NotebookNode) -> str:
    """The source of a code cell without its options."""
    count = len(_option_lines(cell.source))
    return "\n".join(cell.source.splitlines()[count:]).strip("\n")


def with_options(cell: NotebookNode, options: dict[str, Any]) -> None:
    """Replace the options of a code cell."""
    lines = [
        "#| " + line
        for line in yaml.safe_dump(options, sort_keys=False, width=10_000).splitlines()
        if options
    ]
    cell.source = "\n".join([*lines, cell_code(cell)])


def cell_tags(cell: NotebookNode) -> set[str]:
    """The tags of a cell."""
    return set(cell.metadata.get("tags", []))


def _option_lines(source: str) -> list[str]:
    lines: list[str] = []
    for line in source.splitlines():
        match = OPTION_LINE.match(line)
        if match is None:
            break
        lines.append(match.group(1))
    return lines
