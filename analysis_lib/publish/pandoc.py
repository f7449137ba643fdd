"""Pandoc and Typst, with limits."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import pypandoc
import typst

from analysis_lib.errors import BuildError

SECONDS = 600
MEGABYTES = 3000  # a filter that feeds itself would otherwise take all memory of the machine
_UNRESOLVED = re.compile(r"UNRESOLVED\n(.*?)\nEND", re.S)


def pandoc_path() -> Path:
    """The binary inside the wheel."""
    suffix = ".exe" if os.name == "nt" else ""
    return Path(pypandoc.__file__).parent / "files" / f"pandoc{suffix}"


@cache
def pandoc_version() -> str:
    """Version of the binary, such as 3.9."""
    shown = subprocess.run(
        [str(pandoc_path()), "--version"], capture_output=True, text=True, check=True
    )
    return shown.stdout.split()[1]


def run_pandoc(
    arguments: Sequence[str],
    *,
    folder: Path,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run pandoc in `folder`; a warning is a failure.

    Raises
    ------
    BuildError
        A reference or citation that leads nowhere, named with its chapter; a limit that was
        reached; any other complaint of pandoc.
    """
    limits = ["+RTS", f"-M{megabytes * 2 // 3}m", "-RTS"]
    command = [str(pandoc_path()), *limits, "--fail-if-warnings", *arguments]
    with subprocess.Popen(
        _limited(command, megabytes),
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            _, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise BuildError(f"pandoc did not finish within {seconds:g} seconds") from None
        finally:
            process.kill()  # does nothing to one that has ended
    if process.returncode == 0:
        return
    unresolved = _UNRESOLVED.search(said)
    if unresolved:
        raise BuildError("the report cannot be rendered:\n" + unresolved.group(1))
    raise BuildError(f"pandoc failed ({process.returncode}):\n{said[-2000:].strip()}")


def _limited(command: list[str], megabytes: int) -> list[str]:
    """The command within a bound of memory: pandoc's own does not count its Lua filters.

    The shell sets it, and not this process between fork and start, where other threads run.
    """
    if sys.platform != "linux":
        return command
    return ["sh", "-c", f'ulimit -v {megabytes * 1024}; exec "$@"', "sh", *command]


# PDF/UA-1: tagged, with alternative texts, a title and a language; Typst refuses what breaks it.
STANDARD: Literal["ua-1"] = "ua-1"
_NO_LETTER = "could not be displayed with font"


def typst_version() -> str:
    """Version of the compiler's wheel."""
    return importlib.metadata.version("typst")


def compile_pdf(source: Path, target: Path) -> None:
    """Write `target` from the Typst file `source`.

    A letter that the bundled fonts lack, in a label in Chinese say, is looked for in the fonts of
    the machine; one that they lack too is an empty box, and the PDF claims no standard. Where the
    places of figures never settle, each takes the nearest.

    Raises
    ------
    BuildError
        The compiler refuses the file, or warns about something a reader would see.
    """
    try:
        content = _compile_with_fonts(source, {})
    except Unsettled:
        content = _compile_with_fonts(source, {"anywhere": "yes"})
    target.write_bytes(content)


def _compile_with_fonts(source: Path, inputs: dict[str, str]) -> bytes:
    try:
        return _compile(source, inputs, own_fonts=True, standard=STANDARD)
    except MissingLetter:
        try:
            return _compile(source, inputs, own_fonts=False, standard=STANDARD)
        except MissingLetter:
            return _compile(source, inputs, own_fonts=False, standard=None)


class MissingLetter(BuildError):
    """No font has a letter of the text, which the standard forbids."""


class Unsettled(BuildError):
    """Where figures stand depends on where they stand."""


def _compile(
    source: Path, inputs: dict[str, str], *, own_fonts: bool, standard: Literal["ua-1"] | None
) -> bytes:
    try:
        content, warnings = typst.compile_with_warnings(
            str(source),
            root=str(source.parent),
            ignore_system_fonts=own_fonts,
            format="pdf",
            pdf_standards=standard,
            sys_inputs=inputs,
        )
    except typst.TypstError as failure:
        text = f"typst failed: {failure.message}\n{failure.diagnostic}"
        raise (MissingLetter if _NO_LETTER in text else BuildError)(text) from None
    if warnings:
        messages = "\n".join(warning.message for warning in warnings)
        unsettled = "did not converge" in messages
        raise (Unsettled if unsettled else BuildError)(f"typst warned:\n{messages}")
    if not isinstance(content, bytes):
        raise BuildError("typst wrote no single PDF")
    return content
