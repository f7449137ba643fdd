"""Which renderer makes HTML and PDF, and why it is not Quarto where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis_lib.errors import BuildError
from analysis_lib.report.builtin import builtin_renderer
from analysis_lib.report.quarto import find_quarto, require_consecutive, require_quarto
from analysis_lib.report.request import BuildRequest


@dataclass(frozen=True)
class Choice:
    """The renderer's name as the report states it; `reason` says why it is not Quarto, if asked."""

    quarto: Path | None
    name: str
    reason: str = ""

    @property
    def short_reason(self) -> str:
        """The reason without what Quarto printed, which names folders of the machine."""
        return self.reason.partition("\n")[0].rstrip(":")


def builtin_because(reason: str = "") -> Choice:
    """The built-in renderer, and why it was taken if Quarto might have been."""
    return Choice(None, builtin_renderer(), reason)


def choose_renderer(request: BuildRequest) -> Choice:
    """Quarto where it is asked for, or is on PATH and can number the chapters as their files do.

    Raises
    ------
    BuildError
        Quarto is asked for, and is absent, too old, or would number the chapters differently.
    """
    if request.renderer == "builtin" or (request.renderer == "auto" and find_quarto() is None):
        return builtin_because()
    try:
        require_consecutive(request.notebooks)
        path, version = require_quarto()
    except BuildError as failure:
        if request.renderer == "quarto":
            raise
        return builtin_because(str(failure))
    return Choice(path, f"Quarto {version}")
