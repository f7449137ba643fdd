"""Medians with their ranges: in order, and what a median at the end of its range forces."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, Finding
from analysis_lib.audit.strata import find_splits, strata_of
from analysis_lib.audit.survival_words import patients_words
from analysis_lib.audit.triples import patients
from analysis_lib.audit.windows import hull, window
from analysis_lib.audit.words import inside, parse_population, quantity_name, subject
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

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
