"""Which renderer makes a report, and the built-in one: HTML, PDF and Word by pandoc and Typst."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis_lib.errors import BuildError
from analysis_lib.publish.book_text import book_markdown, chapter_number
from analysis_lib.publish.cards import numbers_inside
from analysis_lib.publish.config import included_after, read_config, read_variables
from analysis_lib.publish.pandoc import compile_pdf, pandoc_version, run_pandoc, typst_version
from analysis_lib.publish.quarto import MINIMUM, find_quarto, is_supported
from analysis_lib.publish.request import BuildRequest, Format
from analysis_lib.publish.word import draw_figures, render_word
from analysis_lib.shown import page_policy

HERE = Path(__file__).parent
READER = "markdown"
BOOK = "book.json"  # the text as pandoc has read it
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
    (work / "after.html").write_text(included_after(project, config), encoding="utf-8")
    (work / "numbers.html").write_text(numbers_inside(project), encoding="utf-8")
    metadata = {**_metadata(config, variables), "files": files_beside(formats)}
    (work / "metadata.yml").write_text(yaml.safe_dump(metadata, allow_unicode=True), "utf-8")
    render_as: dict[Format, Callable[[], Path]] = {
        "html": lambda: _render_html(work, out / "index.html"),
        "pdf": lambda: _render_pdf(work, out / "report.pdf"),
        "docx": lambda: render_word(
            work, out / "report.docx", arguments=_from_book("docx"), metadata=metadata
        ),
    }
    with ThreadPoolExecutor() as pool:  # most of it happens in processes of pandoc
        drawn = pool.submit(draw_figures, media) if "docx" in formats else None
        _read_book(work, (project / config["bibliography"]).resolve())
        if drawn:
            drawn.result()
        written = [pool.submit(render_as[name]) for name in render_as if name in formats]
    return tuple(one.result() for one in written)


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


def _read_book(work: Path, bibliography: Path) -> None:
    """Read the text once for all formats: its tables, references, numbers and citations."""
    source = [f"--from={READER}", "--standalone", "--metadata-file=metadata.yml", "report.md"]
    cited = (f"--bibliography={bibliography}", *_filters("tables", "crossref"), "--citeproc")
    run_pandoc([*source, *cited, "--to=json", f"--output={BOOK}"], folder=work)


def _from_book(*filters: str) -> list[str]:
    """What pandoc is told of the book that it has read, and the filters of a format."""
    return ["--from=json", "--standalone", BOOK, *_filters(*filters)]


def _filters(*names: str) -> list[str]:
    return [f"--lua-filter={HERE / 'filters' / name}.lua" for name in names]


def _render_html(work: Path, target: Path) -> Path:
    templates = HERE / "templates"
    page = (templates / "page.html").read_text(encoding="utf-8")
    styles = (templates / "report.css").read_text(encoding="utf-8")
    policy = page_policy(page, (work / "after.html").read_text(encoding="utf-8"))
    page = page.replace("@@STYLES@@", styles).replace("@@POLICY@@", policy)
    (work / "page.html").write_text(page, encoding="utf-8")
    run_pandoc(
        [
            *_from_book("unbroken", "html"),
            *("--to=html5", "--template=page.html", "--mathml", "--section-divs"),
            *(
                "--include-after-body=numbers.html",
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


def _render_pdf(work: Path, target: Path) -> Path:
    run_pandoc(
        [
            *_from_book("typst_table", "unbroken", "contents", "typst"),
            *("--to=typst", f"--template={HERE / 'templates' / 'report.typ'}"),
            *("--wrap=none", "--output=report.typ"),
        ],
        folder=work,
    )
    compile_pdf(work / "report.typ", target)
    return target


def require_quarto() -> tuple[Path, str]:
    """A Quarto that can render the report.

    Raises
    ------
    BuildError
        None is on PATH, or it is too old.
    """
    minimum = ".".join(map(str, MINIMUM))
    found = find_quarto()
    if found is None:
        raise BuildError(
            f"quarto is not on PATH: install Quarto {minimum} or later, or choose renderer builtin"
        )
    if not is_supported(found[1]):
        raise BuildError(
            f"quarto must be version {minimum} or later, but {found[1]!r} is on PATH: "
            "update it, or choose renderer builtin"
        )
    return found


def require_consecutive(notebooks: Sequence[Path]) -> None:
    """Refuse chapters that Quarto, which counts them, would number unlike their files."""
    numbers = [chapter_number(path) for path in notebooks]
    if numbers != list(range(1, len(numbers) + 1)):
        names = ", ".join(path.name for path in notebooks)
        raise BuildError(
            f"for Quarto the chapters must be numbered from 1 without a gap, but are {names}: "
            "choose renderer builtin, which takes the number from the file"
        )


@dataclass(frozen=True)
class Choice:
    """The renderer's name as the report states it; `reason` says why it is not Quarto, if asked."""

    quarto: Path | None
    name: str
    reason: str = ""

    @property
    def short_reason(self) -> str:
        """The reason without what Quarto printed, which names folders of the machine."""
        return self.reason.partition("\n")[0].rstrip(":")


def builtin_because(reason: str = "") -> Choice:
    """The built-in renderer, and why it was taken if Quarto might have been."""
    return Choice(None, builtin_renderer(), reason)


def choose_renderer(request: BuildRequest) -> Choice:
    """Quarto where it is asked for, or is on PATH and can number the chapters as their files do.

    Raises
    ------
    BuildError
        Quarto is asked for, and is absent, too old, or would number the chapters differently.
    """
    if request.renderer == "builtin" or (request.renderer == "auto" and find_quarto() is None):
        return builtin_because()
    try:
        require_consecutive(request.notebooks)
        path, version = require_quarto()
    except BuildError as failure:
        if request.renderer == "quarto":
            raise
        return builtin_because(str(failure))
    return Choice(path, f"Quarto {version}")
