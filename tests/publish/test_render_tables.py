"""Great Tables HTML as native tables."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import great_tables as gt
import pandas as pd
import yaml

from analysis_lib.publish.config import read_config
from analysis_lib.publish.renderer import render_builtin


def first_table(page: str) -> ElementTree.Element:
    """The table of the first captioned table."""
    figure = re.search(r'<figure id="tbl-one".*?</figure>', page, re.S)
    assert figure is not None
    table = re.search(r"<table.*?</table>", figure.group(0), re.S)
    assert table is not None
    return ElementTree.fromstring(table.group(0))


def text_of(element: ElementTree.Element) -> str:
    return "".join(element.itertext()).strip()


def test_spanners_keep_their_columns(rendered: Any) -> None:
    first, second = first_table(rendered.html).findall("./thead/tr")
    assert [(text_of(c), c.get("colspan"), c.get("rowspan")) for c in first] == [
        ("Characteristic", None, "2"),
        ("Exposed", "2", None),
        ("Not exposed", "2", None),
    ]
    assert [text_of(c) for c in second] == ["Column c01", "Column c1", "Column c2", "Column c3"]


def test_a_heading_before_the_last_column_stands_over_its_numbers(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    frame = pd.DataFrame({"row": ["a"], "six": ["1"], "twelve": ["2"], "p": [".03"]})
    table = gt.GT(frame, rowname_col="row", id="t").tab_spanner("Survival", ["six", "twelve"])
    cell = book.code("#| label: tbl-one\n#| tbl-cap: C\nx", html=table.as_raw_html())
    page = book.render_html(tmp_path, _1=book.chapter("# A", cell), _2=curve(book))
    heads = first_table(page).findall("./thead/tr")
    assert [(text_of(c), c.get("class")) for row in heads for c in row][-3:] == [
        ("p", "column"),
        ("six", "column"),
        ("twelve", "column inner"),
    ]


def test_every_row_group_is_a_body_with_its_heading(rendered: Any) -> None:
    bodies = first_table(rendered.html).findall("./tbody")
    heads = [text_of(body.findall("./tr")[0]) for body in bodies]
    assert heads == ["Group 1", "Group 2"]
    assert [len(body.findall("./tr")) for body in bodies] == [4, 2]
    assert bodies[0].find("./tr/th") is not None


def test_values_and_alignment_survive(rendered: Any) -> None:
    row = first_table(rendered.html).findall("./tbody/tr")[1]
    assert [text_of(cell) for cell in row] == ["Level 0 of a covariate", *["0 (10%)"] * 4]
    assert "text-align: right" in str(row[1].get("style"))


def test_footnote_mark_is_a_superscript_and_notes_follow_the_table(rendered: Any) -> None:
    label = first_table(rendered.html).findall("./thead/tr")[1][0]
    assert [text_of(mark) for mark in label.iter("sup")] == ["1"]
    notes = re.findall(r'<div class="note">\s*(.*?)\s*</div>', rendered.html, re.S)
    assert notes[:2] == [
        "Percentages are of evaluable patients.",
        "<sup>1</sup> Assessed at day 28.",
    ]


def test_no_style_or_id_of_the_original_remains(rendered: Any) -> None:
    assert "gt_" not in rendered.html


def test_tables_scroll_inside_their_own_box(rendered: Any) -> None:
    assert len(re.findall(r'<div class="table-scroll"[^>]*>\s*<table', rendered.html)) == 3


def test_same_cells_in_the_pdf(rendered: Any) -> None:
    source = rendered.typ.read_text(encoding="utf-8")
    table = source[source.index("<tbl-one>)[\n") : source.index("<tbl-long>)[\n")]
    assert "colspan: 2" in table
    assert "rowspan: 2" in table
    assert table.count("[0 (10%)]") == 4
    assert "table.header(level: 2" in table
    assert "#super[1] Assessed at day 28." in table


def test_em_spaces_become_an_indent(book: SimpleNamespace, tmp_path: Path) -> None:
    table = (
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>"
        "<tr><th class='gt_stub'>Response</th><td>1</td></tr>"
        "<tr><th class='gt_stub'>\u2003Complete</th><td>2</td></tr></tbody></table>"
    )
    cell = book.code("#| label: tbl-one\n#| tbl-cap: C\nt()", html=table)
    figure = book.code("#| label: fig-km\n#| fig-cap: C\n#| fig-alt: A\nx", svg=book.SVG)
    page = book.render_html(tmp_path, _2=book.chapter("# A", cell, figure))
    rows = first_table(page).findall("./tbody/tr")
    assert [text_of(row[0]) for row in rows] == ["Response", "Complete"]
    assert "indent-1" in str(rows[1][0].get("class"))
    assert "indent" not in str(rows[0][0].get("class"))


def curve(book: SimpleNamespace) -> Any:
    """The chapter that the front page refers to."""
    options = "#| label: fig-km\n#| fig-cap: C\n#| fig-alt: A\nx"
    return book.chapter("# Curves", book.code(options, svg=book.SVG))


def test_a_searchable_table_keeps_its_class_and_no_other_has_it(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    source = "#| label: tbl-{0}\n#| tbl-cap: C\nx"
    html = book.html_table()
    marked = html.replace('class="gt_table"', 'class="gt_table cart-searchable"')
    plain, searched = book.code(source.format("a"), html=html), source.format("b")
    tables = book.chapter("# A", plain, book.code(searched, html=marked))
    page = book.render_html(tmp_path, _1=tables, _2=curve(book))
    assert marked != html
    assert re.findall(r'<table class="(.*?)"', page) == ["cart-table", "cart-table cart-searchable"]


def test_what_is_included_after_the_body_reaches_the_page_unchanged(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    script = '<script>const text = `${"$x$"} < 1`;</script>'
    project = book.compose(tmp_path, {"01_a": curve(book)}, formats=("html",))
    config = read_config(project)
    config["format"]["html"]["include-after-body"] = [{"text": script}]
    (project / "_quarto.yml").write_text(yaml.safe_dump(config))
    out = tmp_path / "out"
    out.mkdir()
    (page,) = render_builtin(project, formats=("html",), out=out)
    assert script in page.read_text(encoding="utf-8").partition("</main>")[2]


def test_long_texts_get_the_room_that_numbers_leave(book: SimpleNamespace, tmp_path: Path) -> None:
    """A table of long labels, as the one of all published numbers, in the PDF."""
    rows = 40
    label = "A long name of a number, of patients in remission after infusion"
    frame = pd.DataFrame(
        {"row": [label] * rows, "where": ["Results, in the fifth paragraph of them all"] * rows}
        | {name: ["1.20 (0.71–2.03)"] * rows for name in ("article", "ours", "difference")}
        | {"verdict": ["reproduced"] * rows}
    )
    html = gt.GT(frame, rowname_col="row", id="t").as_raw_html()
    cell = book.code("#| label: tbl-a\n#| tbl-cap: C\nx", html=html)
    chapters = {"01_a": book.chapter("# A", cell), "02_b": curve(book)}
    project = book.compose(tmp_path, chapters, formats=("pdf",))
    out = tmp_path / "out"
    out.mkdir()
    render_builtin(project, formats=("pdf",), out=out)
    typst = (project / ".render" / "report.typ").read_text(encoding="utf-8")
    size, widths = re.findall(r"#cart-table\((\S+)pt, true, \((.*?),\)", typst)[0]
    first, where, *numbers, verdict = (float(x.removesuffix("fr")) for x in widths.split(", "))
    assert float(size) >= 8
    assert len(set(numbers)) == 1
    assert first > where > numbers[0] > verdict
