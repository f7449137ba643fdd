"""What a rule is: which columns it looks at, how, how bad it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from analysis_lib.dictionary import Variable
from analysis_lib.source.findings import Severity
from analysis_lib.source.rules.values import Values

Scope = Literal["column", "row", "value"]


@dataclass(frozen=True)
class Hit:
    """One place where a rule is broken; `detail` fills `{detail}` of the rule's words.

    Row 0 stands for the whole column. `value` replaces what stands in the cell.
    """

    row: int
    value: str | None = None
    detail: str = ""


Check = Callable[[Values, tuple[str, ...]], Iterable[Hit]]


@dataclass(frozen=True)
class Rule:
    """One line of the table of rules.

    `name` is unique; rules whose names agree before a colon are of one kind. `columns` are names of
    variables, the first the one that a finding names, or one of the `KINDS`: then the rule holds
    for every variable of that kind. An error of scope `column` or `row` means that the column or
    the row is wrong as a whole: its values are not judged after it.
    """

    name: str
    columns: tuple[str, ...]
    check: Check
    severity: Severity
    message: str
    remedy: str
    scope: Scope = "value"

    @property
    def settles(self) -> bool:
        """Whether what breaks the rule is not looked at by later rules."""
        return self.severity == "error" and len(self.columns) == 1

    def targets(self, values: Values) -> Iterator[tuple[str, ...]]:
        """The columns that the check is called with, once each."""
        kind = self.columns[0]
        if kind in NOT_KNOWN:
            yield from ((name,) for name in values.table.columns if NOT_KNOWN[kind](values, name))
        elif kind in KINDS:
            chosen = (v for v in values.dictionary.extract() if KINDS[kind](v))
            yield from ((variable.name, *self.columns[1:]) for variable in chosen)
        else:
            yield self.columns


KINDS: dict[str, Callable[[Variable], bool]] = {
    "every variable": lambda variable: True,
    "every required variable": lambda variable: variable.required in ("value", "column"),
    "every variable that must be filled": lambda variable: variable.required == "value",
    "every variable that may be empty": lambda variable: variable.required != "value",
    "every date": lambda variable: variable.type == "date",
    "every number": lambda variable: variable.is_numeric,
    "every whole number": lambda variable: variable.type == "integer",
    "every percentage": lambda variable: variable.is_numeric and variable.unit == "%",
    "every variable with levels": lambda variable: bool(variable.levels),
    "every variable with a reference level": lambda variable: bool(variable.reference),
    "every identifier and code": lambda variable: variable.type in ("identifier", "code"),
}
NOT_KNOWN: dict[str, Callable[[Values, str], bool]] = {
    "every column": lambda values, name: True,
    "every column that is not a variable": lambda values, name: name not in values.known,
}


def fill(template: str, values: Values, columns: tuple[str, ...], hit: Hit) -> str:
    """The words of a rule, with what it speaks of."""
    variable = values.variable(columns[0])
    other = columns[1] if len(columns) > 1 else ""
    return template.format(
        detail=hit.detail,
        other=other,
        other_value=values.at(hit.row, other),
        definition=variable.definition.rstrip(".") if variable else "",
        levels=", ".join(variable.levels) if variable else "",
        range=plausible_range(variable) if variable else "",
    )


def plausible_range(variable: Variable) -> str:
    """The dictionary's range in words: `between 0 and 110 years`, `at least 0 doses`."""
    unit = f" {variable.unit}" if variable.unit and variable.type != "date" else ""
    low, high = variable.plausible_min, variable.plausible_max
    if low and high:
        return f"between {low} and {high}{unit}"
    return f"at least {low}{unit}" if low else f"at most {high}{unit}"
