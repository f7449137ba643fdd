"""The cells of an executed notebook: options, and what is dropped with what does not apply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import yaml
from nbformat import NotebookNode

from analysis_lib.errors import BuildError

OPTION_LINE = re.compile(r"^#\|\s?(.*)$")


def cell_options(cell: NotebookNode) -> dict[str, Any]:
    """The options of a code cell, as Quarto reads them."""
    lines = _option_lines(cell.source)
    try:
        options = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as failure:
        raise BuildError(
            f"the #| options of cell {cell.get('id', '?')} must be YAML: {failure}"
        ) from failure
    if not isinstance(options, dict):
        raise BuildError(f"the #| options of cell {cell.get('id', '?')} must be `name: value`")
    return options


def cell_code(cell: NotebookNode) -> str:
    """The source of a code cell without its options."""
    count = len(_option_lines(cell.source))
    return "\n".join(cell.source.splitlines()[count:]).strip("\n")


def with_options(cell: NotebookNode, options: dict[str, Any]) -> None:
    """Replace the options of a code cell."""
    lines = [
        "#| " + line
        for line in yaml.safe_dump(options, sort_keys=False, width=10_000).splitlines()
        if options
    ]
    cell.source = "\n".join([*lines, cell_code(cell)])


def cell_tags(cell: NotebookNode) -> set[str]:
    """The tags of a cell."""
    return set(cell.metadata.get("tags", []))


def _option_lines(source: str) -> list[str]:
    lines: list[str] = []
    for line in source.splitlines():
        match = OPTION_LINE.match(line)
        if match is None:
            break
        lines.append(match.group(1))
    return lines


OMITTED_MIME = "application/vnd.cart-report.omitted+json"
FLOAT_OPTIONS = ("label", "fig-cap", "tbl-cap", "fig-alt", "fig-subcap", "tbl-subcap")
REPLACEMENT = "not shown"

_REFERENCE = r"-?@[A-Za-z]+-[\w-]*\w"
_GROUP = re.compile(rf"\[\s*{_REFERENCE}(?:\s*;\s*{_REFERENCE})*\s*\]")


def drop_omitted(notebook: NotebookNode) -> set[str]:
    """Turn every omitted output into its plain sentence; return the labels that are gone.

    An omitted output carries OMITTED_MIME beside the sentence in text/markdown. A sentence that
    stands for a table, its figure and its reading is said once.
    """
    removed: set[str] = set()
    said: set[str] = set()
    for cell in notebook.cells:
        marked = [out for out in cell.get("outputs", []) if OMITTED_MIME in out.get("data", {})]
        if not marked:
            continue
        for output in marked:
            sentence = output["data"].get("text/markdown", "")
            output["data"] = NotebookNode({"text/markdown": sentence})
            if sentence in said:
                cell.outputs.remove(output)
            said.add(sentence)
        options = cell_options(cell)
        if "label" in options:
            removed.add(str(options["label"]))
        kept = {name: value for name, value in options.items() if name not in FLOAT_OPTIONS}
        with_options(cell, kept)
    return removed


def is_left_out(notebook: NotebookNode) -> bool:
    """Whether everything that a chapter would show is omitted."""
    shown = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type in ("execute_result", "display_data")
    ]
    return bool(shown) and all(OMITTED_MIME in output.data for output in shown)


def keep_sentence(notebook: NotebookNode) -> None:
    """Leave of a chapter that is left out its title and the sentences that say so."""
    title = notebook.cells[0]
    title.source = title.source.splitlines()[0]
    said = [cell for cell in notebook.cells if cell.get("outputs")]
    for cell in said:
        with_options(cell, {**cell_options(cell), "echo": False})
    notebook.cells = [title, *said]


def keep_headings(notebook: NotebookNode) -> None:
    """Leave of the prose of a section of which every output is omitted its heading alone."""
    for cell, kept in zip(notebook.cells, kept_prose(notebook.cells), strict=True):
        if cell.cell_type == "markdown":
            cell.source = kept
    notebook.cells = [x for x in notebook.cells if x.cell_type != "markdown" or x.source]


def kept_prose(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """The source of each cell, of Markdown without what explains outputs that are all omitted.

    A section begins with a heading and ends before the next.
    """
    sources = ["".join(cell["source"]) for cell in cells]
    starts = [i for i, x in enumerate(sources) if _is_heading(cells[i], x)]
    for start, end in pairwise([*starts, len(cells)]):
        data = [x.get("data", {}) for c in cells[start:end] for x in c.get("outputs", [])]
        shown = [x for x in data if x]
        if not shown or not all(OMITTED_MIME in x for x in shown):
            continue
        for i in range(start, end):
            if cells[i]["cell_type"] == "markdown":
                sources[i] = sources[i].splitlines()[0] if i == start else ""
    return sources


def _is_heading(cell: Mapping[str, Any], source: str) -> bool:
    return cell["cell_type"] == "markdown" and source.startswith("##")


def drop_references(notebook: NotebookNode, removed: Iterable[str]) -> None:
    """Replace references to removed labels in prose, sentences and captions."""
    labels = frozenset(removed)
    if not labels:
        return
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = without_references(cell.source, labels)
            continue
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/markdown" in data:
                data["text/markdown"] = without_references(data["text/markdown"], labels)
        head, code = cell.source[: _options_end(cell)], cell.source[_options_end(cell) :]
        cell.source = without_references(head, labels) + code


def without_references(text: str, removed: frozenset[str]) -> str:
    """The text with `@label` of a removed label read as "not shown"."""
    if not removed:
        return text

    def shorten_group(match: re.Match[str]) -> str:
        parts = [part.strip() for part in match.group(0)[1:-1].split(";")]
        kept = [part for part in parts if part.lstrip("-")[1:] not in removed]
        if len(kept) == len(parts):
            return match.group(0)
        return "[" + "; ".join(kept) + "]" if kept else REPLACEMENT

    text = _GROUP.sub(shorten_group, text)
    names = "|".join(re.escape(label) for label in sorted(removed, key=len, reverse=True))
    return re.sub(rf"(?<![\w@\\])-?@(?:{names})(?![\w-]*\w)", REPLACEMENT, text)


def _options_end(cell: NotebookNode) -> int:
    end = 0
    for line in cell.source.splitlines(keepends=True):
        if not line.startswith("#|"):
            break
        end += len(line)
    return end
