"""The built-in renderer: HTML, PDF and Word by pandoc and Typst."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from analysis_lib.errors import BuildError
from analysis_lib.labels import as_plain
from analysis_lib.publish.cells import cell_code, cell_options, cell_tags
from analysis_lib.publish.compose import (
    included_after,
    read_config,
    read_variables,
    resolve_shortcodes,
)
from analysis_lib.publish.pandoc import compile_pdf, pandoc_version, run_pandoc, typst_version
from analysis_lib.publish.request import Format
from analysis_lib.publish.word import render_word
from analysis_lib.shown import page_policy

IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
_TABLE = re.compile(r"<table\b.*</table>", re.S | re.I)
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


HERE = Path(__file__).parent
READER = "markdown"
RENDERED: tuple[tuple[Format, str, str], ...] = (
    ("pdf", "PDF", "report.pdf"),
    ("docx", "Word", "report.docx"),
)
BESIDE = (
    ("Results (CSV)", "results.csv"),
    ("Results (JSON)", "results.json"),
    ("Executed notebooks", "executed/"),
    ("Parameters", "parameters.yaml"),
    ("Manifest", "manifest.json"),
)
_NUMBER = re.compile(r"^0*(\d+)_")


def builtin_renderer() -> str:
    """Name and versions, as the report states them."""
    return f"the built-in renderer (pandoc {pandoc_version()}, Typst {typst_version()})"


def render_builtin(project: Path, *, formats: Sequence[Format], out: Path) -> tuple[Path, ...]:
    """Render a composed project into `out`: `index.html`, `report.pdf`.

    Raises
    ------
    BuildError
        A reference or citation that leads nowhere, or a renderer that fails.
    """
    config, variables = read_config(project), read_variables(project)
    work = project / ".render"
    media = work / "media"
    media.mkdir(parents=True)
    text = book_markdown(project, config, variables, media=media)
    (work / "report.md").write_text(text, encoding="utf-8")
    (work / "after.html").write_text(included_after(config), encoding="utf-8")
    metadata = {**_metadata(config, variables), "files": files_beside(formats)}
    (work / "metadata.yml").write_text(yaml.safe_dump(metadata, allow_unicode=True), "utf-8")
    bibliography = str((project / config["bibliography"]).resolve())
    written = []
    if "html" in formats:
        written.append(_render_html(work, bibliography, out / "index.html"))
    if "pdf" in formats:
        written.append(_render_pdf(work, bibliography, out / "report.pdf"))
    if "docx" in formats:
        arguments = _common(bibliography, ["docx"])
        target = out / "report.docx"
        written.append(render_word(work, target, arguments=arguments, metadata=metadata))
    return tuple(written)


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


def _metadata(config: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    """What the templates print; empty values are left out."""
    book = config["book"]
    metadata = {
        "title": book["title"],
        "pagetitle": book["title"],
        "author": book["author"],
        "label": variables.get("label", ""),
        "exposure": variables.get("exposure", ""),
        "cohort-label": variables.get("cohort_label", ""),
        "data-lock": variables.get("data_lock", ""),
        "renderer": variables.get("renderer", ""),
        "lang": "en",
        "papersize": (config["format"].get("typst") or {}).get("papersize", ""),
        "link-citations": True,
    }
    return {name: value for name, value in metadata.items() if value}


def files_beside(formats: Sequence[Format]) -> list[dict[str, str]]:
    """What lies beside the page in a finished report, for the place that offers it."""
    rendered = [(name, href) for kind, name, href in RENDERED if kind in formats]
    return [{"name": name, "href": href} for name, href in (*rendered, *BESIDE)]


def _common(bibliography: str, filters: Sequence[str]) -> list[str]:
    before = [f"--lua-filter={HERE / 'filters' / name}.lua" for name in ("tables", "crossref")]
    after = [f"--lua-filter={HERE / 'filters' / name}.lua" for name in filters]
    source = [f"--from={READER}", "--standalone", "--metadata-file=metadata.yml", "report.md"]
    return [*source, f"--bibliography={bibliography}", *before, "--citeproc", *after]


def _render_html(work: Path, bibliography: str, target: Path) -> Path:
    templates = HERE / "templates"
    page = (templates / "page.html").read_text(encoding="utf-8")
    styles = (templates / "report.css").read_text(encoding="utf-8")
    policy = page_policy(page, (work / "after.html").read_text(encoding="utf-8"))
    page = page.replace("@@STYLES@@", styles).replace("@@POLICY@@", policy)
    (work / "page.html").write_text(page, encoding="utf-8")
    run_pandoc(
        [
            *_common(bibliography, ["html"]),
            *("--to=html5", "--template=page.html", "--mathml", "--section-divs"),
            *(
                "--include-after-body=after.html",
                "--reference-location=section",
                "--toc",
                "--toc-depth=2",
                "--wrap=none",
                f"--output={target.resolve()}",
            ),
        ],
        folder=work,
    )
    return target


def _render_pdf(work: Path, bibliography: str, target: Path) -> Path:
    run_pandoc(
        [
            *_common(bibliography, ["typst_table", "contents", "typst"]),
            *("--to=typst", f"--template={HERE / 'templates' / 'report.typ'}"),
            *("--wrap=none", "--output=report.typ"),
        ],
        folder=work,
    )
    compile_pdf(work / "report.typ", target)
    return target
