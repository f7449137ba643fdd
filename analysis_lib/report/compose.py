"""Compose a complete Quarto book from executed notebooks, without any patient data."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from analysis_lib.errors import BuildError
from analysis_lib.printed import MIME as NOTES
from analysis_lib.report.cells import cell_options, cell_tags, with_options
from analysis_lib.report.config import (
    compose_config,
    read_config,
    report_variables,
    write_variables,
)
from analysis_lib.report.execute import ExecutedNotebook
from analysis_lib.report.omitted import (
    drop_omitted,
    drop_references,
    is_left_out,
    keep_sentence,
    without_references,
)
from analysis_lib.report.request import Format, Paper, ReportInfo

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
) -> Path:
    """Write the Quarto project of this report into `folder` and return it.

    The folder then holds everything a renderer reads: `_quarto.yml`, `_variables.yml`,
    `index.qmd`, the bibliography, the scripts run after a render, the chapters in `notebooks/`.
    """
    config = read_config(project_root)
    chapters = [copy.deepcopy(executed.notebook) for executed in notebooks]
    left_out = [chapter for chapter in chapters if is_left_out(chapter)]
    removed = frozenset(label for chapter in chapters for label in drop_omitted(chapter))
    for chapter in left_out:
        keep_sentence(chapter)
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    for executed, chapter in zip(notebooks, chapters, strict=True):
        drop_references(chapter, removed)
        name_code(chapter)
        drop_standard_error(chapter)
        drop_notes(chapter)
        nbformat.write(chapter, folder / "notebooks" / f"{executed.name}.ipynb")
    names = [f"notebooks/{executed.name}.ipynb" for executed in notebooks]
    text = compose_config(
        config, info=info, chapters=names, formats=formats, paper=paper, files=files
    )
    (folder / "_quarto.yml").write_text(text, encoding="utf-8")
    write_variables(folder / "_variables.yml", report_variables(info))
    index = (project_root / "index.qmd").read_text(encoding="utf-8")
    if not info.label:
        index = NOTICE.sub("", index)
    (folder / "index.qmd").write_text(without_references(index, removed), encoding="utf-8")
    for option, entry in (
        ("bibliography", config.get("bibliography")),
        ("project: post-render", config.get("project", {}).get("post-render")),
    ):
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


def drop_notes(notebook: NotebookNode) -> None:
    """Leave out how each number was written: the executed notebooks keep it, for `verify`."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(NOTES, None)


def _copy_named(option: str, entry: object, project_root: Path, folder: Path) -> None:
    """Copy the files that an option of `_quarto.yml` names."""
    names = [entry] if isinstance(entry, str) else entry or []
    if not isinstance(names, list):
        raise BuildError(f"{option} in _quarto.yml must be a file name, but was {entry!r}")
    for name in names:
        target = folder / str(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project_root / str(name), target)
