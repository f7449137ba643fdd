"""The route through Quarto, with a script in its place."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis_lib.errors import BuildError
from analysis_lib.report import quarto

SCRIPT = """#!/bin/sh
if [ "$1" = "--version" ]; then echo "{version}"; exit 0; fi
echo "$@" > "$2/arguments"
echo "$SOURCE_DATE_EPOCH" >> "$2/arguments"
mkdir -p "$2/_book/notebooks"
printf '%s' '{page}' > "$2/_book/index.html"
printf 'PDF' > "$2/_book/{pdf}"
echo 'last words' >&2
echo '{words}' >&2
exit {code}
"""
CDN = '<script src="https://cdnjs.cloudflare.com/ajax/libs/require.js"></script>'


def install(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    version: str = "1.9.38",
    page: str = "<p>Table 1.1</p>",
    pdf: str = "report.pdf",
    words: str = "",
    code: int = 0,
) -> Path:
    """Put a script named quarto on PATH."""
    folder.mkdir()
    script = folder / "quarto"
    script.write_text(SCRIPT.format(version=version, page=page, pdf=pdf, words=words, code=code))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return script


def render(book: SimpleNamespace, tmp_path: Path) -> tuple[Path, ...]:
    """Render a composed project of one chapter with whatever quarto is on PATH."""
    project = book.compose(tmp_path, {"01_a": book.chapter("# A")})
    found, _ = quarto.require_quarto()
    out = tmp_path / "out"
    out.mkdir()
    return quarto.render_quarto(project, quarto=found, formats=("html", "pdf"), out=out)


def test_book_is_rendered_by_one_command_and_collected(
    book: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    install(tmp_path / "bin", monkeypatch, page=f"{CDN}<p>Table 1.1</p>")
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
    ],
)
def test_open_references_fail(
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
        quarto.require_quarto()
    install(tmp_path / "bin", monkeypatch, version="1.8.27")
    with pytest.raises(BuildError, match=r"1\.9 or later, but '1\.8\.27'"):
        quarto.require_quarto()


def test_gap_in_the_chapters_is_refused() -> None:
    quarto.require_consecutive((Path("01_a.ipynb"), Path("02_b.ipynb")))
    with pytest.raises(BuildError, match="without a gap"):
        quarto.require_consecutive((Path("01_a.ipynb"), Path("03_b.ipynb")))
