"""The results table: each number is one row with a unique key; what is omitted has a reason."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar, cast

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import CohortError
from analysis_lib.format import MARK, is_suppressed
from analysis_lib.labels import as_markdown
from analysis_lib.marks import Placed, PlacedCount
from analysis_lib.shown import shown
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.groups import Contrast, Population


class Key(NamedTuple):
    """What a number is: the eight parts that no two rows share."""

    analysis: str
    outcome: str = ""
    population: str = ""
    variable: str = ""
    level: str = ""
    contrast: str = ""
    time_months: float | None = None
    statistic: str = ""

    def within(self, grouping: Grouping, level: str) -> Key:
        """The same of one group of the population."""
        return self._replace(population=str(Population(self.population, grouping.variable, level)))

    def compared(self, grouping: Grouping, level: str) -> Key:
        """The ratio of one group against the reference."""
        return self.of_level(grouping.variable, level, grouping.reference)

    def of_level(self, variable: str, level: str = "", reference: str = "") -> Key:
        """A variable, or a level of it; one that is no reference itself stands against it."""
        against = str(Contrast(level, reference)) if level and level != reference else ""
        return self._replace(variable=variable, level=level, contrast=against)


@dataclass(frozen=True)
class Row:
    """One number: its key, and its value with unit, base and method.

    `value` is unrounded; proportions lie in [0, 1]; what cannot be estimated is nan. `n` is the
    number of patients analysed, `denominator` what a proportion is taken of. A number that is
    `suppressed` is withheld so that no small count is disclosed, and behaves as nan.
    """

    key: Key
    value: float = math.nan
    unit: str = ""
    n: int | None = None
    denominator: int | None = None
    method: str = ""

    def __post_init__(self) -> None:
        # Whoever writes the number down can say where it stands.
        if not math.isnan(self.value):
            object.__setattr__(self, "value", Placed(self.value, (*self.key, "value")))
        for column in ("n", "denominator"):
            count = getattr(self, column)
            if count is not None and not math.isnan(count):
                object.__setattr__(self, column, PlacedCount(count, (*self.key, column)))

    @property
    def suppressed(self) -> bool:
        return is_suppressed(self.value)

    def at(
        self,
        statistic: str,
        value: float | None,
        *,
        unit: str = "",
        n: int | None = None,
        denominator: int | None = None,
        method: str = "",
    ) -> Row:
        """A copy with the same context that holds another number."""
        return Row(
            self.key._replace(statistic=statistic),
            math.nan if value is None else value if is_suppressed(value) else float(value),
            unit,
            self.n if n is None else n,
            denominator,
            method,
        )

    def patients(self, counts: Mapping[str, int]) -> list[Row]:
        """Numbers of patients by statistic."""
        return [self.at(statistic, count, unit="patients") for statistic, count in counts.items()]

    def interval(
        self,
        statistic: str,
        estimate: float | None,
        ci_low: float | None,
        ci_high: float | None,
        *,
        unit: str = "",
        n: int | None = None,
        denominator: int | None = None,
        method: str = "",
    ) -> list[Row]:
        """An estimate and the ends of its interval, `_ci_low` and `_ci_high`."""
        ends = {"": estimate, "_ci_low": ci_low, "_ci_high": ci_high}
        return [
            self.at(statistic + end, x, unit=unit, n=n, denominator=denominator, method=method)
            for end, x in ends.items()
        ]


def context(key: Key, n: int | None = None) -> Row:
    """A row that holds no number yet; `Row.at` fills in one after another."""
    return Row(key, n=n)


def population(base: str, grouping: Grouping, level: str) -> str:
    """One group of a base: `infused[ino=exposed]`."""
    return str(Population(base, grouping.variable, level))


@dataclass(frozen=True)
class Results:
    """Rows with unique keys, the label of a synthetic cohort (empty for patients), the level of
    all their intervals, the count below which patients are suppressed (0 where none are), and
    the dictionary that says what their variables and levels are called.
    """

    rows: tuple[Row, ...]
    label: str
    confidence_level: float = 0.95
    small_cell: int = 0
    dictionary: Dictionary = field(default=Dictionary(()), repr=False)

    def __post_init__(self) -> None:
        if len(self._index) != len(self.rows):
            keys = [row.key for row in self.rows]
            double = next(key for key in keys if keys.count(key) > 1)
            raise CohortError(f"results: {double} stands twice; keys must be unique")

    @cached_property
    def _index(self) -> dict[Key, Row]:
        return {row.key: row for row in self.rows}

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def row(self, key: Key, statistic: str = "") -> Row:
        """The row of a key, or of another statistic beside it.

        Raises
        ------
        KeyError
            The table has no such number.
        """
        at = key._replace(statistic=statistic) if statistic else key
        if at not in self._index:
            raise KeyError(f"no result for {at}")
        return self._index[at]

    def value(self, key: Key, statistic: str = "") -> float:
        return self.row(key, statistic).value

    def values(self, key: Key, *statistics: str) -> list[float]:
        """Several numbers of the same context."""
        return [self.value(key, one) for one in statistics]

    def has(self, key: Key, statistic: str = "") -> bool:
        return (key._replace(statistic=statistic) if statistic else key) in self._index

    def frame(self) -> pd.DataFrame:
        """One line per number: the key's parts, then value, unit, n, denominator, method."""
        records = [
            {
                **row.key._asdict(),
                "value": row.value,
                "unit": row.unit,
                "n": row.n,
                "denominator": row.denominator,
                "method": row.method,
            }
            for row in self.rows
        ]
        frame = pd.DataFrame(records)
        return frame.astype({"n": "Int64", "denominator": "Int64", "time_months": float})


MIME = "application/vnd.cart-report.omitted+json"


class _HasResults(Protocol):
    @property
    def results(self) -> Results: ...


_WITHHELD = re.compile(rf"{MARK} (?=[a-z])")


@dataclass(frozen=True)
class Omitted:
    """Shown in place of a table, a figure or a sentence; its caption is dropped with it.

    A count in its reason is withheld like any other that stands in no row.
    """

    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", _WITHHELD.sub("these ", self.reason))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        sentence = f"*{as_markdown(self.reason)}*"
        return shown(self.reason, markdown=sentence, data={MIME: {"reason": self.reason}})


# What an analysis of a study gives.
OfStudy = _HasResults | Results | Omitted

_Given = TypeVar("_Given")
_Others = ParamSpec("_Others")
_Shown = TypeVar("_Shown")


def unless_omitted(
    view: Callable[Concatenate[_Given, _Others], _Shown],
) -> Callable[Concatenate[_Given | Omitted, _Others], _Shown | Omitted]:
    """A view that gives back the first of its positional arguments that is omitted, if one is."""

    @wraps(view)
    def shown(
        given: _Given | Omitted, /, *others: _Others.args, **named: _Others.kwargs
    ) -> _Shown | Omitted:
        for one in (given, *others):
            if isinstance(one, Omitted):
                return one
        return view(cast(_Given, given), *others, **named)

    return shown


def unless_all_omitted(view: Callable[..., _Shown]) -> Callable[..., _Shown | Omitted]:
    """A view of those of its positional arguments that are not omitted; of none, the first."""

    @wraps(view)
    def shown(*given: object, **named: object) -> _Shown | Omitted:
        left_out = [one for one in given if isinstance(one, Omitted)]
        if left_out and len(left_out) == len(given):
            return left_out[0]
        return view(*(one for one in given if not isinstance(one, Omitted)), **named)

    return shown
