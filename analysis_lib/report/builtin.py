"""The built-in renderer: a composed project to one HTML page and one PDF, without Quarto."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import yaml

from analysis_lib.errors import BuildError
from analysis_lib.report.config import included_after, read_config, read_variables
from analysis_lib.report.markdown import ChapterWriter
from analysis_lib.report.pandoc import pandoc_version, run_pandoc
from analysis_lib.report.request import Format
from analysis_lib.report.typst_pdf import compile_pdf, typst_version
from analysis_lib.report.word import render_word

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
    (work / "page.html").write_text(page.replace("@@STYLES@@", styles), encoding="utf-8")
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
            *_common(bibliography, ["typst_table", "typst"]),
            *("--to=typst", f"--template={HERE / 'templates' / 'report.typ'}"),
            *("--wrap=none", "--output=report.typ"),
        ],
        folder=work,
    )
    compile_pdf(work / "report.typ", target)
    return target
