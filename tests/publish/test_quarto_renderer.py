"""The route through Quarto, with a script in its place."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from analysis_lib.errors import BuildError
from analysis_lib.publish import build, quarto, renderer
from analysis_lib.publish.build import build_report
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.request import BuildRequest

SCRIPT = """#!/bin/sh
if [ "$1" = "--version" ]; then echo "{version}"; exit 0; fi
echo "$@" > "$2/arguments"
echo "$SOURCE_DATE_EPOCH" >> "$2/arguments"
mkdir -p "$2/_book/notebooks"
printf '%s' '{page}' > "$2/_book/index.html"
printf '<p>half</p>' > "$2/_book/notebooks/01_a.html"
{then}
printf 'PDF' > "$2/_book/{pdf}"
echo 'last words' >&2
echo '{words}' >&2
exit {code}
"""
FIGURE = '#| label: fig-km\n#| fig-cap: "Survival."\n#| fig-alt: "Curves."\nplot()'
# How a script in place of Quarto fails, and what is said about it.
FAILURES: dict[str, tuple[dict[str, Any], str]] = {
    "fails": ({"code": 1, "words": "in /home/someone"}, "quarto failed (1)"),
    "slow": ({"then": "sleep 9"}, "quarto did not finish within 1 seconds"),
    "no PDF": ({"pdf": "other.pdf"}, "quarto did not write report.pdf into its output folder"),
    "open": ({"page": "<b>?@fig-x</b>"}, "unresolved in index.html: ?@fig-x"),
    "old": ({"version": "1.8.27"}, "quarto must be version 1.9 or later, but '1.8.27' is on PATH"),
}
CDN = '<script src="https://cdnjs.cloudflare.com/ajax/libs/require.js"></script>'

STYLE = '<link rel="stylesheet" href="https://fonts.net/c.css">'
FONT = '<style>@import url("https://fonts.net/d.css");</style>'


def install(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    version: str = "1.9.38",
    page: str = "<p>Table 1.1</p>",
    pdf: str = "report.pdf",
    words: str = "",
    then: str = "",
    code: int = 0,
) -> Path:
    """Put a script named quarto on PATH."""
    folder.mkdir()
    script = folder / "quarto"
    parts = {"version": version, "page": page, "pdf": pdf, "words": words, "then": then}
    script.write_text(SCRIPT.format(**parts, code=code))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return script


def render(book: SimpleNamespace, tmp_path: Path) -> tuple[Path, ...]:
    """Render a composed project of one chapter with whatever quarto is on PATH."""
    project = book.compose(tmp_path, {"01_a": book.chapter("# A")})
    found, _ = renderer.require_quarto()
    out = tmp_path / "out"
    out.mkdir()
    return quarto.render_quarto(project, quarto=found, formats=("html", "pdf"), out=out)


def test_book_is_rendered_by_one_command_and_collected(
    book: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    install(tmp_path / "bin", monkeypatch)
    page, pdf = render(book, tmp_path)
    assert page == tmp_path / "out" / "index.html"
    assert page.read_text() == "<p>Table 1.1</p>"
    assert pdf.read_text() == "PDF"
    project = tmp_path / "composed"
    assert (project / "arguments").read_text().splitlines() == [f"render {project}", "0"]


@pytest.mark.parametrize(
    ("page", "words", "named"),
    [
        ("<strong>?@fig-x</strong>", "", r"unresolved in index\.html: \?@fig-x"),
        ("<p>?var:exposure</p>", "", r"\?var:exposure"),
        ("<p></p>", "[WARNING] Citeproc: citation nobody1999 not found", "nobody1999"),
        (STYLE, "", r"index\.html needs https://fonts\.net/c\.css from the network"),
        (FONT, "", r"index\.html needs https://fonts\.net/d\.css from the network"),
        (CDN, "", r"index\.html needs https://cdnjs\.cloudflare\.com/ajax/libs/require\.js from"),
    ],
)
def test_open_references_and_scripts_from_the_network_fail(
    page: str,
    words: str,
    named: str,
    book: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(tmp_path / "bin", monkeypatch, page=page, words=words)
    with pytest.raises(BuildError, match=named):
        render(book, tmp_path)


def test_failure_shows_the_end_of_what_quarto_said(
    book: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "bin", monkeypatch, code=1)
    with pytest.raises(BuildError, match=r"(?s)quarto failed \(1\).*last words"):
        render(book, tmp_path)


def test_missing_pdf_fails(
    book: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "bin", monkeypatch, pdf="other.pdf")
    with pytest.raises(BuildError, match=r"did not write report\.pdf"):
        render(book, tmp_path)


@pytest.mark.parametrize(
    ("version", "good"),
    [("1.9.0", True), ("1.10.18", True), ("2.0.1", True), ("1.8.27", False), ("dev", False)],
)
def test_version_that_renders_the_book(version: str, good: bool) -> None:
    assert quarto.is_supported(version) is good


def test_absent_or_old_quarto_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match=r"not on PATH: install Quarto 1\.9"):
        renderer.require_quarto()
    install(tmp_path / "bin", monkeypatch, version="1.8.27")
    with pytest.raises(BuildError, match=r"1\.9 or later, but '1\.8\.27'"):
        renderer.require_quarto()


def test_gap_in_the_chapters_is_refused() -> None:
    renderer.require_consecutive((Path("01_a.ipynb"), Path("02_b.ipynb")))
    with pytest.raises(BuildError, match="without a gap"):
        renderer.require_consecutive((Path("01_a.ipynb"), Path("03_b.ipynb")))


def test_all_that_a_slow_quarto_started_ends_with_it(
    book: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = tmp_path / "late"
    install(tmp_path / "bin", monkeypatch, then=f"(sleep 1; touch {late}) & wait")
    monkeypatch.setattr(quarto, "SECONDS", 0.3)
    with pytest.raises(BuildError, match=r"did not finish within 0\.3 seconds"):
        render(book, tmp_path)
    time.sleep(1.2)
    assert not late.exists()


def test_quarto_that_does_not_start_has_no_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "bin", monkeypatch).write_text("no program")
    with pytest.raises(BuildError, match=r"1\.9 or later, but '' is on PATH"):
        renderer.require_quarto()


@pytest.fixture
def request_for(
    book: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> BuildRequest:
    """A build of one chapter that is not executed."""

    def execute(notebooks: tuple[Path, ...], **options: object) -> tuple[ExecutedNotebook, ...]:
        read = {path.stem: nbformat.read(path, as_version=4) for path in notebooks}
        return tuple(ExecutedNotebook(name, notebook, ()) for name, notebook in read.items())

    monkeypatch.setattr(build, "execute_notebooks", execute)
    chapter = book.chapter("# A\n\nSee @fig-km.", book.code(FIGURE, svg=book.SVG))
    root = book.write_project(tmp_path / "project", {"01_a": chapter})
    return BuildRequest(
        project_root=root,
        notebooks=(root / "notebooks" / "01_a.ipynb",),
        parameters={},
        info=book.INFO,
        out=tmp_path / "report",
        formats=("html", "pdf"),
    )


@pytest.mark.parametrize("name", FAILURES)
def test_builtin_renderer_takes_over_where_quarto_fails(
    name: str, request_for: BuildRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how, why = FAILURES[name]
    install(tmp_path / "bin", monkeypatch, **how)
    monkeypatch.setattr(quarto, "SECONDS", 1)
    result = build_report(request_for)
    assert result.reason.startswith(why)
    assert result.renderer.startswith("the built-in renderer (pandoc")
    manifest = json.loads((result.out / "manifest.json").read_text())
    assert manifest["renderer"] == result.renderer
    assert manifest["renderer_reason"].startswith(why)
    assert "someone" not in manifest["renderer_reason"]
    assert "Rendered with the built-in renderer" in (result.out / "index.html").read_text()
    assert (result.out / "report.pdf").read_bytes().startswith(b"%PDF")
    assert not (result.out / "notebooks").exists()


@pytest.mark.parametrize("name", FAILURES)
def test_build_by_quarto_alone_fails_where_quarto_does(
    name: str, request_for: BuildRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how, why = FAILURES[name]
    install(tmp_path / "bin", monkeypatch, **how)
    monkeypatch.setattr(quarto, "SECONDS", 1)
    with pytest.raises(BuildError) as failure:
        build_report(replace(request_for, renderer="quarto"))
    assert str(failure.value).startswith(why)
    assert failure.value.exit_code == 3
    assert not request_for.out.exists()


def test_quarto_that_succeeds_needs_no_reason(
    request_for: BuildRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "bin", monkeypatch)
    result = build_report(request_for)
    assert (result.renderer, result.reason) == ("Quarto 1.9.38", "")
    assert json.loads((result.out / "manifest.json").read_text())["renderer_reason"] is None
    assert (result.out / "notebooks" / "01_a.html").read_text() == "<p>half</p>"
