"""Which blanks were never asked: the field's branching logic hid it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.source.mapping.values import NUMBER, is_iso_date
from analysis_lib.source.redcap.branching import (
    Comparison,
    FieldValue,
    Logic,
    NotUnderstoodError,
    fields_of,
    parse_branching,
)
from analysis_lib.source.redcap.codebook import Codebook
from analysis_lib.source.redcap.codes import TICKS
from analysis_lib.source.redcap.records import Records

Flags = np.ndarray
_NAMED = re.compile(r"\[([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Truth:
    """Rows where a test is known to hold, and rows where it is known not to; else unknown."""

    true: Flags
    false: Flags


def hidden_fields(records: Records, codebook: Codebook) -> tuple[dict[str, pd.Series], list[str]]:
    """Per field with branching logic, the records where it was hidden; and what is not understood.

    A comparison with a value that is blank, that differs between a record's rows, or that is none
    of the field's choices is unknown, and what depends on it stays missing; unless that value was
    hidden itself: then it has no value, and equals none.
    """
    table = records.table
    hidden: dict[str, pd.Series] = {}
    strange = []
    for field in codebook.fields:
        if not field.branching or not set(field.columns) & set(table.columns):
            continue
        try:
            logic = parse_branching(field.branching)
            truth = _Evaluator(records, codebook, hidden).truth(logic)
        except NotUnderstoodError:
            strange.append(field.name)
            continue
        hidden[field.name] = pd.Series(truth.false, index=table.index)
    return hidden, strange


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
