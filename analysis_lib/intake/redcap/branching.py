"""REDCap's branching logic: parsed, never evaluated as code, and what it says of a record."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.intake.mapping.document import NUMBER, is_iso_date
from analysis_lib.intake.redcap.codebook import Codebook
from analysis_lib.intake.redcap.codes import TICKS
from analysis_lib.intake.redcap.records import Records

_TOKEN = re.compile(
    r"""\s*(?:
        (?:\[(?P<event>[A-Za-z0-9_]+)\]\s*)?
        \[(?P<field>[A-Za-z][A-Za-z0-9_]*)(?:\((?P<code>[^()\[\]]+)\))?\](?!\s*\[)
      | '(?P<single>[^']*)' | "(?P<double>[^"]*)"
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<operator><>|!=|<=|>=|=|<|>)
      | (?P<bracket>[()])
      | (?P<word>and|or)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_CURLY = str.maketrans("‘’“”", "''\"\"")
DEEPEST = 40


class NotUnderstoodError(Exception):
    """The logic uses something beyond comparisons joined by and, or and brackets."""


@dataclass(frozen=True)
class FieldValue:
    """The value of a field, or of one box of a checkbox field; of the named event, if any."""

    field: str
    code: str = ""
    event: str = ""


@dataclass(frozen=True)
class Comparison:
    """One comparison; a text stands for itself."""

    left: FieldValue | str
    operator: str
    right: FieldValue | str


@dataclass(frozen=True)
class Joined:
    """Tests joined by `and` or by `or`."""

    word: str
    tests: tuple[Logic, ...]


Logic = Comparison | Joined


def parse_branching(text: str) -> Logic:
    """The logic of a field.

    Raises
    ------
    NotUnderstoodError
        It is not of the form that the module describes.
    """
    parser = _Parser(_tokens(text.translate(_CURLY)))
    logic = parser.any(0)
    if parser.rest:
        raise NotUnderstoodError(text)
    return logic


def fields_of(logic: Logic) -> set[FieldValue]:
    """Every field that the logic reads."""
    if isinstance(logic, Joined):
        return set().union(*(fields_of(test) for test in logic.tests))
    return {side for side in (logic.left, logic.right) if isinstance(side, FieldValue)}


def _tokens(text: str) -> list[tuple[str, FieldValue | str]]:
    tokens: list[tuple[str, FieldValue | str]] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise NotUnderstoodError(text)
        position = found.end()
        if found["field"]:
            code, event = (found["code"] or "").strip(), (found["event"] or "").lower()
            tokens.append(("value", FieldValue(found["field"].lower(), code, event)))
        elif found["operator"]:
            tokens.append(("operator", found["operator"].replace("!=", "<>")))
        elif found["bracket"] or found["word"]:
            tokens.append(("word", (found["bracket"] or found["word"]).lower()))
        else:
            given = (found["single"], found["double"], found["number"])
            tokens.append(("value", next(x for x in given if x is not None)))
    return tokens


class _Parser:
    """Takes tokens from the front; each method reads one line of the grammar."""

    def __init__(self, tokens: list[tuple[str, FieldValue | str]]) -> None:
        self.rest = tokens[::-1]

    def any(self, depth: int) -> Logic:
        tests = [self._all(depth)]
        while self._accept("or"):
            tests.append(self._all(depth))
        return tests[0] if len(tests) == 1 else Joined("or", tuple(tests))

    def _all(self, depth: int) -> Logic:
        tests = [self._test(depth)]
        while self._accept("and"):
            tests.append(self._test(depth))
        return tests[0] if len(tests) == 1 else Joined("and", tuple(tests))

    def _test(self, depth: int) -> Logic:
        if depth > DEEPEST:
            raise NotUnderstoodError("too many brackets")
        if self._accept("("):
            logic = self.any(depth + 1)
            if not self._accept(")"):
                raise NotUnderstoodError("a bracket is not closed")
            return logic
        left, operator, right = self._take("value"), self._take("operator"), self._take("value")
        return Comparison(left, str(operator), right)

    def _accept(self, word: str) -> bool:
        if self.rest and self.rest[-1] == ("word", word):
            self.rest.pop()
            return True
        return False

    def _take(self, kind: str) -> FieldValue | str:
        if not self.rest or self.rest[-1][0] != kind:
            raise NotUnderstoodError(f"a {kind} is missing")
        return self.rest.pop()[1]


Flags = np.ndarray
_NAMED = re.compile(r"\[([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Truth:
    """Rows where a test is known to hold, and rows where it is known not to; else unknown."""

    true: Flags
    false: Flags


@dataclass(frozen=True)
class Shown:
    """Per field with branching logic: the records where it was hidden, and where nobody can say.

    `strange` names the fields whose logic is not understood.
    """

    hidden: dict[str, pd.Series]
    unknown: dict[str, pd.Series]
    strange: list[str]


def fields_shown(records: Records, codebook: Codebook) -> Shown:
    """Where the fields of a project were hidden by their branching logic.

    A comparison with a value that is blank, that differs between a record's rows, or that is none
    of the field's choices is unknown, and what depends on it stays missing; unless that value was
    hidden itself: then it has no value, and equals none.
    """
    table = records.table
    hidden: dict[str, pd.Series] = {}
    unknown: dict[str, pd.Series] = {}
    strange = []
    for field in codebook.fields:
        if not field.branching or not set(field.columns) & set(table.columns):
            continue
        try:
            logic = parse_branching(field.branching)
            truth = _Evaluator(records, codebook, hidden).truth(logic)
        except NotUnderstoodError:
            strange.append(field.name)
            unknown[field.name] = pd.Series(True, index=table.index)
            continue
        hidden[field.name] = pd.Series(truth.false, index=table.index)
        unknown[field.name] = pd.Series(~truth.true & ~truth.false, index=table.index)
    return Shown(hidden, unknown, strange)


def fields_asked(names: Collection[str], codebook: Codebook) -> set[str]:
    """Fields, and all that their branching logic reads, directly or through other fields."""
    asked: set[str] = set()
    waiting = [codebook.by_name[name] for name in names]
    while waiting:
        field = waiting.pop()
        asked.add(field.name)
        read = {name for name in _NAMED.findall(field.branching.lower()) if name not in asked}
        waiting += [codebook.by_name[name] for name in read if name in codebook.by_name]
    return asked


class _Evaluator:
    def __init__(self, records: Records, codebook: Codebook, hidden: dict[str, pd.Series]) -> None:
        self.records, self.codebook, self.hidden = records, codebook, hidden

    def truth(self, logic: Logic) -> Truth:
        for value in fields_of(logic):
            if self._column(value) not in self.records.table.columns:
                raise NotUnderstoodError(value.field)
            if value.event and not self.records.has_event(value.event):
                raise NotUnderstoodError(value.event)
        return self._truth(logic)

    def _truth(self, logic: Logic) -> Truth:
        if isinstance(logic, Comparison):
            return self._compared(logic)
        parts = [self._truth(test) for test in logic.tests]
        all_true = np.logical_and.reduce([part.true for part in parts])
        any_true = np.logical_or.reduce([part.true for part in parts])
        all_false = np.logical_and.reduce([part.false for part in parts])
        any_false = np.logical_or.reduce([part.false for part in parts])
        return Truth(all_true, any_false) if logic.word == "and" else Truth(any_true, all_false)

    def _compared(self, test: Comparison) -> Truth:
        (left, open_left), (right, open_right) = self._texts(test.left), self._texts(test.right)
        gone = self._gone(test.left) | self._gone(test.right)
        asks_for_blank = "" in (test.left, test.right)
        # Whatever the value is: it is there.
        unclear = (open_left | open_right) & ~gone & (not asks_for_blank)
        held = [
            None if unknown else _holds(a, b, test.operator, no_value, asks_for_blank)
            for a, b, no_value, unknown in zip(left, right, gone, unclear, strict=True)
        ]
        return Truth(np.array([x is True for x in held]), np.array([x is False for x in held]))

    def _column(self, value: FieldValue) -> str:
        field = self.codebook.by_name.get(value.field)
        return field.checkbox_column(value.code) if field and value.code else value.field

    def _texts(self, side: FieldValue | str) -> tuple[list[str], Flags]:
        """What is compared in every record, and where nobody can say what it is."""
        if isinstance(side, str):
            count = len(self.records.table)
            return [side] * count, np.zeros(count, dtype=bool)
        texts, several = self.records.texts(self._column(side), side.event)
        field = self.codebook.by_name.get(side.field)
        if field is None or not field.choices:
            return texts.tolist(), several.to_numpy()
        known = TICKS if field.type == "checkbox" else field.choices
        return texts.tolist(), (several | ~texts.isin(("", *known))).to_numpy()

    def _gone(self, side: FieldValue | str) -> Flags:
        """Records in which a field has no value because it was hidden."""
        if isinstance(side, str) or side.field not in self.hidden:
            return np.zeros(len(self.records.table), dtype=bool)
        texts, _ = self.records.texts(self._column(side), side.event)
        return self.hidden[side.field].to_numpy() & (texts == "").to_numpy()


def _holds(a: str, b: str, operator: str, no_value: bool, asks_for_blank: bool) -> bool | None:
    """Whether a comparison holds; None where a blank leaves it open."""
    if asks_for_blank and operator in ("=", "<>"):
        return (a == b) == (operator == "=")
    if no_value:
        return operator == "<>"
    if a == "" or b == "":
        return None
    if NUMBER.fullmatch(a) and NUMBER.fullmatch(b):
        return _ordered(float(a), float(b), operator)
    if operator in ("=", "<>"):
        return (a == b) == (operator == "=")
    return _ordered(a, b, operator) if is_iso_date(a) and is_iso_date(b) else None


def _ordered(a: float | str, b: float | str, operator: str) -> bool:
    sign = (a > b) - (a < b)  # type: ignore[operator]
    return {
        "=": sign == 0,
        "<>": sign != 0,
        "<": sign < 0,
        ">": sign > 0,
        "<=": sign <= 0,
        ">=": sign >= 0,
    }[operator]
