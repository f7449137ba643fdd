"""What `_quarto.yml` brings along for Quarto does what it is there for; Quarto is not needed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import pypdfium2
import pytest
import typst

from analysis_lib.publish.compose import LABEL_MARK
from analysis_lib.publish.config import read_config
from analysis_lib.publish.pandoc import pandoc_path

ROOT = Path(__file__).resolve().parents[2]
# As Quarto writes them into the head of a page with a table.
LIBRARIES = """<script src="https://cdn.net/jquery.min.js" integrity="sha384-Z" \
crossorigin="anonymous"></script><script src="../site_libs/quarto-nav/quarto-nav.js"></script>
<script src="https://cdn.net/require.min.js" crossorigin="anonymous"></script>
<script type="application/javascript">define('jquery', [],function() {return window.jQuery;})\
</script>
"""
PAGE = "<head>\n{0}<script>search()</script></head><p>β https://cdn.net</p>\n"
# A table of Quarto's: a figure of this kind, the notes as its footer.
TABLE = """
= Chapter
#lorem({words})

#figure(
  {{
    set text(size: 0.85em)
    table(columns: (20%, 30%, 50%), table.header[Name][n][Meaning], table.hline(),
      {rows}
      table.footer(table.cell(colspan: 3)[A note of the table.]))
  }},
  caption: figure.caption(position: top, [Caption of the table.]),
  kind: "quarto-float-tbl", supplement: "Table")
"""


def typst_header() -> str:
    """What Quarto puts before the book, without the label."""
    items = read_config(ROOT)["format"]["typst"]["include-in-header"]
    return "\n".join(item["text"] for item in items if LABEL_MARK not in item["text"])


def book_of_a_table(
    folder: Path, *, rows: int, words: int = 10, name: str = "name"
) -> pypdfium2.PdfDocument:
    """A book with one table."""
    cells = "\n".join(f"[`{name}`], [{row} of all], [meaning]," for row in range(rows))
    source = folder / "book.typ"
    head = '#set page(paper: "a4")\n#set par(justify: true)\n#set text(lang: "en")\n'
    source.write_text(head + typst_header() + TABLE.format(rows=cells, words=words))
    return pypdfium2.PdfDocument(typst.compile(str(source), ignore_system_fonts=True))


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range() for page in document]


def test_a_long_table_is_printed_whole_with_its_notes_once(tmp_path: Path) -> None:
    pages = texts(book_of_a_table(tmp_path, rows=150))
    assert len(pages) > 2
    text = "".join(pages)
    assert all(f"{row} of all" in text for row in range(150))
    assert [page.count("A note of the table.") for page in pages] == [0] * (len(pages) - 1) + [1]


@pytest.mark.parametrize("words", range(505, 665, 20))
def test_a_caption_stays_with_its_table(words: int, tmp_path: Path) -> None:
    pages = texts(book_of_a_table(tmp_path, rows=60, words=words))
    captioned = [page for page in pages if "Caption of the table." in page]
    assert len(captioned) == 1 and "0 of all" in captioned[0]


def test_a_long_name_keeps_to_its_column(tmp_path: Path) -> None:
    name = "response_not_evaluable_reason_of_the_patient"
    page = book_of_a_table(tmp_path, rows=1, name=name)[0].get_textpage()
    text = page.get_text_range()
    first, last = (page.get_charbox(text.index(word)) for word in ("response", "patient"))
    neighbour = page.get_charbox(text.index("0 of all"))
    assert first[1] > last[3], "on a line of its own"
    assert last[0] < neighbour[0]


@pytest.mark.parametrize("before", range(6, 20, 2))
def test_an_interval_is_not_broken_at_its_dash(before: int, tmp_path: Path) -> None:
    (page,) = texts(book_of_a_table(tmp_path, rows=1, name=f"{'x' * before} (0.71–2.03)"))
    assert "(0.71–2.03)" in page


def printed(element: Any) -> str:
    """The text of a part of the tree of pandoc, whose spaces have none."""
    if isinstance(element, list):
        return "".join(map(printed, element))
    content = element.get("c") if isinstance(element, dict) else None
    if isinstance(content, str):
        return content
    # Of a span only the content, and not its attributes.
    return printed(content[-1] if element["t"] == "Span" else content) if content else ""


def test_every_committed_table_reaches_the_pdf_as_a_table_with_all_its_text() -> None:
    (script,) = (item["path"] for item in read_config(ROOT)["format"]["typst"]["filters"])
    pages = [
        output["data"]["text/html"]
        for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert len(pages) > 30
    command = [str(pandoc_path()), "--to=json", f"--lua-filter={ROOT / script}"]
    text = "\n\n".join(f"```{{=html}}\n{page}\n```" for page in pages)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    blocks = json.loads(done.stdout)["blocks"]
    assert [block["t"] for block in blocks] == ["Table"] * len(pages)
    for block, page in zip(blocks, pages, strict=True):
        table = lxml.html.fromstring(page).find(".//table")
        cells = (cell.text_content() for cell in table.iter("th", "td"))
        rows = [row for part in table_rows(block["c"]) for row in part]
        assert ["".join(printed(cell[-1]).split()) for row in rows for cell in row[1]] == [
            "".join(cell.split()) for cell in cells
        ]


def table_rows(table: list[Any]) -> list[Any]:
    """The rows of the head, the bodies and the foot of pandoc's table."""
    _, _, _, head, bodies, foot = table
    return [head[1], *(rows for body in bodies for rows in body[2:]), foot[1]]


def test_a_rendered_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    pages = [tmp_path / "index.html", tmp_path / "chapter of two words.html"]
    for page in pages:
        page.write_text(PAGE.format(LIBRARIES), encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(b"\x00<script src=")
    script = ROOT / read_config(ROOT)["project"]["post-render"]
    files = "\n".join(str(path) for path in (pages[0], tmp_path / "report.pdf", pages[1]))
    command = [str(pandoc_path()), "--from=markdown", "--to=plain", f"--lua-filter={script}"]
    environment = {**os.environ, "QUARTO_PROJECT_OUTPUT_FILES": files}
    subprocess.run(command, env=environment, input="", text=True, check=True)
    kept = PAGE.format('<script src="../site_libs/quarto-nav/quarto-nav.js"></script>\n')
    assert [page.read_text(encoding="utf-8") for page in pages] == [kept, kept]
    assert (tmp_path / "report.pdf").read_bytes() == b"\x00<script src="


def test_the_band_covers_neither_menu_nor_headings() -> None:
    items = read_config(ROOT)["format"]["html"]["include-in-header"]
    (band,) = (item["text"] for item in items if LABEL_MARK in item["text"])
    assert "z-index: 1020" in band  # Quarto's bar has 1030
    assert "scroll-padding-top" in band
    assert "inset: auto 0 0" in band.partition("@media (max-width: 991.98px)")[2]
