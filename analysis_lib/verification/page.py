"""The passages of a built page: what a reader sees of text, and no code, contents or formula."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import html

from analysis_lib.verification.passage import HEADING, ROW, Passage, sentences

_SILENT = (
    ".//script | .//style | .//nav | .//details | .//math | .//svg | .//button | .//template"
    " | .//*[contains(concat(' ', normalize-space(@class), ' '), ' cart-search ')]"
    " | .//*[contains(concat(' ', normalize-space(@class), ' '), ' sourceCode ')]"
    " | .//*[contains(concat(' ', normalize-space(@class), ' '), ' csl-entry ')]"
)
_BLOCKS = ("p", "li", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4", "tr", "div", "section")


def page_passages(path: Path) -> list[Passage]:
    """Rows of tables, and the sentences of everything else, in the order of the page."""
    document = html.parse(str(path), parser=html.HTMLParser(encoding="utf-8")).getroot()
    body = document.find("body")
    return list(element_passages(next(iter(body.xpath("//main")), body), ""))


def element_passages(element: html.HtmlElement, place: str) -> Iterator[Passage]:
    """The passages of an element of a page."""
    for silent in element.xpath(_SILENT):
        silent.drop_tree()
    yield from _blocks(element, place)


def _blocks(element: html.HtmlElement, place: str) -> Iterator[Passage]:
    """The passages of every block without a block inside."""
    if not isinstance(element.tag, str):
        return
    place = element.get("id") or place
    if element.tag == "tr":
        yield from _row(element, place)
        return
    loose = [element.text or ""]
    for child in element:
        if _holds_block(child):
            yield from sentences(place, "".join(loose))
            loose = [child.tail or ""]
            yield from _blocks(child, place)
        else:
            loose += [child.text_content(), child.tail or ""]
    yield from sentences(place, "".join(loose))


def _row(row: html.HtmlElement, place: str) -> Iterator[Passage]:
    """The cells of a row together; headings each by itself, in whatever order they stand."""
    cells = [" ".join(cell.text_content().split()) for cell in row]
    if row.getparent().tag == "thead":
        for cell in cells:
            yield Passage(place, cell, HEADING)
    else:
        yield Passage(place, " ".join(filter(None, cells)), ROW)


def _holds_block(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return False
    return element.tag in _BLOCKS or any(x.tag in _BLOCKS for x in element.iterdescendants())
