"""The results as records, and what the groups and variables are called."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

KEY = (
    "analysis",
    "outcome",
    "population",
    "variable",
    "level",
    "contrast",
    "time_months",
    "statistic",
)


@dataclass(frozen=True)
class Group:
    """One group of a variable, as a heading and inside a sentence."""

    variable: str
    level: str
    label: str
    phrase: str
    is_reference: bool


@dataclass(frozen=True)
class World:
    """The rows by their key, the names, and the parameters of the report."""

    records: Iterable[Mapping[str, Any]]
    groups: tuple[Group, ...]
    exposure: str
    labels: Mapping[str, tuple[str, ...]]
    levels: Mapping[tuple[str, str], str]
    parameters: Any
    synthetic: bool
    rows: dict[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)
    by_analysis: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.records:
            self.rows[tuple(row[name] for name in KEY)] = row
            self.by_analysis.setdefault(row["analysis"], []).append(row)

    def row(self, **key: Any) -> Mapping[str, Any] | None:
        """The record of a key whose other parts are empty."""
        given = {"time_months": None} | key
        return self.rows.get(tuple(given.get(name, "") for name in KEY))

    def where(self, analysis: str, **key: Any) -> list[Mapping[str, Any]]:
        """All records of an analysis that agree with these parts of the key."""
        rows = self.by_analysis.get(analysis, [])
        return [row for row in rows if all(row[name] == value for name, value in key.items())]

    def named(self, text: str, variable: str) -> Group | None:
        """The group of a variable that a phrase or a label stands for."""
        for group in self.groups:
            if group.variable == variable and text in (group.phrase, group.label):
                return group
        return None

    def of(self, variable: str) -> list[Group]:
        """The groups of a variable, the reference first."""
        found = [x for x in self.groups if x.variable == variable]
        return sorted(found, key=lambda x: not x.is_reference)

    def variable(self, label: str, among: Container[str] = ()) -> str:
        """The variable of a label, whatever its case; of several that of these if one is.

        Empty where no variable is called so.
        """
        names = self.labels.get(label.casefold(), ())
        return next((x for x in names if x in among), names[0] if names else "")
