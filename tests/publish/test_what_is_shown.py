"""Every object that a notebook shows passes one gate, which lets nothing live through."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from hostile_report import ALL, HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from analysis_lib.errors import OutputError
from analysis_lib.labels import as_markdown
from analysis_lib.publish.renderer import READER
from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import ReportFigure
from analysis_lib.show.prose import Prose
from analysis_lib.show.table import Column, Layout, Line, MarkdownTable, ReportTable
from analysis_lib.shown import inert, page_policy, shown

# One object of every class, its texts as somebody wrote them and nobody escaped them.
OBJECTS: dict[str, Callable[[str], Any]] = {
    "Omitted": Omitted,
    "Prose": Prose,
    "MarkdownTable": lambda text: MarkdownTable((text, text), ((text, text),), (1, 1)),
    "ReportTable": lambda text: ReportTable(
        Layout(
            "hostile",
            (Column(text), Column(text, spanner=text), Column(text, spanner=text)),
            (Line(text, (text, text), 1, text),),
            (text,),
        )
    ),
    "ReportFigure": lambda text: ReportFigure(60, 40, title=text, label=text),
}
WRITTEN = (
    "html|head|body|p|em|strong|code|pre|ul|ol|li|table|thead|tbody|tr|th|td|colgroup|col|"
    "blockquote|h[1-6]|hr|br|dl|dt|dd|span"
)
LINES = "div"  # | at the start of a line keeps its end
DRAWN = "svg|metadata|RDF|Work|Agent|type|format|title|creator|defs|style|g|path|use|comment"
NAMES = {"id", "class", "style", "data-cites", "start", "type", "colspan", "scope"}
SIGNS = [*HOSTILE, *"<>[](){}`$~^!\\#:|=-@&\"'/*_. ab1\n", "{=html}", "```", "<b>", "](j:x)", "on"]


def as_html(markdown: str) -> Any:
    return html.document_fromstring(pypandoc.convert_text(markdown, "html5", format=READER))


def others(root: Any, elements: str) -> set[str]:
    """The elements and comments of a tree that are not these."""
    tags = {etree.QName(x).localname if isinstance(x.tag, str) else "comment" for x in root.iter()}
    return {tag for tag in tags if not re.fullmatch(elements, tag)}


def attributes(root: Any) -> set[str]:
    return {name for x in root.iter() for name in x.attrib}


def test_every_class_that_shows_itself_is_among_the_objects(root: Path) -> None:
    shows_itself = {
        node.name
        for path in (root / "analysis_lib").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name.startswith("_repr_")
    }
    assert shows_itself == set(OBJECTS)


@pytest.mark.parametrize("text", [*HOSTILE, ALL])
@pytest.mark.parametrize("name", OBJECTS)
def test_no_form_of_any_object_is_live(name: str, text: str) -> None:
    bundle = OBJECTS[name](text)._repr_mimebundle_()
    forms = [mime for mime in bundle if not mime.endswith("+json") and mime != "text/plain"]
    assert len(forms) == 1
    if forms == ["text/markdown"]:
        tree = as_html(bundle["text/markdown"])
        assert others(tree, WRITTEN) == set()
        assert attributes(tree) <= NAMES
    elif forms == ["text/html"]:
        tree = html.fragment_fromstring(bundle["text/html"])
        plain = html.fragment_fromstring(OBJECTS[name]("word").html)
        assert [x.tag for x in tree.iter()] == [x.tag for x in plain.iter()]
        assert attributes(tree) == attributes(plain)
    else:
        tree = etree.fromstring(bundle["image/svg+xml"].encode())
        assert others(tree, DRAWN) == set()
        assert not any(x.startswith("on") for x in attributes(tree))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_reason_is_shown_as_it_was_written(text: str) -> None:
    bundle = Omitted(text)._repr_mimebundle_()
    assert bundle["text/markdown"] == f"*{as_markdown(text)}*"
    assert bundle["text/plain"] == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(SIGNS)).map("".join), min_size=20, max_size=40))
def test_no_text_comes_out_of_the_gate_live(texts: list[str]) -> None:
    tree = as_html("\n\n".join(("first", *map(inert, texts))))
    assert others(tree, f"{WRITTEN}|{LINES}") == set()
    assert attributes(tree) <= NAMES


def test_the_gate_leaves_what_the_report_says_as_it_is(root: Path) -> None:
    texts = [
        "".join(output["data"]["text/markdown"])
        for path in (root / "notebooks").glob("*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    ]
    assert len(texts) > 50
    for text in texts:
        assert inert(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_escaped_passes_the_gate_unchanged(text: str) -> None:
    assert inert(as_markdown(text)) == as_markdown(text)


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("<script>x</script>", "has <script>"),
        ("<td><iframe></iframe>", "has <iframe>"),
        ("<td onclick='x'>", "onclick='x'"),
        ("<td><a href='https://example.org'>a</a>", "has <a>"),
    ],
)
def test_a_table_that_holds_more_than_a_table_is_refused(cell: str, named: str) -> None:
    with pytest.raises(OutputError, match=named):
        shown("Table x", table=f"<table><tr>{cell}</tr></table>")


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("<script>x</script>", "has <script>"),
        ("<foreignObject/>", "has <foreignObject>"),
        ("<g onload='x'/>", "onload='x'"),
        ("<image href='https://example.org/i.png'/>", "href='https://example.org"),
        ("<use xmlns:x='http://www.w3.org/1999/xlink' x:href='javascript:x'/>", "href='javascript"),
    ],
)
def test_a_figure_that_runs_or_loads_anything_is_refused(inside: str, named: str) -> None:
    with pytest.raises(OutputError, match=named):
        shown("Figure x", figure=f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>")


def test_the_policy_names_the_scripts_of_the_template_and_no_other() -> None:
    digest = base64.b64encode(hashlib.sha256(b"\nlet a;\n").digest()).decode()
    policy = page_policy("<p>a</p><script>\nlet a;\n</script>", "<style>b</style>")
    assert f"default-src 'none'; script-src 'sha256-{digest}'; " in policy
    assert "script-src 'none'; " in page_policy("<p>a</p>")
