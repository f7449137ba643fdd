"""The PDF of the built-in renderer, looked at as pages."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from page_rules import broken
from page_rules import lines_of as printed_lines

from analysis_lib.publish.renderer import render_builtin

MM = 72 / 25.4


def has_label(page: NDArray[np.float64]) -> bool:
    """Whether the band above the text holds ink in the colour of the label."""
    band = page[: int(24 * MM)]
    return bool(((band[..., 0] - band[..., 2]) > 0.2).any())


def test_label_is_on_every_page(rendered: Any) -> None:
    pages = rendered.pages()
    assert len(pages) >= 5
    assert all(has_label(page) for page in pages)


def test_real_cohort_has_no_label_anywhere(book: SimpleNamespace, tmp_path: Path) -> None:
    real = book.render_book(tmp_path, label="")
    assert not any(has_label(page) for page in real.pages())
    assert "ynthetic data" not in real.html
    assert 'class="banner"' not in real.html
    assert 'class="label"' not in real.html


def test_nothing_runs_into_the_margins(rendered: Any) -> None:
    for page in rendered.pages():
        height, width = page.shape[:2]
        text_end = height - int(25 * MM)
        assert page[text_end : height - int(20 * MM)].min() > 0.95  # above page number
        assert page[:, width - int(22 * MM) :].min() > 0.95
        assert page[:, : int(22 * MM)].min() > 0.95


def test_long_table_continues_over_pages_with_its_groups(rendered: Any) -> None:
    long, wide = rendered.query(
        "query(figure.where(kind: table)).slice(1).map(it => it.location().page())"
    )
    assert wide >= long + 2


FOOT = 26 * MM  # below it stand title and page number


def lines_of(page: pypdfium2.PdfPage) -> list[str]:
    """The printed lines of a page, top to bottom."""
    text = page.get_textpage()
    rects = [text.get_rect(index) for index in range(text.count_rects())]
    bottoms = sorted((bottom for _, bottom, _, _ in rects if bottom > FOOT), reverse=True)
    heights = [y for above, y in itertools.pairwise([math.inf, *bottoms]) if above - y > 4]
    width = page.get_width()
    return [text.get_text_bounded(0, height - 2, width, height + 5) for height in heights]


def paragraph(words: int) -> str:
    return " ".join(["word"] * words) + " end."


def render_pdf(
    book: SimpleNamespace, folder: Path, chapters: dict[str, Any]
) -> pypdfium2.PdfDocument:
    figure = "#| label: fig-km\n#| fig-cap: Curves.\n#| fig-alt: Curves.\nx"
    first = next(iter(chapters.values()))
    first.cells.append(book.code(figure, svg=book.SVG))  # what the index refers to
    project = book.compose(folder, chapters)
    (folder / "out").mkdir()
    (pdf,) = render_builtin(project, formats=("pdf",), out=folder / "out")
    return pypdfium2.PdfDocument(pdf)


def test_no_heading_stands_at_the_foot_of_a_page(book: SimpleNamespace, tmp_path: Path) -> None:
    sections = "".join(f"\n\n## Section {n}\n\n{paragraph(60 + 17 * n % 90)}" for n in range(1, 60))
    document = render_pdf(book, tmp_path, {"02_long": book.chapter(f"# Chapter{sections}")})
    pages = [lines_of(page) for page in document]
    assert len(pages) > 6
    assert sum("Section" in line for lines in pages for line in lines) >= 59
    assert not [lines[-1] for lines in pages if "Section" in lines[-1]]


def test_a_page_of_a_table_ends_with_no_group_and_begins_with_no_note(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    cells = []
    for rows in range(44, 58):
        options = f"#| label: tbl-{rows}\n#| tbl-cap: Table of {rows}.\nx"
        cells += [paragraph(3 * rows), book.code(options, html=book.html_table(rows=rows))]
    document = render_pdf(book, tmp_path, {"02_tables": book.chapter("# Tables", *cells)})
    pages = [lines_of(page) for page in document]
    assert sum("Percentages are of" in line for lines in pages for line in lines) == 14
    for lines in pages:
        assert not re.search(r"Group \d+\s*$", lines[-1]), lines[-3:]
        note = next((n for n, line in enumerate(lines) if "Percentages are of" in line), None)
        assert note is None or any("Level" in line for line in lines[:note]), lines[:3]
    assert not [fault for fault in broken(document) if "group's head" in fault]


def test_contents_of_a_long_book_print_no_entry_over_another(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    sections = "".join(f"\n\n## Section {number}\n\nText." for number in range(1, 9))
    chapters = {
        f"{number:02d}_chapter": book.chapter(f"# Chapter with number {number}{sections}")
        for number in range(1, 19)
    }
    figure = book.code(
        "#| label: fig-km\n#| fig-cap: Curves.\n#| fig-alt: Curves.\nx", svg=book.SVG
    )
    chapters["01_chapter"].cells.append(figure)
    project = book.compose(tmp_path, chapters)
    (tmp_path / "out").mkdir()
    (pdf,) = render_builtin(project, formats=("pdf",), out=tmp_path / "out")
    entries = contents_entries(pypdfium2.PdfDocument(pdf))
    assert len(entries) >= 18 * 9
    assert all(abs(one - other) > 8 for one, other in neighbours(entries))


def contents_entries(document: pypdfium2.PdfDocument) -> list[tuple[int, int, float]]:
    """Page, column and height of every line that names a chapter or a section."""
    entries = []
    for number, page in zip(range(6), document, strict=False):
        lines = page.get_textpage()
        for index in range(lines.count_rects()):
            left, bottom, right, top = lines.get_rect(index)
            words = lines.get_text_bounded(left, bottom, right, top)
            if re.search(r"Section \d|Chapter with", words):
                entries.append((number, int(left > 300), round(bottom, 1)))
    return entries


def neighbours(entries: list[tuple[int, int, float]]) -> list[tuple[float, float]]:
    """Heights of entries that follow each other in one column."""
    ordered = sorted(entries, reverse=True)
    return [
        (first[2], second[2])
        for first, second in itertools.pairwise(ordered)
        if first[:2] == second[:2]
    ]


def test_captions_read_as_in_the_html(rendered: Any) -> None:
    captions = rendered.query("query(figure.caption).map(it => repr(it.body))")
    assert len(captions) == 4
    for caption, number in zip(captions, ["2.1", "2.2", "2.3", "5.1"], strict=True):
        assert number in caption
    assert "Baseline by prior exposure X" in captions[0]


def test_headings_and_their_numbers_are_those_of_the_html(rendered: Any) -> None:
    headings = rendered.query("query(heading).map(it => (it.level, repr(it.body)))")
    texts = [text for _, text in headings]
    assert any("[2.1]" in text and "Baseline" in text for text in texts)
    assert any("[5]" in text and "Survival" in text for text in texts)


def test_figure_is_a_vector_with_alternative_text(rendered: Any) -> None:
    images = rendered.query("query(image).map(it => (it.source, it.alt))")
    assert [alt for _, alt in images] == ['Step curves with "risk" by prior exposure X.']
    assert all(source.endswith(".svg") for source, _ in images)


def test_code_is_absent(rendered: Any) -> None:
    source = rendered.typ.read_text(encoding="utf-8")
    assert "plot()" not in source
    assert "import analysis_lib" not in source


def test_document_says_its_title_and_language(rendered: Any) -> None:
    assert rendered.query("query(heading).first().location().page()") == 1
    content = rendered.pdf.read_bytes()
    assert b"/Lang" in content
    assert b"Outcomes by prior exposure" in content


def test_two_renders_are_identical(rendered: Any, book: SimpleNamespace, tmp_path: Path) -> None:
    again = book.render_book(tmp_path)
    assert again.html == rendered.html
    assert again.pdf.read_bytes() == rendered.pdf.read_bytes()


def test_whatever_markdown_can_say_compiles(book: SimpleNamespace, tmp_path: Path) -> None:
    text = (
        '# A *b* `c`\n\n~~old~~ H~2~O "quoted" <https://example.org> 5 < 6 & 7 # $ @ \\\n\n'
        "```python\nx = 1  # note\n```\n\n> quote\n\nTerm\n: Definition\n\n---\n\n"
        "1. one\n   - nested\n\n| A | B |\n|--:|:-:|\n| 1 | 2 |\n\n: A caption.\n\n"
        "See @fig-km."
    )
    options = "#| label: fig-km\n#| fig-cap: A < B & *C*\n#| fig-alt: '\"a\" \\ # <b>'\nx"
    chapters = {"02_a": book.chapter(text, book.code(options, svg=book.SVG))}
    project = book.compose(tmp_path, chapters)
    (tmp_path / "out").mkdir()
    written = render_builtin(project, formats=("html", "pdf"), out=tmp_path / "out")
    assert [path.name for path in written] == ["index.html", "report.pdf"]
    for content in (
        written[0].read_text(encoding="utf-8"),
        (project / ".render" / "report.typ").read_text(encoding="utf-8"),
    ):
        assert "A caption." in content
        assert "Definition" in content


def test_pdf_declares_the_accessibility_standard_that_it_was_checked_by(rendered: Any) -> None:
    content = rendered.pdf.read_bytes()
    assert b"pdfuaid" in content
    assert b"/Lang(en" in content.replace(b" ", b"")


def tables_of(
    book: SimpleNamespace, folder: Path, *, rows: range, notes: int = 1
) -> pypdfium2.PdfDocument:
    """A chapter of tables with so many rows, and notes that are so many times as long."""
    cell, note = (
        '#| label: tbl-{0}\n#| tbl-cap: "Of {0} rows."\nx',
        "Percentages are of evaluable. ",
    )
    cells = [
        book.code(
            cell.format(n), html=book.html_table(rows=n).replace("Percentages", notes * note + "P")
        )
        for n in rows
    ]
    return render_pdf(book, folder, {"01_a": book.chapter("# A\n\nText.", *cells)})


def test_a_table_a_little_longer_than_a_page_is_set_smaller_and_kept_whole(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    pages = printed_lines(tables_of(book, tmp_path, rows=range(34, 44), notes=10))
    begun = [lines for lines in pages if any("rows." in x.text for x in lines)]
    lengths = [lines[30].foot - lines[10].foot for lines in begun]
    smaller = [n for n, length in enumerate(lengths) if length < 0.99 * max(lengths)]
    assert len(begun) == 10 and len(pages) > 11
    assert 0 < len(smaller) < 6 and min(lengths) > 0.88 * max(lengths)
    assert [sum("Level" in x.text for x in begun[n]) for n in smaller] == [34 + n for n in smaller]


def test_no_head_of_a_group_comes_again_above_the_next(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    document = tables_of(book, tmp_path, rows=range(36, 45), notes=60)
    assert [fault for fault in broken(document) if "group's head" in fault] == []
