"""Whether the numbers that were written are roundings of rows of the results."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from analysis_lib.printed import MIME
from analysis_lib.verification.executed import cell_places, output_passages
from analysis_lib.verification.masked import mask

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
