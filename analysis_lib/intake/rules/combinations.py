"""What can be wrong with the values of one row together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from operator import and_, or_

import numpy as np
import pandas as pd

from analysis_lib.intake.rules.checks import rows_where
from analysis_lib.intake.rules.rule import Check, Hit, Values

# What the response to the infusion is judged by, and the bounds of its definition.
MARROW_BLASTS_PERCENT = 5.0
ANC_PER_UL = 1000.0
PLATELETS_PER_UL = 100_000.0

MEASURED = (
    "response_marrow_blasts_percent",
    "response_circulating_blasts",
    "response_extramedullary_disease",
    "response_anc_per_ul",
    "response_platelets_per_ul",
)
# The response as a registry gives it, and its level of those without one.
RECORDED, NO_RESPONSE = "response_recorded", "no_response"
Condition = Callable[[Values, str], pd.Series]


def given(values: Values, column: str) -> pd.Series:
    return values.given(column)


def empty(values: Values, column: str) -> pd.Series:
    return ~values.given(column)


def above(bound: float) -> Condition:
    return lambda values, column: values.numbers(column) > bound


def equal(number: float) -> Condition:
    return lambda values, column: values.numbers(column) == number


def zero_or_empty(values: Values, column: str) -> pd.Series:
    return values.numbers(column).fillna(0) == 0


def one_of(*levels: str) -> Condition:
    return lambda values, column: values.where(column, levels.__contains__)


def given_but_not(*levels: str) -> Condition:
    return lambda values, column: values.where(column, lambda x: x and x not in levels)


def all_hold(*conditions: Condition) -> Check:
    """The first condition on the first column, the second on the second, all in one row.

    A rule about a column that the extract lacks finds nothing.
    """

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        if values.has(*columns):
            held = (x(values, column) for x, column in zip(conditions, columns, strict=True))
            yield from rows_where(reduce(and_, held))

    return check


def is_before_the_other(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    later, earlier = (values.dates(column) for column in columns)
    return rows_where(later < earlier)


def is_after_the_other(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    first, second = (values.dates(column) for column in columns)
    return rows_where(first > second)


def is_later_than(days: int) -> Check:
    """More days after the other date than the event can reasonably lie."""

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        later, earlier = (values.dates(column) for column in columns)
        apart = (later - earlier).dt.days
        return (Hit(row, detail=f"{apart[row]:.0f}") for row in apart.index[apart > days])

    return check


def outlasts_the_follow_up(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """More days in hospital for the infusion than days from apheresis to last contact."""
    stay = values.numbers(columns[0])
    last, infusion = (values.dates(column) for column in columns[1:3])
    start = values.dates(columns[3]).fillna(infusion - pd.Timedelta(days=30))
    return rows_where(stay > (last - start).dt.days + 1)


def is_alive_without_follow_up(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Last seen on the day of infusion, and no death."""
    last, infusion = (values.dates(column) for column in columns[:2])
    return rows_where((last == infusion) & ~values.given(columns[2]))


State = Callable[[Values], pd.Series]


def with_disease(values: Values) -> pd.Series:
    """No response as it was recorded, or by any one sign of leukaemia, whatever else is missing."""
    recorded = values.text(RECORDED)
    return (recorded == NO_RESPONSE) | ((recorded == "") & _shows_disease(values))


def _shows_disease(values: Values) -> pd.Series:
    blasts, circulating, extramedullary = MEASURED[:3]
    return (
        (values.numbers(blasts) >= MARROW_BLASTS_PERCENT)
        | values.where(circulating, "yes".__eq__)
        | values.where(extramedullary, "yes".__eq__)
    )


def in_remission(values: Values) -> pd.Series:
    """A remission as it was recorded, or everything measured and no sign of leukaemia."""
    return _complete(values) & ~with_disease(values)


def not_evaluable(values: Values) -> pd.Series:
    return ~_complete(values) & ~with_disease(values)


def evaluable(values: Values) -> pd.Series:
    return ~not_evaluable(values)


def partly_measured(values: Values) -> pd.Series:
    """Something was measured, but not what a remission needs."""
    return not_evaluable(values) & reduce(or_, map(values.given, MEASURED))


def _complete(values: Values) -> pd.Series:
    return values.given(RECORDED) | _measured(values)


def _measured(values: Values) -> pd.Series:
    return reduce(and_, map(values.given, MEASURED))


def recorded_against_measured(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A recorded response that the measurements beside it contradict."""
    recorded, disease = values.text(columns[0]), _shows_disease(values)
    remission = (recorded != "") & (recorded != NO_RESPONSE)
    against = (remission & disease) | ((recorded == NO_RESPONSE) & _measured(values) & ~disease)
    return rows_where(against)


def holds_while(condition: Condition, state: State) -> Check:
    """The condition on the rule's first column, in patients of a state of response.

    An extract that neither records nor measures a response, or lacks the column, has none.
    """

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        if values.has(columns[0]) and (values.has(*MEASURED) or values.has(RECORDED)):
            yield from rows_where(condition(values, columns[0]) & state(values))

    return check


def says_salvage(level: str) -> bool:
    """Whether a level of consolidation says by its name that it is none."""
    return "salvage" in level.casefold()


def is_consolidated(values: Values, column: str) -> pd.Series:
    """Given, neither none nor a level that is labelled as salvage."""
    return values.where(column, lambda x: x not in ("", "none") and not says_salvage(x))


def treated_after_relapse(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A consolidation on the day of relapse or later; the third column says which it was."""
    given, relapse = (values.dates(column) for column in columns[:2])
    return rows_where((given >= relapse) & is_consolidated(values, columns[2]))


def treated_before_response(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A consolidation before the day on which the remission was found."""
    given, response = (values.dates(column) for column in columns[:2])
    early = (given < response) & is_consolidated(values, columns[2])
    return rows_where(early & in_remission(values))


# Rows that agree in fewer values can belong to two patients.
ENOUGH_ALIKE = 5
_TOTALS = (
    r"(?:grand )?totals?|sum(?:me)?|gesamt|mean|average|mittelwert|median|count|anzahl|"
    r"moyenne|somme|suma|media|n ?= ?\d+"
)


def repeats_the_header(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """The names of the columns once more, as files pasted together have them."""
    ours = list(values.table.columns)
    names = {*ours, *(values.original.get(name, name) for name in ours)}
    holding = [name for name in ours if not names.isdisjoint(values.coded(name)[0])]
    if len(ours) > 1 and len(holding) > len(ours) / 2:
        held = sum(values.where(name, names.__contains__).astype(int) for name in holding)
        yield from rows_where(held > len(ours) / 2)


def is_a_line_of_totals(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A sum or a mean under the patients, told by the word in the patient's column."""
    totals = values.written_as(columns[0], _TOTALS)
    return (Hit(row) for row in values.table.index[totals])


def is_another_row_again(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """Every value but the patient's identifier as in an earlier row."""
    table = values.table.drop(columns=list(columns), errors="ignore")
    first: dict[tuple[str, ...], int] = {}
    for row, cells in _rows(_alike(table, values)):
        if sum(map(bool, cells)) >= ENOUGH_ALIKE and first.setdefault(cells, row) != row:
            yield Hit(row, detail=str(first[cells]))


def _alike(table: pd.DataFrame, values: Values) -> pd.DataFrame:
    """The rows that agree with another one in every column."""
    rows = np.arange(len(table))
    same = np.zeros(len(table), dtype=np.int64)
    for name in table.columns:
        texts, places = values.coded(name)
        if len(texts) > 1 and len(rows):
            same, _ = pd.factorize(same * len(texts) + places[rows])
            often = np.bincount(same)[same] > 1
            rows, same = rows[often], same[often]
    return table.iloc[rows]


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, tuple[str, ...]]]:
    return zip(table.index, table.itertuples(index=False, name=None), strict=True)
