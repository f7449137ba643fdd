"""Medians with their ranges, and against the counts of groups."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import Window, hull, window
from analysis_lib.article.audit.shares import find_splits, strata_of
from analysis_lib.article.audit.triples import patients
from analysis_lib.article.audit.words import (
    inside,
    level_name,
    parse_population,
    patients_words,
    quantity_name,
    subject,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import EN_DASH
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "medians and ranges"
_TOUCHING = 1e-9  # a value on the border of two windows rounds to one of them only
STATISTICS = ("minimum", "median", "maximum")


@dataclass(frozen=True)
class Range:
    """What is printed of minimum, median and maximum of a variable in one population."""

    key: Key
    parts: dict[str, Claim]

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(claim.claim_id for claim in self.parts.values())


def find_ranges(claims: Sequence[Claim]) -> list[Range]:
    """Every variable and population with a median or an end of its range, in order of size."""
    found: dict[Key, dict[str, Claim]] = {}
    for claim in claims:
        if claim.key.statistic in STATISTICS:
            parts = found.setdefault(claim.key._replace(statistic=""), {})
            parts.setdefault(claim.key.statistic, claim)
    return [
        Range(key, {name: parts[name] for name in STATISTICS if name in parts})
        for key, parts in found.items()
    ]


def range_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Order of every range, medians of strata around that of the whole, medians at the minimum."""
    ranges = find_ranges(claims)
    return [
        *(_in_order(one, dictionary) for one in ranges if len(one.parts) > 1),
        *_between_strata(ranges, claims, dictionary),
        *_at_minimum(ranges, claims, dictionary),
    ]


def _in_order(one: Range, dictionary: Dictionary) -> Finding:
    values = [claim.value for claim in one.parts.values()]
    said = listed(f"{name} {claim.printed}" for name, claim in one.parts.items())
    ordered = values == sorted(values)
    text = f"{said} are {'' if ordered else 'not '}in order."
    verdict = CONSISTENT if ordered else IMPOSSIBLE
    return about(RULE, subject(one.key, dictionary), verdict, text, one.claims)


def _between_strata(
    ranges: Sequence[Range], claims: Sequence[Claim], dictionary: Dictionary
) -> list[Finding]:
    """The median of a group lies between the medians of strata that make it up."""
    medians = {
        (one.key.outcome, one.key.variable, one.key.population): one.parts["median"]
        for one in ranges
        if "median" in one.parts
    }
    found = {}
    for split in find_splits(claims):
        for (outcome, variable, population), whole in medians.items():
            if population != split.population:
                continue
            same = {p: m for (o, v, p), m in medians.items() if (o, v) == (outcome, variable)}
            strata = strata_of(split, [p for p in same if p != population])
            if strata and split.rest(tuple(strata)) == 0:
                parts = [same[name] for name in strata.values()]
                found[whole.claim_id] = _between(whole, parts, dictionary)
    return list(found.values())


def _between(whole: Claim, parts: Sequence[Claim], dictionary: Dictionary) -> Finding:
    inside_strata = window(whole).overlap(hull(window(part) for part in parts)) > _TOUCHING
    said = listed(part.printed for part in parts)
    text = (
        f"the median of {whole.printed} lies {'between' if inside_strata else 'outside'} those of "
        f"the groups that make up {patients_words(whole.key.population, dictionary)}, {said}."
    )
    verdict = CONSISTENT if inside_strata else IMPOSSIBLE
    cited = (whole.claim_id, *(part.claim_id for part in parts))
    return about(RULE, subject(whole.key, dictionary), verdict, text, cited)


def _at_minimum(
    ranges: Sequence[Range], claims: Sequence[Claim], dictionary: Dictionary
) -> list[Finding]:
    """A median at the smallest value of all puts at least half of the patients there."""
    found = []
    for one in ranges:
        smallest = _smallest(one, ranges)
        median = one.parts.get("median")
        total = patients(claims, one.key.population) if median is None else _total(median, claims)
        if median is None or smallest is None or total is None or median.value != smallest.value:
            continue
        group = patients_words(one.key.population, dictionary)
        quantity = inside(quantity_name(one.key, dictionary))
        text = (
            f"the median of {quantity} in {group} is {median.printed}, the smallest value printed "
            f"of anyone, so at least {math.ceil(total / 2)} of its {total} patients have exactly "
            f"{median.printed}."
        )
        cited = (median.claim_id, smallest.claim_id)
        consequence = "A rank test of this group depends on how it handles so many ties."
        found.append(
            about(RULE, subject(one.key, dictionary), CONSISTENT, text, cited, consequence)
        )
    return found


def _total(median: Claim, claims: Sequence[Claim]) -> int | None:
    return median.denominator or patients(claims, median.key.population)


def _smallest(one: Range, ranges: Sequence[Range]) -> Claim | None:
    """The smallest printed value of a variable, if the whole base or all its groups print one."""
    base = parse_population(one.key.population).base
    printed = [
        other.parts["minimum"]
        for other in ranges
        if "minimum" in other.parts
        and (other.key.outcome, other.key.variable) == (one.key.outcome, one.key.variable)
        and parse_population(other.key.population).base == base
    ]
    return min(printed, key=lambda claim: claim.value, default=None)


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


RANGE_GROUPS = "ranges and groups"


def range_group_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per population whose values are printed both as a range and in groups."""
    return [_of_cut(cut, dictionary) for cut in find_cuts(claims, dictionary)]


def _of_cut(cut: Cut, dictionary: Dictionary) -> Finding:
    low, high = cut.whole.parts["minimum"], cut.whole.parts["maximum"]
    quantity = inside(quantity_name(cut.whole.key, dictionary))
    said = f"{quantity} ({low.printed}{EN_DASH}{high.printed})"
    problem = _problem(cut, dictionary)
    if problem:
        text = f"the range of {said} contradicts its groups: {problem}."
        return about(RANGE_GROUPS, subject(cut.key, dictionary), IMPOSSIBLE, text, cut.claims)
    if cut.ungrouped > 0 and _covered(cut):
        group = patients_words(cut.key.population, dictionary)
        text = (
            f"the groups cover the whole range of {said} of {group}, but hold "
            f"{cut.total - cut.ungrouped} of its {cut.total} patients: a value between two bounds "
            "is in neither, or a patient without a value is not shown."
        )
        return about(RANGE_GROUPS, subject(cut.key, dictionary), NEEDS_ANOTHER, text, cut.claims)
    text = f"the range of {said} begins and ends in groups that hold patients."
    return about(RANGE_GROUPS, subject(cut.key, dictionary), CONSISTENT, text, cut.claims)


def _problem(cut: Cut, dictionary: Dictionary) -> str:
    """What cannot be: an empty group at an end, patients beyond it, a median elsewhere."""
    low, high = (window(cut.whole.parts[name]) for name in ("minimum", "maximum"))
    for level, claim in cut.groups.items():
        bounds, name = cut.bounds[level], level_name(cut.key.variable, level, dictionary)
        if claim.value > 0 and (bounds.high < low.low or bounds.low > high.high):
            return f"{claim.printed} patients are counted in {name}, outside the range"
    for end in (low, high):
        holders = [level for level, bounds in cut.bounds.items() if end.meets(bounds)]
        if cut.ungrouped <= 0 and not any(cut.groups[level].value for level in holders):
            names = listed(level_name(cut.key.variable, level, dictionary) for level in holders)
            if not names:
                return "one end of it lies in no group, but every patient is counted in one"
            return f"it ends in {names}, where no patient is counted"
    median = cut.whole.parts.get("median")
    if median is not None and not _median_fits(cut, median):
        counts = listed(
            f"{c.printed} in {level_name(cut.key.variable, level, dictionary)}"
            for level, c in cut.groups.items()
        )
        return f"with {counts} the median cannot be {median.printed}"
    return ""


def _covered(cut: Cut) -> bool:
    """Whether in whole numbers no gap lies between the groups, nor beyond them in the range."""
    bounds = [cut.bounds[level] for level in cut.groups]
    ends = window(cut.whole.parts["minimum"]).high, window(cut.whole.parts["maximum"]).low
    gapless = all(a.high >= b.low for a, b in pairwise(bounds))
    return gapless and bounds[0].low <= ends[0] and ends[1] <= bounds[-1].high


def _median_fits(cut: Cut, median: Claim) -> bool:
    """Whether half of the patients can lie on either side of some value that prints the median.

    Patients in no group may lie anywhere.
    """
    values = window(median)
    below = sum(
        int(c.value) for level, c in cut.groups.items() if cut.bounds[level].high <= values.low
    )
    above = sum(
        int(c.value) for level, c in cut.groups.items() if cut.bounds[level].low > values.high
    )
    half = math.floor(cut.total / 2)
    return below <= half and above <= half
