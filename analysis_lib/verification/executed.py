"""What the executed notebooks of a report computed: the passages that its pages must hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

from analysis_lib.verification.page import element_passages
from analysis_lib.verification.passage import Passage, sentences

OMITTED = "application/vnd.cart-report.omitted+json"
_LABEL = re.compile(r"^#\|\s*label:\s*(\S+)", re.M)
# References become numbers or names only when the pages are set: a sentence is parted there.
_REFERENCE = re.compile(
    r"\[[^\]\n]*@[^\]\n]*\](?!\()|(?<![\w\\])-?@[A-Za-z][\w:-]*\w|\{\{<.*?>\}\}|\[\^[^\]]+\]"
)
_LINK = re.compile(r"(?<!\\)\[([^\]\n]*)\]\([^)\n]*\)")
_ATTRIBUTES = re.compile(r"\{[#.][^}\n]*\}|^:{3,}.*$", re.M)
_ESCAPED = re.compile(r"\\([^\w\s])")


def executed_passages(folder: Path) -> list[Passage]:
    """Rows of tables and computed sentences of all chapters, in order."""
    return [
        passage
        for path in sorted(folder.glob("[0-9]*.ipynb"))
        for passage in _chapter(json.loads(path.read_text(encoding="utf-8")), path.stem)
    ]


def _chapter(notebook: dict[str, Any], name: str) -> Iterator[Passage]:
    for number, cell in enumerate(notebook["cells"], start=1):
        found = _LABEL.search("".join(cell["source"]))
        place = f"{name}, {found[1] if found else f'cell {number}'}"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if OMITTED in data:
                continue  # said once, however often it stands in for something
            if "text/html" in data:
                table = html.fragment_fromstring("".join(data["text/html"]), create_parent="div")
                yield from element_passages(table, place)
            elif "text/markdown" in data:
                yield from _markdown("".join(data["text/markdown"]), place)


def _markdown(text: str, place: str) -> Iterator[Passage]:
    if text.lstrip().startswith("|"):
        lines = [line for line in text.splitlines() if set(line) - set("|-: ")]
        for line in lines[1:]:
            for piece in _REFERENCE.split(line):
                yield Passage(place, _plain(piece.replace("|", " ")), "row")
        return
    for block in re.split(r"\n\s*\n|\n(?=\s*[-*] )", text):
        for piece in _REFERENCE.split(block):
            yield from sentences(place, _plain(piece))


def _plain(text: str) -> str:
    """The words of Markdown; its other signs are neither letters nor numbers."""
    text = _ATTRIBUTES.sub("", _LINK.sub(r"\1", text))
    return " ".join(_ESCAPED.sub(r"\1", text).split())
