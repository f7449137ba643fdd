"""The report as a Word document with real tables, for co-authors who edit in Word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

from analysis_lib.errors import BuildError
from analysis_lib.labels import as_plain
from analysis_lib.report.pandoc import run_pandoc
from analysis_lib.report.word_styles import write_reference

PIXELS_PER_INCH = 220.0
EPOCH = "315532800"  # the first day a zip archive can name: two builds give the same file


def render_word(
    work: Path, target: Path, *, arguments: Sequence[str], metadata: Mapping[str, Any]
) -> Path:
    """Write the Word file from the text and the figures that lie in `work`.

    `arguments` are those that every format shares (source, bibliography, filters).

    Raises
    ------
    BuildError
        A figure cannot be drawn, or pandoc fails.
    """
    draw_figures(work / "media")
    write_reference(
        work / "reference.docx",
        title=as_plain(str(metadata["title"])),
        label=str(metadata.get("label", "")),
    )
    run_pandoc(
        [
            *arguments,
            "--to=docx",
            "--reference-doc=reference.docx",
            f"--output={target.resolve()}",
        ],
        folder=work,
        environment={"SOURCE_DATE_EPOCH": EPOCH},
    )
    return target


def draw_figures(media: Path) -> None:
    """A PNG beside every SVG: Word shows no SVG without a picture to fall back on."""
    figures = sorted(media.glob("*.svg"))
    if not figures:
        return
    pages = "\n".join(f'#page(image("{path.name}"))' for path in figures)
    source = media / "figures.typ"
    source.write_text(f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}\n", "utf-8")
    try:
        drawn = typst.compile(
            str(source),
            root=str(media),
            ignore_system_fonts=True,
            format="png",
            ppi=PIXELS_PER_INCH,
        )
    except typst.TypstError as failure:
        raise BuildError(f"typst failed: {failure.message}\n{failure.diagnostic}") from None
    images = drawn if isinstance(drawn, list) else [drawn]
    for path, image in zip(figures, images, strict=True):
        path.with_suffix(".png").write_bytes(image)
