"""Compile Typst to PDF with bundled fonts only, so that two machines give the same pages."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Literal

import typst

from analysis_lib.errors import BuildError

# PDF/UA-1: tagged, with alternative texts, a title and a language; Typst refuses what breaks it.
STANDARD: Literal["ua-1"] = "ua-1"


def typst_version() -> str:
    """Version of the compiler's wheel."""
    return importlib.metadata.version("typst")


def compile_pdf(source: Path, target: Path) -> None:
    """Write `target` from the Typst file `source`.

    Raises
    ------
    BuildError
        The compiler refuses the file, or warns about something a reader would see.
    """
    try:
        content, warnings = typst.compile_with_warnings(
            str(source),
            root=str(source.parent),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=STANDARD,
        )
    except typst.TypstError as failure:
        raise BuildError(f"typst failed: {failure.message}\n{failure.diagnostic}") from None
    if warnings:
        messages = "\n".join(warning.message for warning in warnings)
        raise BuildError(f"typst warned:\n{messages}")
    if not isinstance(content, bytes):
        raise BuildError("typst wrote no single PDF")
    target.write_bytes(content)
