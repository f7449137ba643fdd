"""The two files that describe a book: `_quarto.yml`, and `_variables.yml` for its texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from analysis_lib.errors import BuildError


def read_config(project: Path) -> dict[str, Any]:
    """The `_quarto.yml` of a project."""
    path = project / "_quarto.yml"
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{path.name} is missing from the project: restore it") from None
    except yaml.YAMLError as failure:
        raise BuildError(f"{path.name} must be YAML: {failure}") from failure
    if not isinstance(config, dict) or "book" not in config or "format" not in config:
        raise BuildError(f"{path.name} must describe a book with its formats")
    return config


def included_after(project: Path, config: dict[str, Any]) -> str:
    """What `_quarto.yml` puts at the end of every page: texts and files of `include-after-body`."""
    options = config["format"].get("html")
    items = options.get("include-after-body", []) if isinstance(options, dict) else []
    return "\n".join(
        str(item["text"]) if "text" in item else (project / item["file"]).read_text("utf-8")
        for item in items
    )


def write_variables(path: Path, variables: dict[str, str]) -> None:
    """Write `_variables.yml`."""
    text = yaml.safe_dump(variables, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8")


def read_variables(project: Path) -> dict[str, str]:
    """The variables of a composed project."""
    values = yaml.safe_load((project / "_variables.yml").read_text(encoding="utf-8")) or {}
    return {str(name): "" if value is None else str(value) for name, value in values.items()}
