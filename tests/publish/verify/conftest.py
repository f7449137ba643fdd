"""A part of the default report, rendered once from the committed notebooks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from notebook_run import chapter_scripts

from analysis_lib.command_line.study_work import report_info
from analysis_lib.publish.cells import drop_references
from analysis_lib.publish.compose import compose_project
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.renderer import render_builtin
from analysis_lib.study.study import Study

_LABEL = re.compile(r"(?:#\| label: |\{#)([\w-]+)")
CHAPTERS = ("01_summary", "02_cohort", "03_toxicity", "05_survival", "15_details")


@dataclass(frozen=True)
class Built:
    """Where the pages, the PDF, its Typst source and the executed notebooks lie."""

    page: Path
    pdf: Path
    typst: Path
    executed: Path


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, root: Path, study_of: Callable[..., Study]
) -> Built:
    folder = tmp_path_factory.mktemp("verified")
    executed = folder / "executed"
    executed.mkdir()
    for name in CHAPTERS:
        shutil.copyfile(root / "notebooks" / f"{name}.ipynb", executed / f"{name}.ipynb")
    notebooks = [
        ExecutedNotebook(path.stem, nbformat.read(path, as_version=4), ())
        for path in sorted(executed.iterdir())
    ]
    elsewhere = [x for x in chapter_scripts(root) if x.stem not in CHAPTERS]
    absent = [x for path in elsewhere for x in _LABEL.findall(path.read_text(encoding="utf-8"))]
    for notebook in notebooks:
        drop_references(notebook.notebook, absent)
    project = folder / "project"
    project.mkdir()
    compose_project(
        project,
        project_root=root,
        notebooks=notebooks,
        info=report_info(study_of()),
        formats=("html", "pdf"),
    )
    page, pdf = render_builtin(project, formats=("html", "pdf"), out=folder)
    return Built(page, pdf, project / ".render" / "report.typ", executed)
