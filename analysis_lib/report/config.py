"""The composed `_quarto.yml` and `_variables.yml`, derived from the ones in the repository."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.errors import BuildError
from analysis_lib.labels import as_markdown
from analysis_lib.report.request import Format, Paper, ReportInfo

# Word comes from the built-in renderer: Quarto would write it without its figures.
QUARTO_FORMATS: dict[Format, str] = {"html": "html", "pdf": "typst"}
LABEL_MARK = "{{< var label >}}"


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


def compose_config(
    config: dict[str, Any],
    *,
    info: ReportInfo,
    chapters: Sequence[str],
    formats: Sequence[Format],
    paper: Paper = "a4",
    files: Sequence[Mapping[str, str]] = (),
) -> str:
    """`_quarto.yml` of this build: its title, its chapters, its formats, its paper, its label.

    `files` lie beside the finished pages, with name and href: the foot of every page offers them.
    """
    wanted = {QUARTO_FORMATS[name] for name in formats if name in QUARTO_FORMATS}
    book = {
        **config["book"],
        "title": as_markdown(info.title),
        "chapters": ["index.qmd", *chapters],
        "downloads": [name for name in formats if name == "pdf"],
    }
    if files:
        book["page-footer"] = {"left": " · ".join(f"[{x['name']}](/{x['href']})" for x in files)}
    kept = {name: options for name, options in config["format"].items() if name in wanted}
    if not info.label:
        kept = {name: _without_label(options) for name, options in kept.items()}
    if "typst" in kept:
        kept["typst"] = {**kept["typst"], "papersize": paper}
    composed = {**config, "book": book, "format": kept}
    return yaml.safe_dump(composed, sort_keys=False, allow_unicode=True, width=100)


def included_after(config: dict[str, Any]) -> str:
    """What `_quarto.yml` puts at the end of every page: the texts of `include-after-body`."""
    options = config["format"].get("html")
    items = options.get("include-after-body", []) if isinstance(options, dict) else []
    return "\n".join(str(item["text"]) for item in items)


def report_variables(info: ReportInfo) -> dict[str, str]:
    """What `{{< var name >}}` means in this report, as the Markdown it becomes part of."""
    plain = {
        "title": info.title,
        "exposure": info.exposure,
        "cohort_label": info.cohort_label,
        "data_lock": info.data_lock,
        "label": info.label,
        "renderer": info.renderer,
        **info.variables,
    }
    return {name: as_markdown(value) for name, value in plain.items()}


def write_variables(path: Path, variables: dict[str, str]) -> None:
    """Write `_variables.yml`."""
    text = yaml.safe_dump(variables, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8")


def read_variables(project: Path) -> dict[str, str]:
    """The variables of a composed project."""
    values = yaml.safe_load((project / "_variables.yml").read_text(encoding="utf-8")) or {}
    return {str(name): "" if value is None else str(value) for name, value in values.items()}


def _without_label(options: dict[str, Any]) -> dict[str, Any]:
    """Header inclusions that print the label would print an empty band: leave them out."""
    headers = options.get("include-in-header")
    if not isinstance(headers, list):
        return options
    kept = [item for item in headers if LABEL_MARK not in str(item.get("text", ""))]
    return {**options, "include-in-header": kept}
