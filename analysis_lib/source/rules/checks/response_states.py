"""Checks against the state of response: in remission, with disease, or not evaluable.

The states are those of the report's own definition (blasts in marrow and blood, extramedullary
disease), read from an extract that is not yet typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from operator import and_, or_

import pandas as pd

from analysis_lib.source.response_criteria import MARROW_BLASTS_PERCENT, MEASURED, says_salvage
from analysis_lib.source.rules.checks.combinations import Condition
from analysis_lib.source.rules.checks.single_values import rows_where
from analysis_lib.source.rules.rule import Check, Hit
from analysis_lib.source.rules.values import Values

State = Callable[[Values], pd.Series]


def with_disease(values: Values) -> pd.Series:
    """Any one sign of leukaemia is no response, whatever else is missing."""
    blasts, circulating, extramedullary = MEASURED[:3]
    return (
        (values.numbers(blasts) >= MARROW_BLASTS_PERCENT)
        | (values.text(circulating) == "yes")
        | (values.text(extramedullary) == "yes")
    )


def in_remission(values: Values) -> pd.Series:
    """Everything measured, and no sign of leukaemia."""
    return _complete(values) & ~with_disease(values)


def not_evaluable(values: Values) -> pd.Series:
    return ~_complete(values) & ~with_disease(values)


def evaluable(values: Values) -> pd.Series:
    return ~not_evaluable(values)


def partly_measured(values: Values) -> pd.Series:
    """Something was measured, but not what a remission needs."""
    return not_evaluable(values) & reduce(or_, map(values.given, MEASURED))


def _complete(values: Values) -> pd.Series:
    return reduce(and_, map(values.given, MEASURED))


def holds_while(condition: Condition, state: State) -> Check:
    """The condition on the rule's first column, in patients of a state of response.

    An extract that measures no response, or lacks the column, has no such patients.
    """

    def check(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
        if values.has(columns[0], *MEASURED):
            yield from rows_where(condition(values, columns[0]) & state(values))

    return check


def is_consolidated(values: Values, column: str) -> pd.Series:
    """Given, neither none nor a level that is labelled as salvage."""
    text = values.text(column)
    return (text != "") & (text != "none") & ~text.map(says_salvage).astype(bool)


def treated_after_relapse(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A consolidation on the day of relapse or later; the third column says which it was."""
    given, relapse = (values.dates(column) for column in columns[:2])
    return rows_where((given >= relapse) & is_consolidated(values, columns[2]))


def treated_before_response(values: Values, columns: tuple[str, ...]) -> Iterator[Hit]:
    """A consolidation before the day on which the remission was found."""
    given, response = (values.dates(column) for column in columns[:2])
    early = (given < response) & is_consolidated(values, columns[2])
    return rows_where(early & in_remission(values))
