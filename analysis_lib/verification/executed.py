"""What the executed notebooks of a report computed: the passages that its pages must hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

from analysis_lib.verification.page import element_passages
from analysis_lib.verification.passage import ROW, TEXT, Passage, sentences

OMITTED = "application/vnd.cart-report.omitted+json"
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
    for place, cell in cell_places(notebook, name):
        if cell["cell_type"] == "markdown" and not is_left_out:
            yield from _markdown("".join(cell["source"]), place)
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
