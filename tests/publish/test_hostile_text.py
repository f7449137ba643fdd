"""Text that looks like markup is shown as it was written, by HTML and Typst alike."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typst
import yaml

from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import DictionaryError, ParameterError
from analysis_lib.labels import as_markdown, as_plain, shortened
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish import cards
from analysis_lib.publish.cards import BEGINNING, NUMBERS, WORDS, Table, page_numbers
from analysis_lib.publish.cells import without_references
from analysis_lib.publish.compose import compose_project, name_code
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.renderer import render_builtin
from analysis_lib.show.figure import ReportFigure
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.writing import csv_cell

HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "a*b_c[1](x)",
    "$x^2$",
    "@fig-km",
    "{{< var title >}}",
    "{{< include /etc/passwd >}}",
    "#let x=1",
    "[x](javascript:alert(1))",
    "a ~b~ ^c^ `d` | e",
    "::: {.callout-note}",
    "\\ \\newpage a\\",
    "&lt;b&gt; &amp; &#60;",
    "# heading",
    "1. item",
    "- item -- and ...",
    "(a) item",
    "[^a] ![i](j)",
    "العربية في المستشفى",
    "e\u0301 n\u0303 \U0001f600",
    "x" * 300,
)
ALL = " ; ".join(HOSTILE)
CARDS = Path(cards.__file__).parent / "templates" / "cards.html"
# Typst's content as plain text, which is what a reader sees.
READ = """{
  let read(it) = if type(it) == str { it } else if it.has("text") { read(it.text) }
    else if it.has("children") { it.children.map(read).join("") }
    else if it.has("body") { read(it.body) } else if it.has("child") { read(it.child) }
    else if repr(it.func()) == "space" { " " } else { "" }
  (%s).map(read)
}"""


class Page(HTMLParser):
    """The elements, alternative texts and visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.alts: list[str] = []
        self.parts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.alts += [value or "" for name, value in attrs if name == "alt"]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.parts)


def shown(text: str) -> str:
    """As both formats set it: three dots become one sign, and nothing else changes."""
    return " ".join(text.replace("...", "…").split())


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, book: SimpleNamespace) -> Any:
    """A book whose title, exposure, sentences, captions, tables and figures are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    columns = (Column(ALL), Column(ALL, spanner=ALL), Column(ALL, spanner=ALL))
    layout = Layout("hostile", columns, (Line(ALL, (ALL, ALL), 1, ALL),), (ALL,))
    figure = ReportFigure(60, 40, title=ALL, label=ALL)
    chapter = book.chapter(
        "# Chapter {#sec-one}\n\nBy {{< var exposure >}}.",
        "\n\n".join(as_markdown(text) for text in HOSTILE),
        book.code(
            '#| label: tbl-x\n#| tbl-cap: "Table by {{< var exposure >}}."\nt',
            html=ReportTable(layout).html,
        ),
        book.code(
            '#| label: fig-x\n#| fig-cap: "Figure by {{< var exposure >}}."\n'
            '#| fig-alt: "Curves by {{< var exposure >}}."\nf',
            svg=figure.svg(),
        ),
        "See @fig-x, @tbl-x and @fig-km.",
        book.code('#| label: fig-km\n#| fig-cap: "K"\n#| fig-alt: "K"\nk', svg=book.SVG),
    )
    project = compose_project(
        folder / "composed",
        project_root=book.write_project(folder / "project", {"01_a": chapter}),
        notebooks=[ExecutedNotebook("01_a", chapter, ())],
        info=replace(book.INFO, title=ALL, exposure=ALL, cohort_label=ALL),
        formats=("html", "pdf"),
    )
    (folder / "out").mkdir()
    render_builtin(project, formats=("html", "pdf"), out=folder / "out")
    page = Page((folder / "out" / "index.html").read_text(encoding="utf-8"))
    return SimpleNamespace(page=page, project=project, typ=project / ".render" / "report.typ")


def read(pages: Any, expression: str) -> list[str]:
    """What Typst shows of the elements that an expression finds."""
    found = typst.eval(
        str(pages.typ), READ % expression, root=str(pages.typ.parent), ignore_system_fonts=True
    )
    return [shown(text) for text in json.loads(found)]


def test_every_text_is_shown_as_written_in_html(pages: Any) -> None:
    text = shown(pages.page.text)
    for hostile in HOSTILE:
        # title, sentence, callout of the exposure, captions, and every part of the table
        assert text.count(shown(hostile)) >= 10, hostile
    assert any(shown(ALL) in shown(alt) for alt in pages.page.alts)


def test_no_element_comes_out_of_a_text(pages: Any) -> None:
    tags = pages.page.tags
    assert tags.count("script") == 1  # the page's own
    assert not {"b", "math", "sup", "sub"} & set(tags)
    assert tags.count("img") == 2
    assert tags.count("ol") == 0


def test_every_text_is_shown_as_written_in_the_pdf(pages: Any) -> None:
    captions = read(pages, "query(figure.caption).map(it => it.body)")
    assert sum(shown(ALL) in caption for caption in captions) == 2
    (cells,) = read(pages, "query(table)")
    assert cells.count(shown(ALL)) >= 7  # three headings, a spanner, a group, a label, two cells
    paragraphs = read(pages, "query(par).map(it => it.body)")
    for hostile in HOSTILE:
        assert shown(hostile) in paragraphs, hostile


def test_composed_project_says_the_same_to_quarto(pages: Any) -> None:
    config = yaml.safe_load((pages.project / "_quarto.yml").read_text())
    variables = yaml.safe_load((pages.project / "_variables.yml").read_text())
    assert config["book"]["title"] == variables["title"] == as_markdown(ALL)
    assert "{{<" not in variables["title"]
    assert as_plain(variables["title"]) == ALL


def test_shortcode_in_a_parameter_stays_python_and_out_of_quartos_reach(
    book: SimpleNamespace,
) -> None:
    chapter = book.chapter(book.code('title = "{{< include /etc/passwd >}}"'))
    chapter.cells[0].metadata["tags"] = ["injected-parameters"]
    name_code(chapter)
    source = chapter.cells[0].source
    values: dict[str, str] = {}
    exec(source, values)
    assert values["title"] == "{{< include /etc/passwd >}}"
    assert "{{<" not in source


def test_label_that_looks_like_a_dropped_reference_stays() -> None:
    text = f"see @fig-km and {as_markdown('@fig-km')}"
    assert without_references(text, frozenset({"fig-km"})) == "see not shown and \\@fig-km"


@pytest.mark.parametrize("name", ["InO-exposed group", "CR/CRi (day 28), 50%", "Größe ≥ 5 – 7"])
def test_plain_name_passes_unchanged(name: str) -> None:
    assert as_markdown(name) == name


def test_figure_is_valid_svg_with_its_label_as_title(pages: Any) -> None:
    figure = ReportFigure(60, 40, title=ALL, label="")
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt; ; =1+1" in figure.svg()


@pytest.mark.parametrize(
    ("phrase", "short"),
    [
        ("prior inotuzumab ozogamicin (InO)", "prior InO"),
        ("prior allogeneic HCT", "prior allogeneic HCT"),
        ("centre (of the registry)", "centre (of the registry)"),
        ("sex (A)", "sex (A)"),
    ],
)
def test_a_name_goes_by_its_letters(phrase: str, short: str) -> None:
    assert shortened(phrase) == short


def test_rows_on_cards_and_in_the_explorer_are_text() -> None:
    """As data they end no element of the page, and the page's script makes none of them."""
    row = {**dict.fromkeys(WORDS, ALL), **dict.fromkeys(NUMBERS, 1.0)}
    made = page_numbers(Table([row], {"level": {ALL: ALL}}), [(ALL, {0})], {ALL: {"along": [ALL]}})
    data = made.removeprefix(BEGINNING)
    assert "<" not in data
    held = json.loads(data.rstrip(";\n"))
    assert held["words"] == {part: [ALL] for part in WORDS} and held["chapters"] == [[ALL, [0]]]
    assert held["meanings"]["level"] == {ALL: ALL} and held["figures"] == {ALL: {"along": [ALL]}}
    script = CARDS.read_text(encoding="utf-8")
    assert "textContent" in script
    assert not re.search(r"(?:inner|outer)HTML|insertAdjacentHTML|document\.write|eval\(", script)


@pytest.mark.parametrize("strange", ["a\nb", "a\x00b", "a\tb", "a\x1b[31m", "a\u2028b", "a\ud800"])
def test_parameter_with_a_control_character_is_refused(strange: str) -> None:
    with pytest.raises(ParameterError, match="title: must be one line of text"):
        parse_parameters({"title": strange})
    with pytest.raises(ParameterError, match="exposure_levels: must be one line of text"):
        parse_parameters({"exposure_levels": {"no": strange, "yes": "Yes"}})


def test_parameter_in_any_script_is_taken() -> None:
    title = "العربية 中文 e\u0301 \U0001f600 $x$ <b>"
    assert parse_parameters({"title": title}).title == title


def test_dictionary_text_of_two_lines_is_refused(dictionary: Dictionary) -> None:
    with pytest.raises(DictionaryError, match="'sex': label, unit, levels and definition"):
        replace(dictionary["sex"], label="Sex\n# heading")


def test_level_of_the_data_is_shown_on_one_line(dictionary: Dictionary) -> None:
    assert dictionary["sex"].level_label("a\r\nb\x00") == "a  b "


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_in_a_cell_becomes_text(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1.5, 3, None, "-0.25", "+3", "-1e-05", "a=1", "<.001", "–", ""])
def test_numbers_and_plain_texts_stay(value: object) -> None:
    assert csv_cell(value) == value
