"""Every number of the executed notebooks led back to its row of the results."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from math import isclose
from pathlib import Path
from typing import Any, cast

from analysis_lib.format import CONSTANT, DERIVED, NOTED_DIGITS, PARAMETER
from analysis_lib.marks import MIME, PLACES, Place
from analysis_lib.publish.masked import mask
from analysis_lib.publish.passages import cell_places, output_passages
from analysis_lib.results.rows import Key

_BOUND = re.compile(r"^[<>]")


@dataclass(frozen=True)
class Traced:
    """How the numbers of a report are accounted for.

    `rows` lead to the rows of the results that they name, `values` to a parameter or, in tables,
    equal a result; `constants` are names, bounds and limits.
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

    A number is noted with its value when it is written, and with its place: a row, which must
    hold the value, a parameter, a constant of the method, or what is made of some of these. In a
    sentence there must be a place; in a table the value of a number without one must be one of
    the results or of the parameters. The text must be its rounding; a text without a note is a
    constant of the project's own words, such as a bound in the name of a level. What was noted on
    the way and is not shown says nothing of the report.
    """
    held = _read_held(results, parameters)
    counts, findings = Counter[str](), list[str]()
    for output in _outputs(folder):
        counts.update(_kind(output.noted.get(token, [])) for token in output.shown)
        wrong = (_wrong(output, token, held) for token in dict.fromkeys(output.shown))
        told = (_unaccounted(note, held) for note in output.marked)
        found = dict.fromkeys(x for x in (*told, *wrong) if x)
        findings += [f"{output.place}: {one}" for one in found]
    return Traced(counts["row"], counts["value"], counts["constant"], tuple(findings))


@dataclass(frozen=True)
class _Output:
    """What a reader sees of one output, and what was noted when it was written.

    `noted` are the notes of each number that may stand there, `marked` those of the numbers that
    carried a mark, in their order. In sentences no number may lead to nothing.
    """

    place: str
    is_prose: bool
    noted: dict[Decimal | None, list[_Note]]
    marked: list[_Note]
    shown: list[Decimal | None]


def _outputs(folder: Path) -> Iterator[_Output]:
    """Every output that shows numbers."""
    for path in sorted(folder.glob("[0-9]*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for place, cell in cell_places(notebook, path.stem):
            for output in cell.get("outputs", []):
                if MIME in output.get("data", {}):
                    yield _output(output["data"], place)


def _output(data: dict[str, Any], place: str) -> _Output:
    passages = output_passages(data, place)
    shown = [_plain(x) for passage in passages for x in passage.masked.numbers]
    notes = [_note(*one) for one in data[MIME]]
    noted: dict[Decimal | None, list[_Note]] = {}
    for one in notes:
        noted.setdefault(_as_token(one.text), []).append(one)
    text = "".join(data.get("text/html", data.get("text/markdown", "")))
    places = data.get(PLACES, []) if text else []  # in a figure they are those of its parts
    marked = [_as_shown(notes[i], text[a:b]) for a, b, i in places]
    return _Output(place, "text/html" not in data, noted, marked, shown)


def _as_shown(one: _Note, digits: str) -> _Note:
    """The note with the digits that a reader sees, behind the sign or bound that it wrote."""
    return replace(one, text="".join(x for x in one.text[:1] if x in "\N{MINUS SIGN}<>") + digits)


def _note(text: str, value: float, place: str | None = None) -> _Note:
    return _Note(text, float(value), _tuple(json.loads(place)) if place else None)


def _tuple(place: Any) -> Any:
    return tuple(map(_tuple, place)) if isinstance(place, list) else place


def _kind(notes: list[_Note]) -> str:
    if not notes:
        return "constant"
    kinds = {one.place[0] if one.place else "" for one in notes}
    if kinds <= {CONSTANT}:
        return "constant"
    return "row" if kinds - {"", PARAMETER, CONSTANT} else "value"


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


def _read_held(results: Path, parameters: Mapping[str, Any]) -> _Held:
    rows = _read_places(results)
    values = {_rounded(value) for value in rows.values()}
    values |= set(_parameter_values(parameters)) | set(_of_parameters(parameters))
    return _Held(rows, parameters, values)


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


def _wrong(output: _Output, token: Decimal | None, held: _Held) -> str:
    """Why no note of a number that is shown accounts for it; empty where one does.

    In a sentence a number that was written and leads to nothing is wrong, unless each of its kind
    there has a mark of its own.
    """
    notes = output.noted.get(token, [])
    if not notes:
        return ""
    without = [one for one in notes if one.place is None]
    marked = sum(_as_token(one.text) == token for one in output.marked)
    if output.is_prose and without and output.shown.count(token) > marked:
        return f"{without[0].text} ({without[0].value}) leads to no row, parameter or constant"
    return min((_unaccounted(one, held) for one in notes), key=len)


def _unaccounted(one: _Note, held: _Held) -> str:
    if not _is_rounding(one.text, one.value):
        return f"{one.text} is no rounding of {one.value}"
    said = f"{one.text} ({one.value})"
    values = {_rounded(one.value), _rounded(one.value / 100)}
    if one.place is None:
        return "" if values & held.values else f"{said} is in no row of the results"
    try:
        here = held.at(one.place)
    except KeyError as missing:
        return f"{said} comes from a row that the results lack: {missing.args[0]}"
    words = " ".join(str(part) for part in one.place if part not in ("", None))
    near = any(isclose(x, y, rel_tol=10.0 ** (1 - NOTED_DIGITS)) for x in here for y in values)
    return "" if near else f"{said} is {_listed(here)} in the results: {words}"


def _first(values: set[float], name: str) -> float:
    """A parameter among what is counted, or the only number of one."""
    if not values:
        raise KeyError(f"parameter {name}")
    return max(values)


def _listed(values: set[float]) -> str:
    return " or ".join(str(value) for value in sorted(values)) or "nothing"


_OPERATIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "difference": lambda numbers: numbers[0] - sum(numbers[1:]),
    "quotient": lambda numbers: numbers[0] / numbers[1],
    "number": len,
}


@dataclass(frozen=True)
class _Held:
    """What numbers may lead to: the rows of the results, the parameters, and all their values."""

    rows: _Results
    parameters: Mapping[str, Any]
    values: set[float]

    def at(self, place: Place) -> set[float]:
        """What stands at a place, without the last digits; of a parameter each of its numbers.

        Raises
        ------
        KeyError
            The results have no such row, or there is no such parameter.
        """
        kind, *of = place
        if kind == PARAMETER:
            given = self.parameters.get(str(of[0]))
            size = {float(len(given))} if isinstance(given, list) else set[float]()
            return size | set(_parameter_values(given))
        return {_rounded(self._number(place))}

    def _number(self, place: Place) -> float:
        kind, *of = place
        if kind == CONSTANT:
            return float(str(of[1]))
        if kind == PARAMETER:
            return _first(self.at(place), str(of[0]))
        if kind == DERIVED:
            operation, *places = of
            return _OPERATIONS[str(operation)]([self._number(cast(Place, x)) for x in places])
        if place not in self.rows:
            raise KeyError(" ".join(str(part) for part in place if part not in ("", None)))
        return self.rows[place]


def _rounded(value: float) -> float:
    """Without the digits that notes do not hold; signs are words."""
    return float(f"{abs(value):.{NOTED_DIGITS}g}")


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
