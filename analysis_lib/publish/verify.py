"""A built report against what was computed, and against a report that was released before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from analysis_lib.errors import OutputError
from analysis_lib.publish.bundle import Bundle, open_bundle
from analysis_lib.publish.match import Passage, compare
from analysis_lib.publish.passages import executed_passages, page_passages, pdf_text, word_text
from analysis_lib.publish.trace import trace_numbers
from analysis_lib.results.rows import Key


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


_COLUMNS = ("value", "n", "denominator")


class Release(NamedTuple):
    """The numbers of patients of a report by key and column, None where one is withheld."""

    small_cell: int
    patients: int
    counts: dict[tuple[Key, str], int | None]


def check_against(folder: Path, earlier: Path) -> Check:
    """What a report and one released before it tell together.

    Whoever has both can subtract a count of the one from the same count of the other; and a count
    that is withheld in one of them alone can be read in the other, where both are of nearly the
    same patients. That is so whenever few patients are in one of them and not in the other.

    Raises
    ------
    OutputError
        A folder holds no `results.json`, or neither report withholds small counts.
    """
    ours, theirs = _read(folder), _read(earlier)
    least = max(ours.small_cell, theirs.small_cell)
    if not least:
        raise OutputError(
            f"neither {folder.name} nor {earlier.name} suppresses small counts, so that there is "
            "no bound to check differences against: build with small_cell"
        )
    shared = [x for x in ours.counts if x in theirs.counts]
    return Check(
        f"against {earlier.name}",
        f"{len(shared)} numbers of patients in both",
        tuple(_findings(ours, theirs, shared, least, earlier.name)),
    )


def _findings(
    ours: Release, theirs: Release, shared: list[tuple[Key, str]], least: int, name: str
) -> Iterator[str]:
    nearly_same = abs(ours.patients - theirs.patients) < least
    for at in shared:
        one, other = ours.counts[at], theirs.counts[at]
        if one is not None and other is not None:
            if 0 < abs(one - other) < least:
                yield f"{_words(*at)}: {one}, and {other} in {name}: fewer than {least} apart"
        elif nearly_same and (one is None) != (other is None):
            withheld = name if other is None else "this report"
            yield f"{_words(*at)}: withheld in {withheld} alone, of nearly the same patients"


def _words(key: Key, column: str) -> str:
    parts = (x if isinstance(x, str) else f"{x:g} months" for x in key if x not in ("", None))
    said = " ".join(parts)
    return said if column == "value" else f"{said} ({column})"


def _read(folder: Path) -> Release:
    try:
        document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        header, rows = document["header"], document["rows"]
        counts = {at: number for row in rows for at, number in _counts(row)}
        return Release(header.get("small_cell", 0), header["patients"], counts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"{folder} holds no results.json of a report; give the folder of a built report"
        ) from error


def _counts(row: dict[str, Any]) -> Iterator[tuple[tuple[Key, str], int | None]]:
    key = Key._make(row[part] for part in Key._fields)
    for column in _COLUMNS:
        if column != "value" or row["unit"] == "patients":
            yield (key, column), row[column]
