"""A built report against what was computed: its files, its numbers, its pages, PDF and Word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.publish.bundle import Bundle, open_bundle
from analysis_lib.publish.match import Passage, compare
from analysis_lib.publish.passages import executed_passages, page_passages, pdf_text, word_text
from analysis_lib.publish.trace import trace_numbers


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
    changed = (
        *(f"{name} is missing" for name in bundle.missing),
        *(f"{name} is not the file that the build wrote" for name in bundle.edited),
    )
    checks = [
        Check("files as the build wrote them", f"{len(bundle.manifest['files'])} files", changed)
    ]
    progress("reading the executed notebooks")
    traced = trace_numbers(
        executed, bundle.folder / "results.csv", bundle.manifest.get("parameters", {})
    )
    extent = (
        f"{traced.rows} numbers by their row, {traced.values} by a parameter or, in tables, by "
        f"value, {traced.constants} constants"
    )
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
