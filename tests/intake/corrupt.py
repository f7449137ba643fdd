"""Ways to spoil a good extract, each with what must be found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

Spoil = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Corruption:
    """One fault: how it is made, and the finding (rule, column, severity) that it must give."""

    what: str
    spoil: Spoil
    rule: str
    column: str
    severity: str = "error"


def cells(row: int, **values: str) -> Spoil:
    """Other values in one row (the header is row 1)."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        for column, value in values.items():
            table.loc[row, column] = value
        return table

    return spoil


def column(name: str, change: Callable[[str], str]) -> Spoil:
    """Every value of a column that is not empty, changed."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        table[name] = [change(text) if text else text for text in table[name]]
        return table

    return spoil


def swapped(first: str, second: str) -> Spoil:
    """Two columns under each other's names."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        table[first], table[second] = table[second].copy(), table[first].copy()
        return table

    return spoil


def with_column(name: str, value: Callable[[int], str]) -> Spoil:
    """One more column, filled by the row's number."""
    return lambda table: table.assign(**{name: [value(row) for row in table.index]})


def without(name: str) -> Spoil:
    return lambda table: table.drop(columns=name)


def renamed(**names: str) -> Spoil:
    return lambda table: table.rename(columns=names)


def with_row(**values: str) -> Spoil:
    """One more row, empty but for these values."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        row = {name: values.get(name, "") for name in table.columns}
        return pd.concat([table, pd.DataFrame(row, index=[table.index[-1] + 1])])

    return spoil


def with_copy(row: int, **values: str) -> Spoil:
    """A row once more, with other values in some columns."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        copy = table.loc[[row]].assign(**values).set_axis([table.index[-1] + 1])
        return pd.concat([table, copy])

    return spoil


def header_again(table: pd.DataFrame) -> pd.DataFrame:
    """The header as a further row, as files pasted together have it."""
    names = pd.DataFrame([list(table.columns)], columns=table.columns, index=[table.index[-1] + 1])
    return pd.concat([table, names])


def shifted(row: int) -> Spoil:
    """The values of a row one column to the right of where they belong."""

    def spoil(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[row] = ["", *table.loc[row].tolist()[:-1]]
        return table

    return spoil


def all_shifted(table: pd.DataFrame) -> pd.DataFrame:
    """Every value one column to the right, the last in the first column."""
    return table[[table.columns[-1], *table.columns[:-1]]].set_axis(table.columns, axis=1)
