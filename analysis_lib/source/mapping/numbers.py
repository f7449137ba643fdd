"""Numbers as they are written elsewhere: decimal commas, percent signs, other units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.units import times

_COMMA = re.compile(r"[+-]?\d+,\d+")
_COMMA_NO_THOUSANDS = re.compile(r"[+-]?(\d+,(\d{1,2}|\d{4,})|(0\d*|\d{4,}),\d{3})")
_POINT = re.compile(r"[+-]?\d[\d,]*\.\d[\d.,]*")
_PERCENT = re.compile(r"([+-]?[\d.,]+)\s*%")
SHOWN = 5


def with_decimal_points(
    table: pd.DataFrame, numeric: Sequence[str], decimal: str, problems: Problems
) -> list[str]:
    """Turn decimal commas into points, in place; returns the columns in which there were any.

    A declared comma is taken at its word, and a point beside it is refused: 1.234 may be a
    thousand or a decimal. Without a declaration commas are decimal only where no number has a
    point, and only in columns where one of them cannot part thousands.
    """
    distinct = {name: pd.Series(table[name].unique(), dtype=object) for name in numeric}
    with_point = [name for name, texts in distinct.items() if _any(_POINT, texts)]
    if decimal == ".":
        return []
    if decimal == "," and with_point:
        _refuse_points(table, with_point, problems)
        return []
    if with_point:
        return []
    changed = []
    for name, texts in distinct.items():
        if not _any(_COMMA, texts):
            continue
        if decimal == "" and not _any(_COMMA_NO_THOUSANDS, texts):
            problems.add(
                "read.decimal",
                f"{name} holds {_first(_COMMA, texts)!r}, where the comma may part thousands or "
                "decimals; declare read.decimal ',' if it is decimal, or write thousands together",
            )
            continue
        table[name] = table[name].map(_point)
        changed.append(name)
    return changed


def without_percent_signs(
    table: pd.DataFrame, numeric: Iterable[str], dictionary: Dictionary
) -> list[str]:
    """Drop the sign from `45 %` where our unit is percent, in place; returns these columns."""
    changed = []
    for name in numeric:
        if dictionary[name].unit == "%" and table[name].str.endswith("%").any():
            table[name] = table[name].map(
                lambda text: found[1] if (found := _PERCENT.fullmatch(text)) else text
            )
            changed.append(name)
    return changed


def in_our_units(table: pd.DataFrame, units: Mapping[str, Fraction]) -> list[str]:
    """Multiply exactly, in place; returns the columns changed, with a factor that is a fraction."""
    present = [name for name in units if name in table.columns]
    for name in present:
        table[name] = table[name].map(
            {text: times(text, units[name]) for text in table[name].unique()}
        )
    return [
        f"{name} (by {units[name]})" if units[name].denominator > 1 else name for name in present
    ]


def _point(text: str) -> str:
    return text.replace(",", ".") if _COMMA.fullmatch(text) else text


def _any(pattern: re.Pattern[str], texts: pd.Series) -> bool:
    return any(pattern.fullmatch(text) for text in texts)


def _first(pattern: re.Pattern[str], texts: pd.Series) -> str:
    return next(text for text in texts if pattern.fullmatch(text))


def _refuse_points(table: pd.DataFrame, names: Iterable[str], problems: Problems) -> None:
    for name in names:
        held = table[name].map(lambda text: _POINT.fullmatch(text) is not None)
        rows = table.index[held].tolist()
        more = f" and {len(rows) - SHOWN} more rows" if len(rows) > SHOWN else ""
        problems.add(
            "read.decimal",
            f"is a comma, but {name} holds numbers with a point, like "
            f"{table.at[rows[0], name]!r} (row {', '.join(map(str, rows[:SHOWN]))}{more}); write "
            "decimals with a comma and no sign between thousands, or leave read.decimal out",
        )
