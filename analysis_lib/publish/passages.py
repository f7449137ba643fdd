"""The passages that a report must hold, and those of its page, PDF and Word file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from docx import Document
from docx.table import Table, _Row
from lxml import html

from analysis_lib.publish.cells import OMITTED_MIME as OMITTED
from analysis_lib.publish.cells import kept_prose
from analysis_lib.publish.match import HEADING, PAGE_END, ROW, TEXT, Passage, sentences

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


_CAPTION = re.compile(r'^#\|\s*(?:fig|tbl)-cap:\s*"(.*)"\s*$', re.M)
_LABEL = re.compile(r"^#\|\s*label:\s*(\S+)", re.M)
# References become numbers or names only when the pages are set: a sentence is parted there.
_REFERENCE = re.compile(
    r"\[[^\]\n]*@[^\]\n]*\](?!\()|(?<![\w\\])-?@[A-Za-z][\w:-]*\w|\{\{<.*?>\}\}|\[\^[^\]]+\]"
)
_LINK = re.compile(r"(?<!\\)\[([^\]\n]*)\]\([^)\n]*\)")
_ATTRIBUTES = re.compile(r"\{[#.][^}\n]*\}|^:{3,}.*$", re.M)
_MARK = r"\s*(?:[-*]|\d+\.)\s+"  # of an item of a list
_BLOCK = re.compile(rf"\n\s*\n(?:{_MARK})?|\n{_MARK}")
_ESCAPED = re.compile(r"\\([^\w\s])")


def executed_passages(folder: Path) -> list[Passage]:
    """Rows of tables, computed sentences, prose and captions of all chapters, in order."""
    return [
        passage
        for path in sorted(folder.glob("[0-9]*.ipynb"))
        for passage in _chapter(json.loads(path.read_text(encoding="utf-8")), path.stem)
    ]


def _chapter(notebook: dict[str, Any], name: str) -> Iterator[Passage]:
    """All of a chapter's text; of one that is left out only what it says of itself."""
    shown = [x.get("data", {}) for c in notebook["cells"] for x in c.get("outputs", [])]
    is_left_out = bool(shown) and all(OMITTED in data for data in shown if data)
    prose = kept_prose(notebook["cells"])
    for (place, cell), kept in zip(cell_places(notebook, name), prose, strict=True):
        if cell["cell_type"] == "markdown" and not is_left_out:
            yield from _markdown(kept, place)
        outputs = [output.get("data", {}) for output in cell.get("outputs", [])]
        for data in outputs:
            yield from output_passages(data, place)
        if outputs and not any(OMITTED in data for data in outputs):
            for caption in _CAPTION.findall("".join(cell["source"])):
                yield from _markdown(caption, place)


def cell_places(notebook: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every cell with the words by which a reader finds it."""
    for number, cell in enumerate(notebook["cells"], start=1):
        found = _LABEL.search("".join(cell["source"]))
        yield f"{name}, {found[1] if found else f'cell {number}'}", cell


def output_passages(data: dict[str, Any], place: str) -> Iterator[Passage]:
    """The passages of one output; of a part left out none, as it is said once for several."""
    if OMITTED in data:
        return
    if "text/html" in data:
        table = html.fragment_fromstring("".join(data["text/html"]), create_parent="div")
        yield from element_passages(table, place)
    elif "text/markdown" in data:
        yield from _markdown("".join(data["text/markdown"]), place)


def _markdown(text: str, place: str) -> Iterator[Passage]:
    if text.lstrip().startswith("|"):
        lines = [line for line in text.splitlines() if set(line) - set("|-: ")]
        for line in lines[1:]:
            pieces = _REFERENCE.split(line)
            for piece in pieces:
                kind = ROW if len(pieces) == 1 else TEXT
                yield Passage(place, _plain(piece.replace("|", " ")), kind)
        return
    for block in _BLOCK.split(f"\n{text}"):
        for piece in _REFERENCE.split(block):
            yield from sentences(place, _plain(piece))


def _plain(text: str) -> str:
    """The words of Markdown; its other signs are neither letters nor numbers."""
    text = _ATTRIBUTES.sub("", _LINK.sub(r"\1", text))
    return " ".join(_ESCAPED.sub(r"\1", text).split())


_PAGE_NUMBER = re.compile(r"\b\d+( of \d+)?\s*$")
_LEADER = re.compile(r"(\. ?){6,}")  # a line of the contents
_SHARE = 0.5  # a line that so many pages have at the same end is furniture
_HYPHEN = "\ufffe"  # at the end of a line, for which it stands: the number of the page may follow


def pdf_text(path: Path) -> str:
    """The text of all pages, one after another, without what stands at the edge of each.

    A page that begins the book may show its number alone where the others have a title beside it.
    """
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    read = [page.replace(_HYPHEN, "\n").splitlines() for page in pages]
    lines = [[x.strip() for x in page if x.strip()] for page in read]
    for end in (0, -1):
        while (furniture := _repeated(lines, end)) is not None:
            for page in lines:
                if page and _without_number(page[end]) in (furniture, ""):
                    page.pop(end)
    _drop_running_heads(lines)
    kept = ([x for x in page if not _LEADER.search(x)] for page in lines)
    return PAGE_END.join("\n".join(page) for page in kept)


def _repeated(pages: list[list[str]], end: int) -> str | None:
    """The line at that end of more than half of the pages, its page number aside."""
    ends = [_without_number(page[end]) for page in pages if page]
    for line in set(ends):
        if ends.count(line) > _SHARE * len(pages) and len(pages) > 2:
            return line
    return None


def _drop_running_heads(pages: list[list[str]]) -> None:
    """Drop the first line of a page that has its number at an end, if more than half are so."""
    heads = [page for number, page in enumerate(pages, 1) if page and _is_head(page[0], number)]
    if len(heads) > _SHARE * len(pages) and len(pages) > 2:
        for page in heads:
            page.pop(0)


def _is_head(line: str, number: int) -> bool:
    words = line.split()
    return len(words) > 1 and str(number) in (words[0], words[-1])


def _without_number(line: str) -> str:
    return _PAGE_NUMBER.sub("", line).strip()


def word_text(path: Path) -> str:
    """Paragraphs and rows of tables, a line each."""
    lines: list[str] = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            lines += [" ".join(_texts(row)) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _texts(row: _Row) -> list[str]:
    """The cells of a row; one that spans several columns stands once, as a reader sees it."""
    return [cell.text for cell in {cell._tc: cell for cell in row.cells}.values()]
