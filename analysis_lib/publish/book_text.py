"""The chapters of a composed project as one Markdown text, their images beside it."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis_lib.errors import BuildError
from analysis_lib.labels import as_plain
from analysis_lib.publish.cells import cell_code, cell_options, cell_tags
from analysis_lib.publish.compose import resolve_shortcodes


def book_markdown(
    project: Path, config: Mapping[str, Any], variables: Mapping[str, str], *, media: Path
) -> str:
    """All chapters in one text; a mark before each carries its number."""
    parts = []
    for entry in config["book"]["chapters"]:
        path = project / str(entry)
        writer = ChapterWriter(path.stem, media=media, variables=variables)
        if path.suffix == ".qmd":
            parts.append(writer.markdown_cell(path.read_text(encoding="utf-8"), path.name))
            continue
        number = chapter_number(path)
        mark = f'::: {{.cart-chapter number="{number}" name="{path.stem}"}}\n:::'
        parts += [mark, writer.write(nbformat.read(path, as_version=4))]
    parts.append("# References {.unnumbered}\n\n::: {#refs}\n:::")
    return "\n\n".join(parts) + "\n"


def chapter_number(path: Path) -> int:
    """The number in the notebook's file name is the number of its chapter."""
    match = _NUMBER.match(path.name)
    if match is None:
        raise BuildError(f"notebook {path.name} must start with its chapter number: 05_{path.name}")
    return int(match.group(1))


IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
_TABLE = re.compile(r"<table\b.*</table>", re.S | re.I)
_NUMBER = re.compile(r"^0*(\d+)_")
_NOTE = re.compile(r"\[\^([^\]\s]+)\]")


class ChapterWriter:
    """Writes one notebook as Markdown; images go to `media`, beside the text."""

    def __init__(self, name: str, *, media: Path, variables: Mapping[str, str]) -> None:
        self.name = name
        self.media = media
        self.variables = variables

    def write(self, notebook: NotebookNode) -> str:
        """The Markdown of all cells."""
        parts: list[str] = []
        code: list[str] = []
        for number, cell in enumerate(notebook.cells, start=1):
            where = f"{self.name}, cell {number}"
            if cell.cell_type == "markdown":
                parts += [*_folded_code(code), self.markdown_cell(cell.source, where)]
                code = []
            elif cell.cell_type == "code":
                shown, outputs = self.code_cell(cell, where)
                code += shown
                if outputs:
                    parts += [*_folded_code(code), outputs]
                    code = []
        return "\n\n".join([*parts, *_folded_code(code)])

    def markdown_cell(self, source: str, where: str) -> str:
        """Prose, with notes renamed so that those of two chapters stay apart."""
        text = resolve_shortcodes(source, self.variables, where=where)
        return _NOTE.sub(rf"[^{self.name}-\1]", text)

    def code_cell(self, cell: NotebookNode, where: str) -> tuple[list[str], str]:
        """The code to fold and the Markdown of the outputs."""
        options, tags = cell_options(cell), cell_tags(cell)
        if options.get("include") is False or tags & {"remove-cell", "hide-cell"}:
            return [], ""
        hidden = options.get("echo") is False or "hide-code" in tags or not cell_code(cell)
        code = [] if hidden else [cell_code(cell)]
        if options.get("output") is False or "hide-output" in tags:
            return code, ""
        label = str(options.get("label", ""))
        body = [self.output(out, label or f"cell-{where[-3:]}", where) for out in cell.outputs]
        text = "\n\n".join(part for part in body if part)
        if text and label.startswith(("fig-", "tbl-")):
            text = self.float_div(label, text, options, where)
        return code, text

    def float_div(self, label: str, body: str, options: Mapping[str, object], where: str) -> str:
        """A figure or table with its label, caption and alternative text."""
        caption = str(options.get(f"{label[:3]}-cap", ""))
        if not caption:
            raise BuildError(f"{where}: {label} must have a caption: add #| {label[:3]}-cap")
        alt = str(options.get("fig-alt", ""))
        if label.startswith("fig-") and not alt:
            raise BuildError(f"{where}: {label} must have an alternative text: add #| fig-alt")
        plain = {name: as_plain(value) for name, value in self.variables.items()}
        caption = resolve_shortcodes(caption, self.variables, where=where)
        alt = resolve_shortcodes(alt, plain, where=where)
        return (
            f'::::::: {{#{label} .cart-float alt="{_attribute(alt)}"}}\n\n{body}\n\n'
            f":::::: {{.cart-caption}}\n\n{caption}\n\n::::::\n\n:::::::"
        )

    def output(self, output: NotebookNode, label: str, where: str) -> str:
        """One output in the richest form that both HTML and PDF can show."""
        if output.output_type == "error":
            raise BuildError(f"{where} holds the error {output.ename}: run the notebook again")
        if output.output_type == "stream":
            return _verbatim(output.text) if output.name == "stdout" else ""
        data = output.data
        table = _TABLE.search(data.get("text/html", ""))
        if table:
            return _fenced(table.group(0), "=html")
        if "text/markdown" in data:
            return self.markdown_cell(data["text/markdown"], where)
        for mime, suffix in IMAGES.items():
            if mime in data:
                return self.image(data[mime], f"{self.name}-{label}.{suffix}")
        return _verbatim(data.get("text/plain", ""))

    def image(self, content: str, name: str) -> str:
        """An image in the media folder; a second one of a cell gets a number."""
        path, count = self.media / name, 1
        while path.exists():
            count += 1
            path = self.media / f"{Path(name).stem}-{count}{Path(name).suffix}"
        if path.suffix == ".svg":
            path.write_text(content, encoding="utf-8")
        else:
            path.write_bytes(base64.b64decode(content))
        return f"![]({self.media.name}/{path.name})"


def _folded_code(cells: list[str]) -> list[str]:
    if not cells:
        return []
    code = _fenced("\n\n".join(cells), ".python")
    return [f"::::::: {{.cart-code}}\n\n{code}\n\n:::::::"]


def _fenced(text: str, attribute: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence} {{{attribute}}}\n{text.rstrip()}\n{fence}"


def _verbatim(text: str) -> str:
    return _fenced(text, ".output") if text.strip() else ""


def _attribute(text: str) -> str:
    """Text inside the quotes of a Markdown attribute."""
    escaped = re.sub(r'[\\"&]', r"\\\g<0>", text)
    return " ".join(escaped.split())
