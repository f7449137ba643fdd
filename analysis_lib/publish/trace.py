"""Every number of the executed notebooks led back to its row of the results."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from analysis_lib.marks import MIME, Place
from analysis_lib.publish.match import mask
from analysis_lib.publish.passages import cell_places, output_passages
from analysis_lib.results.rows import Key

_BOUND = re.compile(r"^[<>]")


@dataclass(frozen=True)
class Traced:
    """How the numbers of a report are accounted for.

    `rows` lead to the row of the results that they name, `values` equal a result or a parameter,
    `constants` are names, bounds and limits.
    """

    rows: int
    values: int
    constants: int
    findings: tuple[str, ...]


@dataclass(frozen=True)
class _Note:
    """A number as it was written: its text, its value, and its place in the results if any."""

    text: str
    value: float
    place: Place | None


_Results = dict[Place, float]


def trace_numbers(folder: Path, results: Path, parameters: Mapping[str, Any]) -> Traced:
    """Lead every number of the executed notebooks' tables and sentences back to its row.

    A number is noted with its value when it is written, and with its place if it was read from a
    row: that row must hold the value. Of a number without a place the value must be one of the
    results, or of the parameters. The text must be its rounding; a text without a note is a
    constant of the project's own words, such as a bound in the name of a level. What was noted on
    the way and is not shown says nothing of the report.
    """
    placed = _read_places(results)
    known = {_rounded(value) for value in placed.values()}
    known |= set(_parameter_values(parameters)) | set(_of_parameters(parameters))
    counts, findings = Counter[str](), []
    for place, noted, shown in _outputs(folder):
        for token in shown:
            counts[_kind(noted.get(token, []))] += 1
        for token in dict.fromkeys(shown):
            if wrong := _wrong(noted.get(token, []), placed, known):
                findings.append(f"{place}: {wrong}")
    return Traced(counts["row"], counts["value"], counts["constant"], tuple(findings))


_Noted = dict[Decimal | None, list[_Note]]


def _outputs(folder: Path) -> Iterator[tuple[str, _Noted, list[Decimal | None]]]:
    """Every output that shows numbers: its place, what was noted, and what a reader sees."""
    for path in sorted(folder.glob("[0-9]*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for place, cell in cell_places(notebook, path.stem):
            for output in cell.get("outputs", []):
                if MIME in output.get("data", {}):
                    passages = output_passages(output["data"], place)
                    shown = [_plain(x) for passage in passages for x in passage.masked.numbers]
                    yield place, _by_token(output["data"][MIME]), shown


def _kind(notes: list[_Note]) -> str:
    if not notes:
        return "constant"
    return "row" if any(one.place for one in notes) else "value"


def _by_token(notes: list[list[Any]]) -> _Noted:
    """What was noted for each number that a reader can see."""
    noted: _Noted = {}
    for text, value, *place in notes:
        one = _Note(text, float(value), tuple(json.loads(place[0])) if place else None)
        noted.setdefault(_as_token(text), []).append(one)
    return noted


def _read_places(results: Path) -> _Results:
    """Every number of the results by its place."""
    with results.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {
        (*_parts(row), column): float(row[column])
        for row in rows
        for column in ("value", "n", "denominator")
        if row[column]
    }


def _parts(row: Mapping[str, str]) -> Iterator[str | float | None]:
    """The parts of a row's key, a time as the number that it is."""
    for part in Key._fields:
        yield row[part] if part != "time_months" else float(row[part]) if row[part] else None


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


def _wrong(notes: list[_Note], placed: _Results, known: set[float]) -> str:
    """Why no value that was written this way accounts for a number; empty where one does."""
    if not notes:
        return ""
    rounded = [one for one in notes if _is_rounding(one.text, one.value)]
    if not rounded:
        return f"{notes[0].text} is no rounding of {notes[0].value}"
    reasons = [_unaccounted(one, placed, known) for one in rounded]
    return min(reasons, key=len)


def _unaccounted(one: _Note, placed: _Results, known: set[float]) -> str:
    said = f"{one.text} ({one.value})"
    values = {_rounded(one.value), _rounded(one.value / 100)}
    if one.place is None:
        return "" if values & known else f"{said} is in no row of the results"
    words = " ".join(str(part) for part in one.place if part not in ("", None))
    if one.place not in placed:
        return f"{said} comes from a row that the results lack: {words}"
    held = placed[one.place]
    return "" if _rounded(held) in values else f"{said} is {held} in the results: {words}"


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
