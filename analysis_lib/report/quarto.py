"""Render a composed project with Quarto, where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from analysis_lib.errors import BuildError
from analysis_lib.report.builtin import chapter_number
from analysis_lib.report.config import read_config
from analysis_lib.report.request import Format

MINIMUM = (1, 9)  # the first whose books render to Typst
SECONDS = 600
_UNRESOLVED = re.compile(r"\?@[A-Za-z]+-[\w-]+|\?(?:var|meta):[\w.-]+")
_NO_CITATION = re.compile(r"citation \S+ not found", re.I)
_REMOTE_SCRIPT = re.compile(r"<script\b[^>]*\bsrc=\"https?://[^\"]*\"[^>]*>\s*</script>\s*")


def find_quarto() -> tuple[Path, str] | None:
    """The `quarto` on PATH and its version, or None where there is none."""
    found = shutil.which("quarto")
    if found is None:
        return None
    shown = subprocess.run(
        [found, "--version"], capture_output=True, text=True, timeout=60, check=False
    )
    return Path(found), shown.stdout.strip()


def is_supported(version: str) -> bool:
    """Whether this version renders the report as a book in both formats."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= MINIMUM


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


def quarto_command(quarto: Path, project: Path) -> list[str]:
    """The one command: the formats are those of the composed `_quarto.yml`."""
    return [str(quarto), "render", str(project)]


def render_quarto(
    project: Path, *, quarto: Path, formats: Sequence[Format], out: Path
) -> tuple[Path, ...]:
    """Render a composed project into `out`, the book at the top and the PDF as report.pdf.

    Raises
    ------
    BuildError
        Quarto fails, leaves a reference open, or does not write what was asked for.
    """
    environment = {**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0")}
    try:
        done = subprocess.run(
            quarto_command(quarto, project),
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"quarto did not finish within {SECONDS} seconds") from None
    shown = done.stdout + done.stderr
    if done.returncode != 0:
        raise BuildError(f"quarto failed ({done.returncode}):\n{shown[-2000:].strip()}")
    missing = sorted(set(_NO_CITATION.findall(shown)))
    if missing:
        raise BuildError("the report cannot be rendered: " + "; ".join(missing))
    book = project / str(read_config(project)["project"].get("output-dir", "_book"))
    return _collect(book, formats, out)


def is_consecutive(notebooks: Sequence[Path]) -> bool:
    """Whether the files are numbered 1, 2, 3, ...: Quarto counts chapters, files it does not."""
    numbers = [chapter_number(path) for path in notebooks]
    return numbers == list(range(1, len(numbers) + 1))


def require_consecutive(notebooks: Sequence[Path]) -> None:
    """Refuse chapters that Quarto would number differently from their files."""
    if not is_consecutive(notebooks):
        names = ", ".join(path.name for path in notebooks)
        raise BuildError(
            f"for Quarto the chapters must be numbered from 1 without a gap, but are {names}: "
            "choose renderer builtin, which takes the number from the file"
        )


def _collect(book: Path, formats: Sequence[Format], out: Path) -> tuple[Path, ...]:
    expected = {"html": "index.html", "pdf": "report.pdf"}
    absent = [expected[name] for name in formats if not (book / expected[name]).is_file()]
    if absent:
        raise BuildError(f"quarto did not write {', '.join(absent)} into its output folder")
    for page in sorted(book.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        open_references = sorted(set(_UNRESOLVED.findall(text)))
        if open_references:
            names = ", ".join(open_references)
            raise BuildError(f"unresolved in {page.relative_to(book)}: {names}")
        # Libraries for notebook widgets, from a CDN: no page of the report has a widget.
        page.write_text(_REMOTE_SCRIPT.sub("", text), encoding="utf-8")
    shutil.copytree(book, out, dirs_exist_ok=True)
    return tuple(out / expected[name] for name in formats)
