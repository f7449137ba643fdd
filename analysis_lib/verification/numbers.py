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
    project's own words, such as a bound in the name of a level.
    """
    known = _values(results) | set(_parameter_values(parameters))
    rows = constants = 0
    findings: list[str] = []
    for path in sorted(folder.glob("[0-9]*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for place, cell in cell_places(notebook, path.stem):
            for output in cell.get("outputs", []):
                notes = output.get("data", {}).get(MIME)
                if notes is None:
                    continue
                findings += [f"{place}: {x}" for x in _wrong_notes(notes, known)]
                noted = {_as_token(text) for text, _ in notes}
                shown = [
                    token
                    for passage in output_passages(output["data"], place)
                    for token in passage.masked.numbers
                ]
                held = sum(_plain(token) in noted for token in shown)
                rows, constants = rows + held, constants + len(shown) - held
    return Traced(rows, constants, tuple(findings))


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


def _wrong_notes(notes: list[list[Any]], known: set[float]) -> Iterator[str]:
    for text, value in notes:
        if not _is_rounding(text, float(value)):
            yield f"{text} is no rounding of {value}"
        if not ({_rounded(value), _rounded(value / 100)} & known):
            yield f"{text} ({value}) is in no row of the results"


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
