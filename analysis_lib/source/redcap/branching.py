"""Branching logic, `[crs_grade] > 0 and [arm(2)] = '1'`: read by a small parser, never run as code.

    any    = all { "or" all }
    all    = test { "and" test }
    test   = "(" any ")" | value operator value
    value  = [field] | [field(code)] | [event] [field] | 'text' | "text" | number

What is not of this form, such as a function or the number of a repeat, is not understood and said
so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    parser = _Parser(_tokens(text))
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
