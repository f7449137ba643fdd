"""Every number that a release shows anywhere is one of its rows', a parameter or the method's.

So what the attacker of `tests/results` finds no way into, the rows, is all that there is.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import pytest
from accounted import MARKED, Accounted, besides
from hostile_report import executed, paths, render
from lxml import html
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter
from nbformat import NotebookNode
from notebook_run import chapter_name, chapter_scripts, few_repeats
from pypdfium2 import PdfDocument

from analysis_lib.command_line.study_work import report_results, write_results
from analysis_lib.format import OF_NO_ROW, take_notes, unplaced
from analysis_lib.marks import FIGURE, MIME, PLACES, take_marks
from analysis_lib.publish.bundle import PACKAGES
from analysis_lib.publish.masked import mask
from analysis_lib.publish.passages import pdf_text, word_text
from analysis_lib.publish.trace import trace_numbers
from analysis_lib.show.answers import placed_numbers
from analysis_lib.study.study import Study

FEW = {"small_cell": 11, "imputations": 2, "bootstrap_resamples": 10}
WORDS = {f"{name} {version(name)}" for name in PACKAGES}
# What a page has of numbers beside its text: code, references, and the numbers of its parts.
SILENT = ".//script | .//style | .//nav | .//svg | .//math | .//details | .//strong" + "".join(
    f" | .//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
    for name in ("sourceCode", "csl-entry", "citation", "crossref", "section-number")
)


@dataclass(frozen=True)
class Release:
    """A release of the embedded cohort: its folder, its chapters, and what its figures say."""

    folder: Path
    chapters: dict[str, NotebookNode]
    drawn: tuple[str, ...]
    parameters: dict[str, Any]
    accounted: Accounted

    @property
    def outputs(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What each cell shows, with the chapter's name."""
        for name, notebook in self.chapters.items():
            for cell in notebook.cells:
                for output in cell.get("outputs", []):
                    yield name, output["data"]

    @property
    def page(self) -> Any:
        return html.fromstring((self.folder / "out" / "index.html").read_text("utf-8"))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return list(json.loads((self.folder / "results.json").read_text("utf-8"))["rows"])


@pytest.fixture(scope="module")
def release(
    root: Path, study_of: Callable[..., Study], tmp_path_factory: pytest.TempPathFactory
) -> Release:
    folder, study = tmp_path_factory.mktemp("released"), study_of(**FEW)
    names = [chapter_name(path) for path in chapter_scripts(root)]
    outputs: list[Any] = []
    drawn: list[str] = []

    def noted(figure: Figure) -> Any:
        drawn.extend(_with_signs(text) for text in _written(figure))
        return placed_numbers(figure)

    with (
        few_repeats(True),
        patch("analysis_lib.study.study.open_study", lambda _: study),
        patch("analysis_lib.marks._marking", True),
        patch("analysis_lib.show.figure.placed_numbers", noted),
    ):
        results = report_results(study)
        take_notes()  # of what other tests wrote in this process
        chapters = {x.stem: executed(x, study, outputs) for x in paths(names)}
    write_results(study, results, folder)
    for name, notebook in chapters.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    render(
        folder,
        study,
        names,
        list(chapters.values()),
        formats=("html", "pdf", "docx"),
        results=folder / "results.json",
    )
    given = {name: unplaced(value) for name, value in asdict(study.parameters).items()}
    words = {word for row in results for word in (row.method, row.unit, row.key.level)}
    accounted = Accounted(root, given, words | WORDS)
    return Release(folder, chapters, tuple(drawn), given, accounted)


def _written(figure: Figure) -> Iterator[str]:
    """The texts of a figure but for the numbers along an axis, which stand where they are."""
    axes = [axis for one in figure.axes for axis in (one.xaxis, one.yaxis)]
    scales = [x for x in axes if not isinstance(x.get_major_formatter(), FixedFormatter)]
    along = {id(label) for axis in scales for label in axis.get_ticklabels()}
    for text in figure.findobj(Text):
        if text.get_visible() and id(text) not in along:
            yield text.get_text()


def _with_signs(text: str) -> str:
    """A text with a sign in the place of every number that carries a mark."""
    text, _, places = take_marks(text, [])
    return _replaced(text, places)


def _replaced(text: str, places: Sequence[list[int]]) -> str:
    for start, end, *_ in reversed(places):
        text = f"{text[:start]}{MARKED}{text[end:]}"
    return text


def _blocks(data: dict[str, Any], places: Sequence[list[int]]) -> Iterator[str]:
    """The cells of a table, the paragraphs of a text, without the numbers at these places."""
    if "text/html" in data:
        table = html.fragment_fromstring(_replaced(data["text/html"], places), create_parent="div")
        yield from _elements(table)
    elif "text/markdown" in data:
        text = _replaced(data["text/markdown"], places).replace("\\", "")
        for line in re.split(r"\n\n|\n- |\n\|", text):
            yield from _cells(line.split("|"))


def _elements(root: Any) -> Iterator[str]:
    for x in root.xpath(".//tr"):
        yield from _cells([cell.text_content() for cell in x])
    for x in root.xpath(".//p | .//caption | .//figcaption | .//li | .//h1 | .//h2 | .//h3"):
        yield x.text_content()


def _cells(row: list[str]) -> list[str]:
    """The cells of a row, its head together with the first."""
    return [" ".join(row[:2]), *row[2:]]


def _places(place: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a number that is one of them, or made of some."""
    if place[0] == "derived":
        for one in place[2:]:
            yield from _places(one)
    elif place[0] not in OF_NO_ROW:
        yield tuple(place)


def _of_rows(data: dict[str, Any]) -> Iterator[list[int]]:
    """The places of the numbers that are those of one row, which the page marks."""
    for place in data.get(PLACES, []):
        note = data[MIME][place[-1]]
        if len(note) > 2 and json.loads(note[2])[0] not in OF_NO_ROW:
            yield place


def test_every_number_of_the_notebooks_is_accounted_for(release: Release) -> None:
    left = [
        f"{name}: {one}"
        for name, data in release.outputs
        for block in _blocks(data, data.get(PLACES, []))
        for one in release.accounted.left_over(block)
    ]
    assert not left, left


def test_every_marked_number_is_that_of_its_row(release: Release) -> None:
    traced = trace_numbers(release.folder, release.folder / "results.csv", release.parameters)
    assert traced.findings == ()
    assert traced.rows > 2000


def test_no_note_holds_a_number_that_is_withheld(release: Release) -> None:
    """Of those that are not shown either."""
    held = {
        (*(row[x] for x in ("analysis", "outcome", "population", "variable", "level", "contrast",
            "time_months", "statistic")), column): row[column]
        for row in release.rows
        for column in ("value", "n", "denominator")
    }  # fmt: skip
    found = [
        (name, note)
        for name, data in release.outputs
        for note in data.get(MIME, [])
        for place in (_places(json.loads(note[2])) if len(note) > 2 else ())
        if held.get(place) is None
    ]
    assert found == []
    assert not any(FIGURE in data for _, data in release.outputs)


def test_every_number_of_the_figures_is_accounted_for(release: Release) -> None:
    left = {one for text in release.drawn for one in release.accounted.left_over(text)}
    assert not left, left


def test_the_page_holds_the_rows_and_nothing_else(release: Release) -> None:
    """Its cards are made of them, and each number that it marks is written from its row."""
    page = release.page
    (held,) = page.xpath(".//script[@id='cart-numbers']")
    rows = json.loads(held.text)["rows"]
    for column in ("value", "n", "denominator"):
        assert rows[column] == [row[column] for row in release.rows]
    marked = page.xpath(".//*[@data-r]")
    assert len(marked) > 2000
    for one in marked:
        number = re.fullmatch(r"(\d+)([nd]?)", one.get("data-r"))
        assert number
        column = {"": "value", "n": "n", "d": "denominator"}[number[2]]
        assert release.rows[int(number[1])][column] is not None, one.text_content()


def test_every_other_number_of_the_page_is_accounted_for(release: Release) -> None:
    """What is made of several rows stands in the notebooks with the same words beside it."""
    told = {
        x
        for _, data in release.outputs
        for block in _blocks(data, [*_of_rows(data)])
        for x in besides(block)
    }
    body = release.page.find("body")
    for x in body.xpath(SILENT):
        x.drop_tree()
    for x in body.xpath(".//*[@data-r]"):
        x.text = MARKED
    left = [
        one for block in _elements(body) for one in release.accounted.left_over(block, beside=told)
    ]
    assert not left, left


@pytest.mark.parametrize(("name", "read"), [("report.pdf", pdf_text), ("report.docx", word_text)])
def test_pdf_and_word_hold_no_number_that_the_page_has_not(
    release: Release, name: str, read: Callable[[Path], str]
) -> None:
    """But for the heads of a table's columns, which come again, and the numbers of pages."""
    body = release.page.find("body")
    for x in body.xpath(".//script | .//style | .//svg"):
        x.drop_tree()
    shown = Counter(_numbers(" ".join(body.itertext())))
    path = release.folder / "out" / name
    again = {x for head in body.xpath(".//th") for x in _numbers(head.text_content())}
    again |= (
        {str(i) for i in range(1, len(PdfDocument(path)) + 1)} if name.endswith("pdf") else set()
    )
    cited = " ".join(x.text_content() for x in body.find_class("csl-entry"))
    left = Counter(_numbers(read(path))) - shown
    assert not {x for x in left if x not in again and x not in cited}, left


def _numbers(text: str) -> list[str]:
    return [x.lstrip("-") for x in mask(text).numbers]


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "7 (8%)",
        "CRS was not graded in 1 patient.",
        "Of these 6 had no value.",
        f"grade 3 to 4 was reached by 4 of {MARKED}",
        "Without a value: sex in 2",
    ],
)
def test_a_number_that_nobody_accounts_for_is_found(release: Release, text: str) -> None:
    assert [*release.accounted.left_over(text)]
