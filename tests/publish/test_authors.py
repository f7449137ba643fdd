"""Whoever answers for a report stands on its title page and in what its files say of themselves."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from docx import Document

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish.compose import NO_AUTHORS, compose_project
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.renderer import render_builtin

NAMES = ["Ana “Li” Núñez", "B. O’Hara & <Sons> #1", "C_D_ *E*"]


class Told(HTMLParser):
    """What the head of a page says of its authors, and the line below its title."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str | None] = []
        self.line = ""
        self._is_line = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "meta" and said.get("name") == "author":
            self.names.append(said["content"])
        self._is_line = tag == "p" and said.get("class") == "author"

    def handle_data(self, data: str) -> None:
        self.line += data if self._is_line else ""

    def handle_endtag(self, tag: str) -> None:
        self._is_line = False


@pytest.mark.parametrize(("authors", "shown"), [(NAMES, NAMES), ([], [NO_AUTHORS])])
def test_all_formats_name_the_authors(
    book: SimpleNamespace, tmp_path: Path, authors: list[str], shown: list[str]
) -> None:
    chapters = {"02_cohort": book.cohort_chapter(), "05_survival": book.survival_chapter()}
    project = compose_project(
        tmp_path / "composed",
        project_root=book.write_project(tmp_path / "project", chapters),
        notebooks=[ExecutedNotebook(name, nb, ()) for name, nb in chapters.items()],
        info=replace(book.INFO, authors=authors),
        formats=("html", "pdf", "docx"),
    )
    page, pdf, word = render_builtin(project, formats=("html", "pdf", "docx"), out=tmp_path)
    told = Told()
    told.feed(page.read_text(encoding="utf-8"))
    assert told.names == shown and told.line == ", ".join(shown)
    paper = pypdfium2.PdfDocument(pdf)
    assert paper.get_metadata_dict()["Author"] == ", ".join(shown)
    assert ", ".join(shown) in paper[0].get_textpage().get_text_range()
    document = Document(str(word))
    assert document.core_properties.author == "; ".join(shown)
    assert [x.text for x in document.paragraphs if x.style and x.style.name == "Author"] == shown


def test_our_name_is_under_no_report_of_another_cohort() -> None:
    assert parse_parameters({"cohort": "registry.csv"}).authors == []
    assert parse_parameters({}).authors == ["The cart-report developers"]
