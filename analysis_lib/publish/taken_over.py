"""What a build takes over from the report that it replaces: chapters, and what people edited."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from analysis_lib.publish.bundle import Bundle
from analysis_lib.publish.execute import ExecutedNotebook, executed, strip_noise

EDITED = re.compile(r"\.edited-\d+(?=\.|$)")


def kept_notebooks(
    report: Bundle, notebooks: Iterable[Path], names: Collection[str]
) -> dict[str, ExecutedNotebook]:
    """The notebooks of these names as the report has run them, with today's prose."""
    return {
        path.stem: replace(executed(path, _renewed(report, path)), is_kept=True)
        for path in notebooks
        if path.stem in names
    }


def _renewed(report: Bundle, path: Path) -> NotebookNode:
    ran = nbformat.read(report.folder / "executed" / path.name, as_version=4)
    return with_outputs_of(ran, nbformat.read(path, as_version=4))


def with_outputs_of(ran: NotebookNode, written: NotebookNode) -> NotebookNode:
    """A notebook as written, whose code cells are those that have run.

    The cell of the given parameters, which was not written, keeps its place after the defaults.
    """
    cells = list[NotebookNode]()
    run = [cell for cell in ran.cells if cell.cell_type == "code"]

    def take_injected() -> None:
        while run and "injected-parameters" in run[0].metadata.get("tags", []):
            cells.append(run.pop(0))

    take_injected()
    for cell in written.cells:
        if cell.cell_type == "code":
            cells.append(run.pop(0))
            take_injected()
        else:
            cells.append(cell)
    return strip_noise(NotebookNode({**written, "cells": cells}), folders={})


def keep_edited(report: Bundle, bundle: Path) -> list[str]:
    """Put what people edited in a report into the one that replaces it, under another name.

    `report.docx` becomes `report.edited-1.docx`, and stays there in all later reports. Returns
    the new names.
    """
    for name in report.manifest["files"]:
        if EDITED.search(name) and (kept := report.file(name)):
            _copy(kept, bundle / name)
    named = []
    for name in report.edited:
        if EDITED.search(name):
            continue
        path = PurePosixPath(name)
        numbered = (
            path.with_name(f"{path.stem}.edited-{number}{path.suffix}")
            for number in itertools.count(1)
        )
        free = next(x for x in numbered if not (bundle / x).exists())
        _copy(report.folder / name, bundle / free)
        named.append(str(free))
    return named


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
