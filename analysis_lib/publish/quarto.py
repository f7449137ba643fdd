"""Quarto: found on PATH, run on a composed project, its book collected."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis_lib.errors import BuildError
from analysis_lib.publish.config import read_config
from analysis_lib.publish.request import Format

MINIMUM = (1, 9)  # the first whose books render to Typst
SECONDS = 3600  # a quarter of an hour on a busy machine of two cores
VERSION_SECONDS = 60
_UNRESOLVED = re.compile(r"\?@[A-Za-z]+-[\w-]+|\?(?:var|meta):[\w.-]+")
_NO_CITATION = re.compile(r"citation \S+ not found", re.I)
_REMOTE = re.compile(
    r"<script\b[^>]*\bsrc=\"(https?://[^\"]*)\""
    r"|<link\b(?=[^>]*\brel=\"stylesheet\")[^>]*\bhref=\"(https?://[^\"]*)\""
    r"|(?:@import\s*|url\()[\"']?(https?://[^\"')]*)"
)


def find_quarto() -> tuple[Path, str] | None:
    """The `quarto` on PATH and its version, "" if it does not say; None where there is none."""
    found = shutil.which("quarto")
    if found is None:
        return None
    try:
        shown = run_group([found, "--version"], seconds=VERSION_SECONDS)
    except BuildError:  # as one without a version
        return Path(found), ""
    return Path(found), shown.stdout.strip()


def is_supported(version: str) -> bool:
    """Whether this version renders the report as a book in both formats."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= MINIMUM


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
    command = quarto_command(quarto, project)
    done = run_group(command, seconds=SECONDS, folder=project, environment=environment)
    shown = done.stdout + done.stderr
    if done.returncode != 0:
        raise BuildError(f"quarto failed ({done.returncode}):\n{shown[-2000:].strip()}")
    missing = sorted(set(_NO_CITATION.findall(shown)))
    if missing:
        raise BuildError("the report cannot be rendered: " + "; ".join(missing))
    book = project / str(read_config(project)["project"].get("output-dir", "_book"))
    return _collect(book, formats, out)


def run_group(
    command: Sequence[str],
    *,
    seconds: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `quarto` and end it with all that it started: it is a shell script around a program.

    Raises
    ------
    BuildError
        It cannot be started, or takes longer than `seconds`.
    """
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as failure:
        raise BuildError(f"quarto cannot be started: {failure.strerror}") from None
    try:
        out, error = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise BuildError(f"quarto did not finish within {seconds:g} seconds") from None
    finally:
        _end(process)
    return subprocess.CompletedProcess(list(command), process.returncode, out, error)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process that still runs, and its children."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _collect(book: Path, formats: Sequence[Format], out: Path) -> tuple[Path, ...]:
    expected = {"html": "index.html", "pdf": "report.pdf"}
    absent = [expected[name] for name in formats if not (book / expected[name]).is_file()]
    if absent:
        raise BuildError(f"quarto did not write {', '.join(absent)} into its output folder")
    _refuse_remote(book)
    for page in sorted(book.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        open_references = sorted(set(_UNRESOLVED.findall(text)))
        if open_references:
            names = ", ".join(open_references)
            raise BuildError(f"unresolved in {page.relative_to(book)}: {names}")
    shutil.copytree(book, out, dirs_exist_ok=True)
    return tuple(out / expected[name] for name in formats)


def _refuse_remote(book: Path) -> None:
    """Refuse a page or a style that would load something when it is opened."""
    for path in sorted((*book.rglob("*.html"), *book.rglob("*.css"))):
        remote = _REMOTE.search(path.read_text(encoding="utf-8"))
        if remote:
            raise BuildError(
                f"{path.relative_to(book)} needs {remote[remote.lastindex or 0]} from the network: "
                "restore project: post-render in _quarto.yml, or choose a theme without it"
            )
