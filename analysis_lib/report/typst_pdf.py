"""Compile Typst to PDF, with bundled fonts wherever they will do: two machines, the same pages."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Literal

import typst

from analysis_lib.errors import BuildError

# PDF/UA-1: tagged, with alternative texts, a title and a language; Typst refuses what breaks it.
STANDARD: Literal["ua-1"] = "ua-1"
_NO_LETTER = "could not be displayed with font"


def typst_version() -> str:
    """Version of the compiler's wheel."""
    return importlib.metadata.version("typst")


def compile_pdf(source: Path, target: Path) -> None:
    """Write `target` from the Typst file `source`.

    A letter that the bundled fonts lack, in a label in Chinese say, is looked for in the fonts of
    the machine; one that they lack too is an empty box, and the PDF claims no standard.

    Raises
    ------
    BuildError
        The compiler refuses the file, or warns about something a reader would see.
    """
    try:
        content = _compile(source, own_fonts=True, standard=STANDARD)
    except MissingLetter:
        try:
            content = _compile(source, own_fonts=False, standard=STANDARD)
        except MissingLetter:
            content = _compile(source, own_fonts=False, standard=None)
    target.write_bytes(content)


class MissingLetter(BuildError):
    """No font has a letter of the text, which the standard forbids."""


def _compile(source: Path, *, own_fonts: bool, standard: Literal["ua-1"] | None) -> bytes:
    try:
        content, warnings = typst.compile_with_warnings(
            str(source),
            root=str(source.parent),
            ignore_system_fonts=own_fonts,
            format="pdf",
            pdf_standards=standard,
        )
    except typst.TypstError as failure:
        text = f"typst failed: {failure.message}\n{failure.diagnostic}"
        raise (MissingLetter if _NO_LETTER in text else BuildError)(text) from None
    if warnings:
        messages = "\n".join(warning.message for warning in warnings)
        raise BuildError(f"typst warned:\n{messages}")
    if not isinstance(content, bytes):
        raise BuildError("typst wrote no single PDF")
    return content
