"""A complete Quarto project from executed notebooks."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from analysis_lib.errors import BuildError
from analysis_lib.labels import as_markdown
from analysis_lib.marks import FIGURE, MIME, PLACES
from analysis_lib.publish.cards import FILE as NUMBERS
from analysis_lib.publish.cards import Table, mark_numbers, page_numbers
from analysis_lib.publish.cells import (
    cell_options,
    cell_tags,
    drop_omitted,
    drop_references,
    is_left_out,
    keep_headings,
    keep_sentence,
    with_options,
    without_references,
)
from analysis_lib.publish.config import read_config, write_variables
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.request import Format, Paper, ReportInfo

# Word comes from the built-in renderer: Quarto would write it without its figures.
QUARTO_FORMATS: dict[Format, str] = {"html": "html", "pdf": "typst"}
NO_AUTHORS = "Authors not stated"  # Quarto sets no PDF of a book without an author
LABEL_MARK = "{{< var label >}}"
# Options of formats that name files of the project, some beside names and texts.
NAMING_FILES = (
    ("html", "theme"),
    ("html", "filters"),
    ("html", "include-after-body"),
    ("typst", "filters"),
    ("typst", "include-in-header"),
)
FILE_ENDINGS = (".html", ".lua", ".scss", ".typ")


def compose_config(
    config: dict[str, Any],
    *,
    info: ReportInfo,
    chapters: Sequence[str],
    formats: Sequence[Format],
    paper: Paper = "a4",
    files: Sequence[Mapping[str, str]] = (),
    resources: Sequence[str] = (),
) -> str:
    """`_quarto.yml` of this build: its title, its chapters, its formats, its paper, its label.

    `files` lie beside the finished pages, with name and href: the foot of every page offers them.
    """
    wanted = {QUARTO_FORMATS[name] for name in formats if name in QUARTO_FORMATS}
    book = {
        **config["book"],
        "title": as_markdown(info.title),
        "subtitle": as_markdown(info.subtitle),
        "author": [as_markdown(name) for name in info.authors or (NO_AUTHORS,)],
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
    if resources:
        composed["project"] = {**config["project"], "resources": list(resources)}
    return yaml.safe_dump(composed, sort_keys=False, allow_unicode=True, width=100)


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


def _without_label(options: dict[str, Any]) -> dict[str, Any]:
    """Header inclusions that print the label would print an empty band: leave them out."""
    headers = options.get("include-in-header")
    if not isinstance(headers, list):
        return options
    kept = [item for item in headers if LABEL_MARK not in str(item.get("text", ""))]
    return {**options, "include-in-header": kept}


CODE_SUMMARIES = {
    "injected-parameters": "Parameters of this report",
    "parameters": "Default parameters",
}
# The notice about synthetic data in index.qmd, left out for a real cohort.
NOTICE = re.compile(r"^(:{3,}) *\{[^}\n]*\.synthetic-notice[^}\n]*\}\n.*?^\1 *$\n?", re.M | re.S)


def compose_project(
    folder: Path,
    *,
    project_root: Path,
    notebooks: Sequence[ExecutedNotebook],
    info: ReportInfo,
    formats: Sequence[Format],
    paper: Paper = "a4",
    files: Sequence[Mapping[str, str]] = (),
    results: Path | None = None,
) -> Path:
    """Write the Quarto project of this report into `folder` and return it.

    With `results`, a `results.json`, the numbers of the pages are led to their rows.

    The folder then holds everything a renderer reads: `_quarto.yml`, `_variables.yml`,
    `index.qmd`, the bibliography, what Quarto runs, and the chapters in `notebooks/`.
    """
    config = read_config(project_root)
    chapters = [copy.deepcopy(executed.notebook) for executed in notebooks]
    left_out = [chapter for chapter in chapters if is_left_out(chapter)]
    for chapter in chapters:
        keep_headings(chapter)
    removed = frozenset(label for chapter in chapters for label in drop_omitted(chapter))
    for chapter in left_out:
        keep_sentence(chapter)
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    if results:
        _write_numbers(folder, chapters, results)
    for executed, chapter in zip(notebooks, chapters, strict=True):
        drop_references(chapter, removed)
        name_code(chapter)
        drop_standard_error(chapter)
        drop_data(chapter)
        nbformat.write(chapter, folder / "notebooks" / f"{executed.name}.ipynb")
    names = [f"notebooks/{executed.name}.ipynb" for executed in notebooks]
    text = compose_config(
        config,
        info=info,
        chapters=names,
        formats=formats,
        paper=paper,
        files=files,
        resources=[NUMBERS] if results else [],
    )
    (folder / "_quarto.yml").write_text(text, encoding="utf-8")
    write_variables(folder / "_variables.yml", report_variables(info))
    index = (project_root / "index.qmd").read_text(encoding="utf-8")
    if not info.label:
        index = NOTICE.sub("", index)
    (folder / "index.qmd").write_text(without_references(index, removed), encoding="utf-8")
    for option, entry in _naming_files(config):
        _copy_named(option, entry, project_root, folder)
    return folder


def name_code(notebook: NotebookNode) -> None:
    """Give the folded parameter cells a name, so that a reader knows what opens.

    Quarto reads shortcodes in code as well: in a given text they are written another way.
    """
    for cell in notebook.cells:
        if "injected-parameters" in cell_tags(cell):
            cell.source = cell.source.replace("{{<", r"{{\x3c")
        for tag, summary in CODE_SUMMARIES.items():
            if cell.cell_type == "code" and tag in cell_tags(cell):
                with_options(cell, {**cell_options(cell), "code-summary": summary})


def drop_standard_error(notebook: NotebookNode) -> None:
    """Leave standard error out of the report; the build hands it to the analyst instead."""
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]


def drop_data(notebook: NotebookNode) -> None:
    """Leave out what programs read of the outputs: the executed notebooks keep it."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for mime in (MIME, PLACES, FIGURE):
                output.get("data", {}).pop(mime, None)


def _write_numbers(folder: Path, chapters: Sequence[NotebookNode], results: Path) -> None:
    """Mark the numbers of all chapters, and write what their pages know of them."""
    table, printed = Table.read(results), list[tuple[str, set[int]]]()
    figures: dict[str, Any] = {}
    for chapter in chapters:
        title = HEADING.sub("", chapter.cells[0].source.partition("\n")[0])
        rows, answers = mark_numbers(chapter, table)
        printed.append((title, rows))
        figures |= answers
    (folder / NUMBERS).write_text(page_numbers(table, printed, figures), encoding="utf-8")


HEADING = re.compile(r"^#+\s*|\s*\{.*\}\s*$")  # what is not the title of a chapter's first line


def _naming_files(config: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """The options of `_quarto.yml` that name files, with what they hold."""
    yield "bibliography", config.get("bibliography")
    yield "project: post-render", config.get("project", {}).get("post-render")
    for name, option in NAMING_FILES:
        yield f"format: {name}: {option}", _files_in(_options(config, name).get(option))


def _options(config: dict[str, Any], name: str) -> dict[str, Any]:
    """The options of a format; {} where it has none."""
    options = config["format"].get(name)
    return options if isinstance(options, dict) else {}


def _files_in(entry: object) -> list[str]:
    """The files among names, texts and paths of an option."""
    if isinstance(entry, str):
        return [entry] if entry.endswith(FILE_ENDINGS) else []
    if isinstance(entry, dict):
        return [name for key, value in entry.items() if key != "text" for name in _files_in(value)]
    return [name for item in entry for name in _files_in(item)] if isinstance(entry, list) else []


def _copy_named(option: str, entry: object, project_root: Path, folder: Path) -> None:
    """Copy the files that an option of `_quarto.yml` names."""
    names = [entry] if isinstance(entry, str) else entry or []
    if not isinstance(names, list):
        raise BuildError(f"{option} in _quarto.yml must be a file name, but was {entry!r}")
    for name in names:
        target = folder / str(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project_root / str(name), target)


_SHORTCODE = re.compile(r"\{\{<\s*(.*?)\s*>\}\}", re.S)


def resolve_shortcodes(text: str, variables: Mapping[str, str], *, where: str) -> str:
    """The text with variables filled in.

    Raises
    ------
    BuildError
        Another shortcode, or a variable that `_variables.yml` does not have.
    """

    def fill(match: re.Match[str]) -> str:
        name, _, argument = match.group(1).partition(" ")
        if name != "var":
            raise BuildError(
                f"{where}: the built-in renderer resolves the shortcode var, "
                f"but found {match.group(0)!r}: write computed text instead"
            )
        if argument.strip() not in variables:
            raise BuildError(
                f"{where}: variable {argument.strip()!r} is not in _variables.yml; "
                f"known are {', '.join(sorted(variables))}"
            )
        return variables[argument.strip()]

    return _SHORTCODE.sub(fill, text)
