"""Which blanks were never asked: the field's branching logic hid it."""

from __future__ import annotations

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

Flags = np.ndarray


@dataclass(frozen=True)
class Truth:
    """Rows where a test is known to hold, and rows where it is known not to; else unknown."""

    true: Flags
    false: Flags


def hidden_fields(
    table: pd.DataFrame, codebook: Codebook
) -> tuple[dict[str, pd.Series], list[str]]:
    """Per field with branching logic, the rows in which it was hidden; and what is not understood.

    A comparison with a value that is blank is unknown, and what depends on it stays missing,
    unless that value was hidden itself: then it has no value, and equals none.
    """
    hidden: dict[str, pd.Series] = {}
    strange = []
    for field in codebook.fields:
        if not field.branching or not set(field.columns) & set(table.columns):
            continue
        try:
            logic = parse_branching(field.branching)
            truth = _Evaluator(table, codebook, hidden).truth(logic)
        except NotUnderstoodError:
            strange.append(field.name)
            continue
        hidden[field.name] = pd.Series(truth.false, index=table.index)
    return hidden, strange


class _Evaluator:
    def __init__(
        self, table: pd.DataFrame, codebook: Codebook, hidden: dict[str, pd.Series]
    ) -> None:
        self.table, self.codebook, self.hidden = table, codebook, hidden

    def truth(self, logic: Logic) -> Truth:
        for value in fields_of(logic):
            if self._column(value) not in self.table.columns:
                raise NotUnderstoodError(value.field)
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
        left, right = self._texts(test.left), self._texts(test.right)
        gone = self._gone(test.left) | self._gone(test.right)
        pairs = list(zip(left, right, gone, strict=True))
        asks_for_blank = "" in (test.left, test.right)
        held = [_holds(a, b, test.operator, no_value, asks_for_blank) for a, b, no_value in pairs]
        return Truth(np.array([x is True for x in held]), np.array([x is False for x in held]))

    def _column(self, value: FieldValue) -> str:
        field = self.codebook.by_name.get(value.field)
        return field.checkbox_column(value.code) if field and value.code else value.field

    def _texts(self, side: FieldValue | str) -> list[str]:
        if isinstance(side, str):
            return [side] * len(self.table)
        return self.table[self._column(side)].tolist()

    def _gone(self, side: FieldValue | str) -> Flags:
        """Rows in which a field has no value because it was hidden."""
        if isinstance(side, str) or side.field not in self.hidden:
            return np.zeros(len(self.table), dtype=bool)
        return (
            self.hidden[side.field].to_numpy() & (self.table[self._column(side)] == "").to_numpy()
        )


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
