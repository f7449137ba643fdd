"""The frame of a table: its checks, its HTML, and what other programs read in it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pypandoc
import pytest

from analysis_lib.errors import OutputError
from analysis_lib.marks import MIME
from analysis_lib.results.rows import Results
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.baseline.table import table_baseline
from analysis_lib.topics.flow.table import table_attrition

COLUMNS = (Column("Label", 2), Column("A", 1, "Both"), Column("B", 1, "Both"))


def pandoc_table(html: str) -> list:
    """The header, bodies and foot that pandoc reads in the HTML."""
    program = Path(pypandoc.__file__).parent / "files" / "pandoc"
    read = subprocess.run(
        [program, "-f", "html", "-t", "json"],
        input=html,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    blocks = json.loads(read.stdout)["blocks"]
    found = [x for block in blocks for x in (block["c"][1] if block["t"] == "Div" else [block])]
    return next(x["c"] for x in found if x["t"] == "Table")


def text_of(node: object) -> str:
    if isinstance(node, dict):
        if node.get("t") == "Str":
            return str(node["c"])
        return " " if node.get("t") in ("Space", "LineBreak") else text_of(node.get("c", ""))
    return "".join(text_of(x) for x in node) if isinstance(node, list) else ""


def test_a_line_needs_one_cell_per_column():
    with pytest.raises(OutputError, match=r"line 'x' must have 2 cells, but has 1"):
        Layout("t", COLUMNS, (Line("x", ("1",)),))


def test_groups_are_named_for_all_lines_or_none():
    with pytest.raises(OutputError, match="some lines have a group"):
        Layout("t", COLUMNS, (Line("x", ("1", "2"), group="G"), Line("y", ("1", "2"))))


def test_widths_are_percentages_of_the_whole():
    assert Layout("t", COLUMNS, ()).widths() == ("50.0%", "25.0%", "25.0%")


def test_pandoc_reads_spanners_groups_indentation_and_notes():
    lines = (Line("x", ("1", "2"), 1, "First"), Line("y", ("3", "4"), 1, "Second"))
    table = ReportTable(Layout("t", COLUMNS, lines, ("A note.", "Another.")))
    _, _, columns, head, bodies, foot = pandoc_table(table.html)
    assert [round(width[1]["c"], 2) for width in columns] == [0.5, 0.25, 0.25]
    first, second = head[1]
    assert [(text_of(cell[4]), cell[3]) for cell in first[1]] == [("Label", 1), ("Both", 2)]
    assert [text_of(cell[4]) for cell in second[1]] == ["A", "B"]
    rows = [row for body in bodies for row in (*body[2], *body[3])]
    assert [text_of(row[1][0][4]) for row in rows] == ["First", "\u2003x", "Second", "\u2003y"]
    assert [text_of(row[1]) for row in foot[1]] == ["A note.", "Another."]


def test_every_table_keeps_its_lines_and_notes_in_pandoc(tables):
    for name in ("baseline", "comparison"):
        layout = tables[name].layout
        *_, bodies, foot = pandoc_table(tables[name].html)
        rows = [row for body in bodies for row in (*body[2], *body[3])]
        assert len(rows) == len(layout.lines) + len(layout.groups)
        assert len(foot[1]) == len(layout.notes)


def test_text_is_escaped_everywhere():
    evil = "<script>a & b</script>"
    columns = (Column(evil, 2), Column(evil, 1, evil))
    table = ReportTable(Layout("t", columns, (Line(evil, (evil,), 1, evil),), (evil,)))
    assert "<script>" not in table.html
    assert table.html.count("&lt;script&gt;a &amp; b&lt;/script&gt;") == 7


def test_labels_with_angle_brackets_survive(tables):
    html = tables["baseline"].html
    assert "&lt;25%" in html
    assert "&gt;5% blasts" in html


def test_a_heading_breaks_at_its_line_end():
    columns = (Column("Label"), Column("A\n(N = 1)"))
    assert "A<br>(N = 1)" in ReportTable(Layout("t", columns, (Line("x", ("1",)),))).html


def test_the_bundle_is_html_and_one_line_of_text(tables):
    for table in tables.values():
        bundle = table._repr_mimebundle_()
        assert set(bundle) == {"text/html", "text/plain", MIME}
        assert "\n" not in bundle["text/plain"]
        assert len(bundle["text/plain"]) < 100
        assert " at 0x" not in bundle["text/html"]


def test_tables_are_deterministic_and_comparable(analyses, all_tables, tables):
    again = all_tables(analyses)
    assert again == tables
    assert again["baseline"].html == tables["baseline"].html


def test_identifiers_do_not_collide_with_cross_references(tables):
    names = [table.layout.name for table in tables.values()]
    assert len(set(names)) == len(names)
    assert all(f'<div id="cart-{x.layout.name}"' in x.html for x in tables.values())


def test_the_label_of_a_synthetic_cohort_is_the_last_note(analyses, tables):
    flow = analyses.flow
    assert tables["attrition"].layout.notes[-1] == flow.results.label != ""
    patients = table_attrition(replace(flow, results=Results(flow.results.rows, "")))
    assert flow.results.label not in patients.html


def test_intervals_are_named_by_their_level(analyses, all_tables):
    wide = replace(analyses.toxicity.results, confidence_level=0.975)
    toxicity = replace(analyses.toxicity, results=wide)
    heading = all_tables(replace(analyses, toxicity=toxicity))["toxicity"].layout.columns[-1]
    assert heading.label.endswith("(97.5% CI)")


def test_what_the_extract_does_not_record_is_named(analyses):
    baseline = analyses.baseline
    kept = tuple(v for v in baseline.variables if v.name != "sex")
    gone = tuple(v for v in baseline.variables if v.name == "sex")
    table = table_baseline(replace(baseline, variables=kept, absent=gone))
    assert "Not recorded in the extract: sex." in table.layout.notes
