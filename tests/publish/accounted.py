"""Which numbers of a text lead to nothing that a release may hold.

A number that was read from a row carries a mark, and is compared with its row. What is left must
stand, beside the same words, in what holds no patient: the project's own words, the dictionary,
the words of the released rows; or be a parameter, where the project's words leave room for one.
"""

from __future__ import annotations

import ast
import csv
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis_lib.study.eligibility import day

HOLE = "\0"  # in a text of the project, where something is written when it is known
MARKED = "\ue000"  # in a text of a release, a number that a mark leads to its row
_CITED = re.compile(r"\[-?@[^\]]*\]|@[\w:-]+|https?://\S+|\b[0-9a-f]{64}\b")
_NUMBER = r"(?<![\w.])\.\d+|\d+(?:[\u00a0,]\d{3})*(?:\.\d+)*"
_TOKENS = re.compile(rf"{_NUMBER}|[^\W\d_]+|[<>≥≤%/+{HOLE}{MARKED}]")
Beside = tuple[str, str]


class Accounted:
    """What explains a number by itself and its neighbours, words or signs; an end is empty."""

    def __init__(self, root: Path, parameters: Mapping[str, Any], words: Iterable[str]) -> None:
        self._parameters = {*_numbers(parameters), round(1 - parameters["confidence_level"], 9)}
        self._dates = _dates(parameters)
        self._known: dict[str, set[Beside]] = defaultdict(set)
        of_parameters = (_plain(f"{name} {value}") for name, value in parameters.items())
        self._whole = {*words, *_of_data(root), *of_parameters}
        for text in {*_of_library(root), *_of_notebooks(root), *self._whole}:
            for number, beside in besides(text):
                self._known[number].add(beside)

    def left_over(self, text: str, beside: Collection[tuple[str, Beside]] = ()) -> Iterator[str]:
        """Each number of a text that nothing explains, with what stands beside it.

        `beside` are further numbers that may stand there.
        """
        if _plain(text) in self._whole:
            return
        for date in self._dates:
            text = text.replace(date, " ")
        for one in besides(text):
            if one not in beside and HOLE not in one and not self._explained(*one):
                yield f"{one[1][0]} {one[0]} {one[1][1]}".replace(MARKED, "#")

    def _explained(self, number: str, beside: Beside) -> bool:
        if any(_alike(one, beside) for one in self._known[number]):
            return True
        value = float(re.sub("[\u00a0,]", "", number)) if number.count(".") < 2 else None
        return value in self._parameters and all(beside) and beside in self._known[HOLE]


def _alike(known: Beside, found: Beside) -> bool:
    """Whether both neighbours may be the same, and one that is a word or sign is."""
    pairs = list(zip(known, found, strict=True))
    return all(x in (y, "", HOLE) for x, y in pairs) and any(x == y and x for x, y in pairs)


def besides(text: str) -> Iterator[tuple[str, Beside]]:
    """Every number of a text, and every hole, with what stands before and after it."""
    found = [x[0].casefold() for x in _TOKENS.finditer(_CITED.sub(" ", text))]
    padded = ["", *found, ""]
    for before, token, after in zip(padded, padded[1:], padded[2:], strict=False):
        if token == HOLE or re.fullmatch(_NUMBER, token):
            yield token, (before, after)


def _of_library(root: Path) -> Iterator[str]:
    """Texts of the code; one with room for values is whole, its values holes."""
    for path in (root / "analysis_lib").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [*ast.walk(tree)]
        said_of_code = {id(x.value) for x in nodes if isinstance(x, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.JoinedStr):
                yield "".join(_part(x) for x in node.values)
            elif isinstance(node, ast.Constant) and id(node) not in said_of_code:
                yield re.sub(r"\{[^{}]*\}", HOLE, str(node.value))


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else HOLE


def _of_notebooks(root: Path) -> Iterator[str]:
    for path in [root / "index.qmd", *(root / "notebooks" / "scripts").glob("*.py")]:
        yield from path.read_text(encoding="utf-8").split("\n\n")


def _of_data(root: Path) -> Iterator[str]:
    """The dictionary, and the numbers of the checklists' items."""
    for row in _read(root / "data" / "dictionary.csv"):
        labels = [x.partition("=")[2] or x for x in row["levels"].split("|")]
        yield from (row["label"], row["unit"], row["definition"], *labels, ", ".join(labels))
    for row in _read(root / "analysis_lib" / "publish" / "words" / "reporting_checklist.csv"):
        yield f"{row['item']} {row['section']}"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _plain(text: str) -> str:
    """Without what code writes around numbers."""
    return " ".join(re.sub(r"[\[\]`]", "", text).split())


def _numbers(parameters: Any) -> Iterator[float]:
    if isinstance(parameters, Mapping | list | tuple):
        for one in parameters.values() if isinstance(parameters, Mapping) else parameters:
            yield from _numbers(one)
    elif isinstance(parameters, int | float) and not isinstance(parameters, bool):
        yield float(parameters)


def _dates(parameters: Mapping[str, Any]) -> list[str]:
    """As a text writes them; with the last day on which one could be followed long enough."""
    texts = [x for x in parameters.values() if isinstance(x, str) and re.fullmatch(r"[\d-]{10}", x)]
    lock = dt.date.fromisoformat(parameters["data_lock"])
    last = lock - dt.timedelta(days=parameters["minimum_followup_days"])
    return [*texts, *(day(x) for x in (*texts, last.isoformat()))]
