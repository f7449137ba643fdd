"""Every number in the tables and sentences of a built report, against what was computed."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from analysis_lib.errors import OutputError
from analysis_lib.format import MIME
from analysis_lib.publish.match import Passage, compare, mask
from analysis_lib.publish.passages import (
    cell_places,
    executed_passages,
    output_passages,
    page_passages,
    pdf_text,
    word_text,
)

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Bundle:
    """A report's folder and its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def pages(self) -> list[Path]:
        """The pages of HTML: one, or one per chapter where Quarto set them."""
        chapters = sorted((self.folder / "notebooks").glob("*.html"))
        return [path for path in (self.folder / "index.html", *chapters) if path.is_file()]

    def file(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.is_file() else None

    def changed_files(self) -> list[str]:
        """What is not what the manifest lists, in a sentence each."""
        listed: dict[str, str] = self.manifest.get("files", {})
        said = []
        for name, checksum in sorted(listed.items()):
            path = self.folder / name
            if not path.is_file():
                said.append(f"{name} is missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
                said.append(f"{name} is not the file that the build wrote")
        return said


def open_bundle(folder: Path) -> Bundle:
    """A folder that `cart-report build` wrote.

    Raises
    ------
    OutputError
        It is no folder, has no manifest, or lacks what every report has.
    """
    if not folder.is_dir():
        raise OutputError(f"verify: {folder} is no folder; name the folder of a built report")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, UnicodeDecodeError, json.JSONDecodeError):
        manifest = None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise OutputError(
            f"verify: {folder} has no readable {MANIFEST}; name the folder of a built report"
        )
    for name in ("results.csv", "executed"):
        if not (folder / name).exists():
            raise OutputError(f"verify: {folder} has no {name}; build the report again")
    return Bundle(folder, manifest)


COLUMNS = ("value", "n", "denominator")
_BOUND = re.compile(r"^[<>]")


@dataclass(frozen=True)
class Traced:
    """`rows` numbers lead to a row of the results; `constants` are names, bounds and limits."""

    rows: int
    constants: int
    findings: tuple[str, ...]


def trace_numbers(folder: Path, results: Path, parameters: Mapping[str, Any]) -> Traced:
    """Lead every number of the executed notebooks' tables and sentences back to its row.

    A number is noted with its value when it is written. The value must be one of the results, or
    of the parameters, and the text its rounding; a text without a note is a constant of the
    project's own words, such as a bound in the name of a level. What was noted on the way and is
    not shown says nothing of the report.
    """
    known = _values(results) | set(_parameter_values(parameters)) | set(_of_parameters(parameters))
    rows = constants = 0
    findings: list[str] = []
    for path in sorted(folder.glob("[0-9]*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for place, cell in cell_places(notebook, path.stem):
            for output in cell.get("outputs", []):
                if MIME not in output.get("data", {}):
                    continue
                noted = _by_token(output["data"][MIME])
                passages = output_passages(output["data"], place)
                shown = [_plain(x) for passage in passages for x in passage.masked.numbers]
                held = sum(token in noted for token in shown)
                rows, constants = rows + held, constants + len(shown) - held
                for token in dict.fromkeys(shown):
                    if wrong := _wrong(noted.get(token, []), known):
                        findings.append(f"{place}: {wrong}")
    return Traced(rows, constants, tuple(findings))


def _by_token(notes: list[list[Any]]) -> dict[Decimal | None, list[tuple[str, float]]]:
    """What was noted for each number that a reader can see."""
    noted: dict[Decimal | None, list[tuple[str, float]]] = {}
    for text, value in notes:
        noted.setdefault(_as_token(text), []).append((text, float(value)))
    return noted


def _values(results: Path) -> set[float]:
    with results.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {_rounded(float(row[column])) for row in rows for column in COLUMNS if row[column]}


def _parameter_values(parameters: object) -> Iterator[float]:
    """Every number among the parameters, however deep."""
    if isinstance(parameters, Mapping):
        for item in parameters.values():
            yield from _parameter_values(item)
    elif isinstance(parameters, list):
        for item in parameters:
            yield from _parameter_values(item)
    elif isinstance(parameters, (int, float)) and not isinstance(parameters, bool):
        yield _rounded(float(parameters))


def _of_parameters(parameters: Mapping[str, Any]) -> Iterator[float]:
    """What parameters are called by: the level of a test, the largest count suppressed."""
    if level := parameters.get("confidence_level"):
        yield _rounded(1 - float(level))
    if small := parameters.get("small_cell"):
        yield _rounded(int(small) - 1)


def _wrong(notes: list[tuple[str, float]], known: set[float]) -> str:
    """Why no value that was written this way accounts for a number; empty where one does."""
    rounded = [(text, value) for text, value in notes if _is_rounding(text, value)]
    if notes and not rounded:
        text, value = notes[0]
        return f"{text} is no rounding of {value}"
    if any({_rounded(value), _rounded(value / 100)} & known for _, value in rounded):
        return ""
    return f"{rounded[0][0]} ({rounded[0][1]}) is in no row of the results" if rounded else ""


def _rounded(value: float) -> float:
    """Without the last digits, which a percentage loses on its way; signs are words."""
    return float(f"{abs(value):.12g}")


def _is_rounding(text: str, value: float) -> bool:
    """Whether a text is the value to its own number of decimals; bounds hold."""
    number = _number(text)
    if number is None:
        return False
    if text.startswith("<"):
        return value < float(number)
    if text.startswith(">"):
        return value > float(number)
    places = -int(number.as_tuple().exponent)
    return abs(Decimal(repr(value)) - number) * 2 <= Decimal(1).scaleb(-places)


def _number(text: str) -> Decimal | None:
    plain = _BOUND.sub("", text).replace("\u2212", "-").replace("\u00a0", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _as_token(text: str) -> Decimal | None:
    (token,) = mask(text).numbers or ("",)
    return _plain(token)


def _plain(token: str) -> Decimal | None:
    return _number(token.lstrip("-"))


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
