"""The Word file: its styles and its figures."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from analysis_lib.errors import BuildError
from analysis_lib.labels import as_plain
from analysis_lib.publish.pandoc import pandoc_path, run_pandoc

SERIF, SANS = "Cambria", "Calibri"
INK, ACCENT, QUIET, WARNING = "1D2529", "27465C", "5D6A72", "8F3A1C"
WIDTH, HEIGHT, MARGIN = Mm(210), Mm(297), Mm(22)


@dataclass(frozen=True)
class Look:
    """One paragraph style; sizes and distances in points."""

    name: str
    font: str
    size: float
    colour: str = INK
    bold: bool = False
    before: float = 0
    after: float = 6
    keep_with_next: bool = False


LOOKS = (
    Look("Normal", SERIF, 10.5),
    Look("Body Text", SERIF, 10.5, before=0, after=7),
    Look("First Paragraph", SERIF, 10.5, before=0, after=7),
    Look("Compact", SANS, 8.5, before=1, after=1),
    Look("Title", SANS, 22, ACCENT, bold=True, after=4),
    Look("Author", SERIF, 11, QUIET, after=10),
    Look("Details", SANS, 10, after=2),
    Look("heading 1", SANS, 18, ACCENT, bold=True, before=28, after=8, keep_with_next=True),
    Look("heading 2", SANS, 13, ACCENT, bold=True, before=18, after=6, keep_with_next=True),
    Look("heading 3", SANS, 11, ACCENT, bold=True, before=12, after=4, keep_with_next=True),
    Look("Table Caption", SANS, 9.5, before=14, after=4, keep_with_next=True),
    Look("Image Caption", SANS, 9.5, before=4, after=14),
    Look("Captioned Figure", SERIF, 10.5, before=14, after=2, keep_with_next=True),
    Look("Table Notes", SANS, 8, QUIET, before=2, after=2),
    Look("Callout Title", SANS, 9.5, WARNING, bold=True, before=10, after=2, keep_with_next=True),
    Look("Callout", SERIF, 10, before=0, after=4),
    Look("Synthetic Label", SANS, 10, WARNING, bold=True, after=6),
    Look("Bibliography", SERIF, 9.5, after=4),
)


def write_reference(target: Path, *, title: str, label: str) -> None:
    """Write the document whose styles, page, header and footer pandoc takes over."""
    shown = subprocess.run(
        [str(pandoc_path()), "--print-default-data-file", "reference.docx"],
        capture_output=True,
        check=True,
    )
    document = Document(io.BytesIO(shown.stdout))
    for look in LOOKS:
        _set_style(document, look)
    _set_table_style(document)
    _set_page(document, title=title, label=label)
    written = io.BytesIO()
    document.save(written)
    target.write_bytes(_undated(written.getvalue()))


def _undated(content: bytes) -> bytes:
    """The same archive, every part with the first day that an archive can name."""
    undated = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(undated, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name))
    return undated.getvalue()


def _set_style(document: WordDocument, look: Look) -> None:
    names = {style.name.lower(): style for style in document.styles if style.name}
    style = names.get(look.name.lower())
    if style is None:
        style = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, False
    style.font.color.rgb = RGBColor.from_string(look.colour)
    _set_font(style, look.font)
    style.paragraph_format.space_before = Pt(look.before)
    style.paragraph_format.space_after = Pt(look.after)
    style.paragraph_format.keep_with_next = look.keep_with_next
    style.paragraph_format.alignment = None


def _set_font(style: ParagraphStyle, font: str) -> None:
    """Name the font for every script; a theme's font would take precedence over a name."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def _set_table_style(document: WordDocument) -> None:
    """Rules above, below and under the header row, as in a journal; no vertical lines."""
    style = next(style for style in document.styles if style.name == "Table")
    properties = style.element.find(qn("w:tblPr"))
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom"):
        borders.append(_line(edge, "8"))
    properties.append(borders)


def _line(edge: str, eighths_of_a_point: str) -> BaseOxmlElement:
    line = OxmlElement(f"w:{edge}")
    for name, value in (("val", "single"), ("sz", eighths_of_a_point), ("color", INK)):
        line.set(qn(f"w:{name}"), value)
    return line


def _set_page(document: WordDocument, *, title: str, label: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Mm(24)
    section.header_distance = section.footer_distance = Mm(11)
    if label:
        run = section.header.paragraphs[0].add_run(label)
        run.font.size, run.font.bold, run.font.name = Pt(8.5), True, SANS
        run.font.color.rgb = RGBColor.from_string(WARNING)
    footer = section.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(WIDTH - 2 * MARGIN, WD_TAB_ALIGNMENT.RIGHT)
    footer.add_run(f"{title}\t")
    _add_field(footer, "PAGE")
    for run in footer.runs:
        run.font.size, run.font.name = Pt(8.5), SANS
        run.font.color.rgb = RGBColor.from_string(QUIET)


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    """A field that Word computes, such as the number of the page."""
    run = paragraph.add_run()
    for kind in ("begin", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "begin":
            text = OxmlElement("w:instrText")
            text.text = instruction
            run._r.append(text)


PIXELS_PER_INCH = 220.0
EPOCH = "315532800"  # the first day a zip archive can name: two builds give the same file


def render_word(
    work: Path, target: Path, *, arguments: Sequence[str], metadata: Mapping[str, Any]
) -> Path:
    """Write the Word file from the text and the figures, as `draw_figures` left them, in `work`.

    `arguments` name the text, as pandoc has read it, and the filters.

    Raises
    ------
    BuildError
        Pandoc fails.
    """
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
    """A PNG beside every SVG: Word shows no SVG without a picture to fall back on.

    Raises
    ------
    BuildError
        A figure cannot be drawn.
    """
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
