"""Find the project that a command works on."""

from __future__ import annotations

from pathlib import Path

import analysis_lib
from analysis_lib.errors import OutputError


def find_project() -> Path:
    """The project around the working folder, else the checkout this library was installed from.

    Raises
    ------
    OutputError
        Neither holds a `_quarto.yml`.
    """
    from analysis_lib.cohort import project_root

    checkout = Path(analysis_lib.__file__).resolve().parents[1]
    for folder in (project_root(), checkout):
        if (folder / "_quarto.yml").is_file():
            return folder
    raise OutputError(
        "no project: neither this folder nor one above it holds _quarto.yml; "
        "change into a clone of the project"
    )
