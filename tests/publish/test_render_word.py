"""The Word file of the built-in renderer, read as Word reads it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import SimpleNamespace

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from analysis_lib.publish.renderer import render_builtin


def write_word(book: SimpleNamespace, folder: Path, label: str) -> Path:
    """The fixture book's survival chapter and two tables as a Word file."""
    chapters = {
        "02_cohort": book.chapter(
            "# Cohort {#sec-cohort}\n\nSee @tbl-one and @fig-km [@cox1972].",
            book.code(
                '#| label: tbl-one\n#| tbl-cap: "Baseline by {{< var exposure >}}."\ntable()',
                html=book.html_table(rows=4),
            ),
            book.code(
                '#| label: fig-km\n#| fig-cap: "Survival."\n#| fig-alt: "Step curves."\nplot()',
                svg=book.SVG,
            ),
            "::: {.callout-note}\n## How to read\nCounts and *percentages*.\n:::",
        )
    }
    project = book.compose(folder, chapters, label=label, formats=("docx",))
    out = folder / "out"
    out.mkdir()
    (written,) = render_builtin(project, formats=("docx",), out=out)
    return written


@pytest.fixture(scope="module")
def written(book: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_word(book, tmp_path_factory.mktemp("word"), book.INFO.label)


@pytest.fixture(scope="module")
def word(written: Path) -> Document:
    return docx.Document(str(written))


def test_tables_are_real_and_hold_every_row(word: Document) -> None:
    (table,) = word.tables
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[-1] for row in texts if row[0].strip() == "Level 3 of a covariate"] == ["3 (13%)"]
    assert sum("Level" in row[0] for row in texts) == 4
    assert any(row[0] == "Group 2" for row in texts)


def test_captions_have_the_numbers_of_the_other_formats(word: Document) -> None:
    captions = {
        p.style.name: p.text for p in word.paragraphs if p.style and "Caption" in p.style.name
    }
    assert captions["Table Caption"] == "Table\u00a02.1: Baseline by prior exposure X."
    assert captions["Image Caption"] == "Figure\u00a02.1: Survival."


def test_figures_are_pictures_with_an_alternative_text(word: Document) -> None:
    described = [element.get("descr") for element in word.element.body.iter(qn("wp:docPr"))]
    assert described == ["Step curves."]
    assert [
        part.content_type for part in word.part.package.iter_parts() if "image" in part.content_type
    ] == ["image/png"]


def test_references_lead_to_a_bookmark(word: Document) -> None:
    marks = {mark.get(qn("w:name")) for mark in word.element.body.iter(qn("w:bookmarkStart"))}
    anchors = {link.get(qn("w:anchor")) for link in word.element.body.iter(qn("w:hyperlink"))}
    assert {"tbl-one", "fig-km"} <= anchors
    assert {anchor for anchor in anchors if anchor} <= marks


def test_label_stands_in_the_header_of_every_page(word: Document, book: SimpleNamespace) -> None:
    assert [p.text for p in word.sections[0].header.paragraphs] == [book.INFO.label]
    assert any(p.text == book.INFO.label for p in word.paragraphs)


def test_real_cohort_has_no_label_in_word(book: SimpleNamespace, tmp_path: Path) -> None:
    word = docx.Document(str(write_word(book, tmp_path, "")))
    assert "".join(p.text for p in word.sections[0].header.paragraphs) == ""
    assert not any(p.style and p.style.name == "Synthetic Label" for p in word.paragraphs)


def test_code_stays_out_and_the_bibliography_is_in(word: Document) -> None:
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "table()" not in text
    assert "Regression Models and Life-Tables" in text


def test_two_word_files_of_the_same_project_are_the_same(
    written: Path, book: SimpleNamespace, tmp_path: Path
) -> None:
    again = write_word(book, tmp_path, book.INFO.label)
    with zipfile.ZipFile(written) as first, zipfile.ZipFile(again) as second:
        assert first.namelist() == second.namelist()
        assert [n for n in first.namelist() if first.read(n) != second.read(n)] == []
    assert written.read_bytes() == again.read_bytes()
