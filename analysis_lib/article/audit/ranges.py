"""Medians with their ranges, and against the counts of groups."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import Window, hull, window
from analysis_lib.article.audit.triples import gather
from analysis_lib.article.audit.words import is_or_are
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import lower_first
from analysis_lib.format import EN_DASH, counted
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

RULE = "medians and ranges"
_TOUCHING = 1e-9  # a value on the border of two windows rounds to one of them only
STATISTICS = ("minimum", "quartile_1", "median", "quartile_3", "maximum")
_QUARTILES = {"quartile_1": "first quartile", "quartile_3": "third quartile"}


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
    found = gather(claims, STATISTICS)
    return [
        Range(key, {name: parts[name] for name in STATISTICS if name in parts})
        for key, parts in found.items()
    ]


def range_findings(article: Article) -> list[Finding]:
    """Order of every range, medians of strata around that of the whole, medians at the minimum."""
    ranges = find_ranges(article.claims)
    return [
        *(_in_order(one, article) for one in ranges if len(one.parts) > 1),
        *_between_strata(ranges, article),
        *_at_minimum(ranges, article),
    ]


def _in_order(one: Range, article: Article) -> Finding:
    parts = list(one.parts.values())
    said = listed(
        f"{_QUARTILES.get(name, name)} {claim.printed}" for name, claim in one.parts.items()
    )
    ordered = all(window(a).low < window(b).high - _TOUCHING for a, b in combinations(parts, 2))
    text = f"{said} are {'' if ordered else 'not '}in order."
    verdict = CONSISTENT if ordered else IMPOSSIBLE
    return about(RULE, article.subject(one.key), verdict, text, one.claims)


def _between_strata(ranges: Sequence[Range], article: Article) -> list[Finding]:
    """The median of a group lies between the medians of strata that make it up."""
    medians = {
        (one.key.outcome, one.key.variable, one.key.population): one.parts["median"]
        for one in ranges
        if "median" in one.parts and article.type_of(one.key.outcome) != "time_to_event"
    }
    found = {}
    for split in article.splits:
        for (outcome, variable, population), whole in medians.items():
            if population != split.population:
                continue
            same = {p: m for (o, v, p), m in medians.items() if (o, v) == (outcome, variable)}
            strata = split.strata([p for p in same if p != population])
            if strata and split.rest(tuple(strata)) == 0:
                parts = [same[name] for name in strata.values()]
                found[whole.claim_id] = _between(whole, parts, article)
    return list(found.values())


def _between(whole: Claim, parts: Sequence[Claim], article: Article) -> Finding:
    inside_strata = window(whole).overlap(hull(window(part) for part in parts)) > _TOUCHING
    said = listed(part.printed for part in parts)
    text = (
        f"the median of {whole.printed} lies {'between' if inside_strata else 'outside'} those of "
        f"the groups that make up {article.patients_words(whole.key.population)}, {said}."
    )
    verdict = CONSISTENT if inside_strata else IMPOSSIBLE
    cited = (whole.claim_id, *(part.claim_id for part in parts))
    return about(RULE, article.subject(whole.key), verdict, text, cited)


def _at_minimum(ranges: Sequence[Range], article: Article) -> list[Finding]:
    """A median at the smallest value of all puts at least half of the patients there."""
    found = []
    for one in ranges:
        smallest = _smallest(one, ranges)
        median = one.parts.get("median")
        if median is None or smallest is None or median.value != smallest.value:
            continue
        total = median.denominator or article.patients(one.key.population)
        if total is None:
            continue
        group = article.patients_words(one.key.population)
        quantity = lower_first(article.quantity_name(one.key))
        text = (
            f"the median of {quantity} in {group} is {median.printed}, the smallest value printed "
            f"of anyone, so at least {math.ceil(total / 2)} of its {counted(total, 'patient')} "
            f"{'has' if total < 3 else 'have'} exactly {median.printed}."
        )
        cited = (median.claim_id, smallest.claim_id)
        consequence = "A rank test of this group depends on how it handles so many ties."
        found.append(about(RULE, article.subject(one.key), CONSISTENT, text, cited, consequence))
    return found


def _smallest(one: Range, ranges: Sequence[Range]) -> Claim | None:
    """The smallest printed value of a variable, if the whole base or all its groups print one."""
    base = Population.parse(one.key.population).base
    printed = [
        other.parts["minimum"]
        for other in ranges
        if "minimum" in other.parts
        and (other.key.outcome, other.key.variable) == (one.key.outcome, one.key.variable)
        and Population.parse(other.key.population).base == base
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


def find_cuts(article: Article) -> list[Cut]:
    """Every table that prints the range of a variable and counts by its ranges.

    The two are of one variable if their names begin with the same word and the dictionary, where
    it knows both, gives them one unit.
    """
    columns: dict[Key, dict[str, Claim]] = {}
    for claim in article.claims:
        if claim.key.statistic == "count" and claim.key.level:
            groups = columns.setdefault(claim.key._replace(level="", statistic=""), {})
            groups.setdefault(claim.key.level, claim)
    found = []
    for key, levels in columns.items():
        bounds = {level: w for level in levels if (w := bounds_of(level)) is not None}
        total = article.patients(key.population)
        for one in find_ranges(article.claims):
            if len(bounds) > 1 and total is not None and _is_cut(key, one, article):
                ordered = sorted(bounds, key=lambda level: bounds[level].low)
                groups = {level: levels[level] for level in ordered}
                ungrouped = total - sum(int(claim.value) for claim in levels.values())
                found.append(Cut(key, total, one, groups, bounds, ungrouped))
    return found


def _is_cut(key: Key, one: Range, article: Article) -> bool:
    if "minimum" not in one.parts or "maximum" not in one.parts:
        return False
    if (key.analysis, key.population) != (one.key.analysis, one.key.population):
        return False
    names = (key.variable, one.key.variable)
    units = {article.dictionary[name].unit for name in names if name in article.dictionary}
    return names[0].split("_")[0] == names[1].split("_")[0] and len(units) == 1


RANGE_GROUPS = "ranges and groups"


def range_group_findings(article: Article) -> list[Finding]:
    """One finding per population whose values are printed both as a range and in groups."""
    return [_of_cut(cut, article) for cut in find_cuts(article)]


def _of_cut(cut: Cut, article: Article) -> Finding:
    low, high = cut.whole.parts["minimum"], cut.whole.parts["maximum"]
    quantity = lower_first(article.quantity_name(cut.whole.key))
    said = f"{quantity} ({low.printed}{EN_DASH}{high.printed})"
    problem = _problem(cut, article)
    if problem:
        verdict, text = IMPOSSIBLE, f"the range of {said} contradicts its groups: {problem}."
    elif cut.ungrouped > 0 and _covered(cut):
        group = article.patients_words(cut.key.population)
        verdict = NEEDS_ANOTHER
        text = (
            f"the groups cover the whole range of {said} of {group}, but hold "
            f"{cut.total - cut.ungrouped} of its {cut.total} patients: a value between two bounds "
            "is in neither, or a patient without a value is not shown."
        )
    else:
        verdict = CONSISTENT
        text = f"the range of {said} begins and ends in groups that hold patients."
    return about(RANGE_GROUPS, article.subject(cut.key), verdict, text, cut.claims)


def _problem(cut: Cut, article: Article) -> str:
    """What cannot be: an empty group at an end, patients beyond it, a median elsewhere."""
    low, high = (window(cut.whole.parts[name]) for name in ("minimum", "maximum"))
    for level, claim in cut.groups.items():
        bounds, name = cut.bounds[level], article.level_name(cut.key.variable, level)
        if claim.value > 0 and (bounds.high < low.low or bounds.low > high.high):
            said = f"{counted(claim.value, 'patient')} {is_or_are(int(claim.value))}"
            return f"{said} counted in {name}, outside the range"
    for end in (low, high):
        holders = [level for level, bounds in cut.bounds.items() if end.meets(bounds)]
        if cut.ungrouped <= 0 and not any(cut.groups[level].value for level in holders):
            names = listed(article.level_name(cut.key.variable, level) for level in holders)
            if not names:
                return "one end of it lies in no group, but every patient is counted in one"
            return f"it ends in {names}, where no patient is counted"
    median = cut.whole.parts.get("median")
    if median is not None and not _median_fits(cut, median):
        counts = listed(
            f"{c.printed} in {article.level_name(cut.key.variable, level)}"
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
    values, half = window(median), cut.total // 2
    counts = {level: int(claim.value) for level, claim in cut.groups.items()}
    below = sum(n for level, n in counts.items() if cut.bounds[level].high <= values.low)
    above = sum(n for level, n in counts.items() if cut.bounds[level].low > values.high)
    return below <= half and above <= half
