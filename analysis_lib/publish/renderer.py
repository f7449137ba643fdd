"""Which renderer makes a report: Quarto, or the built-in one and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.errors import BuildError
from analysis_lib.publish.book_text import chapter_number
from analysis_lib.publish.builtin import builtin_renderer
from analysis_lib.publish.quarto import MINIMUM, find_quarto, is_supported
from analysis_lib.publish.request import BuildRequest


def require_quarto() -> tuple[Path, str]:
    """A Quarto that can render the report.

    Raises
    ------
    BuildError
        None is on PATH, or it is too old.
    """
    minimum = ".".join(map(str, MINIMUM))
    found = find_quarto()
    if found is None:
        raise BuildError(
            f"quarto is not on PATH: install Quarto {minimum} or later, or choose renderer builtin"
        )
    if not is_supported(found[1]):
        raise BuildError(
            f"quarto must be version {minimum} or later, but {found[1]!r} is on PATH: "
            "update it, or choose renderer builtin"
        )
    return found


def require_consecutive(notebooks: Sequence[Path]) -> None:
    """Refuse chapters that Quarto, which counts them, would number unlike their files."""
    numbers = [chapter_number(path) for path in notebooks]
    if numbers != list(range(1, len(numbers) + 1)):
        names = ", ".join(path.name for path in notebooks)
        raise BuildError(
            f"for Quarto the chapters must be numbered from 1 without a gap, but are {names}: "
            "choose renderer builtin, which takes the number from the file"
        )


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
