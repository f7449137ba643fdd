"""Levels that are ranges of numbers, such as `18_to_39`, and the variable that they cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.audit.ranges import Range, find_ranges
from analysis_lib.audit.triples import patients
from analysis_lib.audit.windows import Window
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

_BOUNDS = (
    (re.compile(r"(?P<low>\d+)_to_(?P<high>\d+)"), 1),  # whole numbers: 39 holds up to below 40
    (re.compile(r"lt_(?P<high>\d+)"), 0),
    (re.compile(r"le_(?P<high>\d+)"), 0),
    (re.compile(r"(ge|gt)_(?P<low>\d+)"), 0),
)


@dataclass(frozen=True)
class Cut:
    """A variable's range in one population and the counts of its groups, in order of size."""

    key: Key
    total: int
    whole: Range
    groups: dict[str, Claim]
    bounds: dict[str, Window]
    ungrouped: int

    @property
    def claims(self) -> tuple[str, ...]:
        return (*(claim.claim_id for claim in self.groups.values()), *self.whole.claims)


def bounds_of(level: str) -> Window | None:
    """The numbers that a level holds, the upper end open for whole numbers; None if not numbers."""
    for pattern, unit in _BOUNDS:
        match = pattern.fullmatch(level)
        if match:
            parts = match.groupdict()
            low = float(parts["low"]) if parts.get("low") else float("-inf")
            high = float(parts["high"]) + unit if parts.get("high") else float("inf")
            return Window(low, high)
    return None


def find_cuts(claims: Sequence[Claim], dictionary: Dictionary) -> list[Cut]:
    """Every table that prints the range of a variable and counts by its ranges.

    The two are of one variable if their names begin with the same word and the dictionary, where
    it knows both, gives them one unit.
    """
    columns: dict[Key, dict[str, Claim]] = {}
    for claim in claims:
        if claim.key.statistic == "count" and claim.key.level:
            groups = columns.setdefault(claim.key._replace(level="", statistic=""), {})
            groups.setdefault(claim.key.level, claim)
    found = []
    for key, levels in columns.items():
        bounds = {level: w for level in levels if (w := bounds_of(level)) is not None}
        total = patients(claims, key.population)
        for one in find_ranges(claims):
            if len(bounds) > 1 and total is not None and _is_cut(key, one, dictionary):
                ordered = sorted(bounds, key=lambda level: bounds[level].low)
                groups = {level: levels[level] for level in ordered}
                ungrouped = total - sum(int(claim.value) for claim in levels.values())
                found.append(Cut(key, total, one, groups, bounds, ungrouped))
    return found


def _is_cut(key: Key, one: Range, dictionary: Dictionary) -> bool:
    if "minimum" not in one.parts or "maximum" not in one.parts:
        return False
    if (key.analysis, key.population) != (one.key.analysis, one.key.population):
        return False
    names = (key.variable, one.key.variable)
    units = {dictionary[name].unit for name in names if name in dictionary}
    return names[0].split("_")[0] == names[1].split("_")[0] and len(units) == 1
