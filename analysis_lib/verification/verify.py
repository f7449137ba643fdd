"""Every number in the tables and sentences of a built report, against what was computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.verification.bundle import Bundle, open_bundle
from analysis_lib.verification.executed import executed_passages
from analysis_lib.verification.match import compare
from analysis_lib.verification.numbers import trace_numbers
from analysis_lib.verification.page import page_passages
from analysis_lib.verification.passage import Passage
from analysis_lib.verification.pdf import pdf_text
from analysis_lib.verification.word import word_text


@dataclass(frozen=True)
class Check:
    """One comparison: what was compared, of how much, and what is wrong."""

    name: str
    extent: str
    findings: tuple[str, ...]


def verify_report(
    folder: Path, *, progress: Callable[[str], None] = lambda text: None
) -> tuple[Check, ...]:
    """Read a report again: its files, its numbers, its pages, its PDF, its Word file.

    The numbers that the executed notebooks wrote are led back to `results.csv`; the pages and the
    Word file are compared with those notebooks, the PDF with the pages, which show the same text.

    Raises
    ------
    OutputError
        The folder holds no built report.
    """
    bundle = open_bundle(folder)
    executed = bundle.folder / "executed"
    changed = tuple(bundle.changed_files())
    checks = [
        Check("files as the build wrote them", f"{len(bundle.manifest['files'])} files", changed)
    ]
    progress("reading the executed notebooks")
    traced = trace_numbers(
        executed, bundle.folder / "results.csv", bundle.manifest.get("parameters", {})
    )
    extent = f"{traced.rows} numbers of results, {traced.constants} constants"
    checks.append(Check("tables and sentences against results.csv", extent, traced.findings))
    computed = executed_passages(executed)
    shown = [passage for page in bundle.pages for passage in page_passages(page)]
    if shown:
        progress("reading the pages")
        text = "\n".join(passage.text for passage in shown)
        checks.append(_check("HTML against what was computed", computed, text))
    checks += _other_formats(bundle, computed, shown, progress)
    return tuple(checks)


def _other_formats(
    bundle: Bundle,
    computed: list[Passage],
    shown: list[Passage],
    progress: Callable[[str], None],
) -> list[Check]:
    checks = []
    if pdf := bundle.file("report.pdf"):
        progress("reading the PDF")
        against = "the HTML" if shown else "what was computed"
        checks.append(
            _check(f"PDF against {against}", shown or computed, pdf_text(pdf), has_pages=True)
        )
    if word := bundle.file("report.docx"):
        progress("reading the Word file")
        checks.append(_check("Word against what was computed", computed, word_text(word)))
    return checks


def _check(name: str, passages: list[Passage], text: str, *, has_pages: bool = False) -> Check:
    found = compare(passages, text, has_pages=has_pages)
    numbers = sum(len(passage.masked.numbers) for passage in passages)
    return Check(name, f"{numbers} numbers", tuple(discrepancy.sentence() for discrepancy in found))
