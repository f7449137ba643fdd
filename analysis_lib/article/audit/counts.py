"""Printed counts and percents: of one group, of two that a P value compares, by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from analysis_lib.article.audit.printed import CHECKABLE, Pair, counts_printing
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast, Population

MISSING = "missing"
UNSURE = ("assumed", "unknown")
AS_PRINTED = "as printed"  # the scope of a P value that stands beside what it tests
ANY = "_any"  # an outcome of this ending is any kind of the outcome without it
COUNTS = ("n", "count")  # statistics that count patients

Group = tuple[str, str]  # a variable and its level
Table = tuple[Pair, ...]
Known = TypeVar("Known")


def both(pair: Sequence[Known | None]) -> tuple[Known, Known] | None:
    """Two of a kind where both are there and known."""
    if len(pair) != 2 or pair[0] is None or pair[1] is None:
        return None
    return pair[0], pair[1]


def against_rest(counts: Pair, totals: Pair) -> Table:
    return (counts, (totals[0] - counts[0], totals[1] - counts[1]))


def fractions(counts: Pair, totals: Pair) -> str:
    """`71/86 vs 86/101`, the reference group first."""
    return f"{counts[0]}/{totals[0]} vs {counts[1]}/{totals[1]}"


@dataclass(frozen=True)
class Share:
    """Every printed count and percent of one key; `denominator` is the recorded one."""

    key: Key
    counts: tuple[Claim, ...]
    percents: tuple[Claim, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(claim.claim_id for claim in (*self.counts, *self.percents))

    @property
    def evidence(self) -> tuple[str, ...]:
        """The claims that settle the count: a printed count needs no percent."""
        return tuple(claim.claim_id for claim in (self.counts or self.percents))

    @property
    def group(self) -> Group:
        """Variable and level of the population."""
        return Population.parse(self.key.population).group

    @property
    def count(self) -> int | None:
        """The printed count."""
        return int(self.counts[0].value) if self.counts else None

    @property
    def denominator(self) -> int | None:
        known = (claim.denominator for claim in (*self.percents, *self.counts))
        return next((n for n in known if n), None)

    @property
    def denominator_source(self) -> str:
        known = (c for c in (*self.percents, *self.counts) if c.denominator)
        return next((claim.denominator_source for claim in known), "")

    @property
    def is_reading(self) -> bool:
        """Whether the denominator is only one reading of several, and no count is printed."""
        return self.denominator_source in UNSURE and not self.counts

    @property
    def settled_count(self) -> int | None:
        """The printed count, or the only one that the percents of the denominator admit."""
        if self.count is not None or not self.denominator or not self.percents:
            return self.count
        admitted = counts_printing(self.percents, self.denominator)
        return admitted[0] if len(admitted) == 1 else None


def gather_shares(claims: Sequence[Claim]) -> dict[Key, Share]:
    """Counts and percents by their key without the statistic, in the order of the claims."""
    counts: dict[Key, list[Claim]] = defaultdict(list)
    percents: dict[Key, list[Claim]] = defaultdict(list)
    keys: dict[Key, None] = {}
    for claim in claims:
        if claim.key.statistic not in ("count", "proportion") or claim.comparator not in CHECKABLE:
            continue
        key = claim.key._replace(statistic="")
        if claim.key.statistic == "count" and claim.comparator == "=":
            counts[key].append(claim)
        elif claim.unit == "%":
            percents[key].append(claim)
        keys[key] = None
    return {key: Share(key, tuple(counts[key]), tuple(percents[key])) for key in keys}


@dataclass(frozen=True)
class Comparison:
    """A P value under one key and one printing; `groups` are populations, the reference first.

    `rows` maps each printed level (or the empty level of an outcome) to its share in either
    group.
    """

    p_values: tuple[Claim, ...]
    groups: tuple[str, str]
    rows: dict[str, tuple[Share, Share]]

    @property
    def p(self) -> Claim:
        return self.p_values[0]

    @property
    def key(self) -> Key:
        return self.p.key

    @property
    def base(self) -> str:
        return Population.parse(self.key.population).base

    @property
    def claims(self) -> tuple[str, ...]:
        """The P values first, then what it is recomputed from."""
        shares = [share for pair in self.rows.values() for share in pair]
        named = [claim.claim_id for claim in self.p_values]
        return tuple(dict.fromkeys(named + [x for share in shares for x in share.evidence]))

    @property
    def levels(self) -> tuple[str, ...]:
        """The printed levels but for a missing value."""
        return tuple(level for level in self.rows if level != MISSING)

    @property
    def is_reading(self) -> bool:
        """Whether a denominator is only one reading of several."""
        return any(share.is_reading for pair in self.rows.values() for share in pair)

    def counts(self, level: str) -> Pair | None:
        """The patients at a level in either group, if the printed numbers settle them."""
        return both([share.settled_count for share in self.rows[level]])

    def denominators(self) -> Pair | None:
        """The recorded denominators, if all rows agree on them."""
        known = {(first.denominator, second.denominator) for first, second in self.rows.values()}
        complete = {pair for pair in known if all(pair)}
        return both(complete.pop()) if len(complete) == 1 else None


def groups_of(key: Key, claims: Sequence[Claim]) -> tuple[str, str] | None:
    """The populations that a contrast names, the reference first.

    The variable is the one by which populations of the same analysis are split; a claims file
    keys groups of one base alike everywhere.
    """
    near = (x.key.population for x in claims if x.key.analysis == key.analysis)
    splits: dict[str, set[str]] = {}
    for _, variable, level in map(Population.parse, near):
        if variable:
            splits.setdefault(variable, set()).add(level)
    base = Population.parse(key.population).base
    for variable, levels in splits.items():
        contrast = Contrast.parse(key.contrast, levels)
        if contrast is not None and set(contrast) <= levels:
            reference, subject = (
                str(Population(base, variable, level)) for level in reversed(contrast)
            )
            return reference, subject
    return None


@dataclass(frozen=True)
class Split:
    """Counts by level inside one population, with the claims that print them."""

    population: str
    total: int
    sizes: dict[str, int]
    claims: dict[str, str]

    def rest(self, levels: Sequence[str]) -> int:
        """Patients of the population at none of the levels."""
        return self.total - sum(self.sizes[level] for level in levels)

    def strata(self, populations: Sequence[str]) -> dict[str, str]:
        """The populations that are levels of the split, by level; empty unless there are two.

        A stratum may be keyed by another variable than the one that counts it, if it names the
        levels alike: `response` within the exposed, `exposure_response` among everyone.
        """
        whole = Population.parse(self.population)
        by_variable: dict[str, dict[str, str]] = {}
        for text in populations:
            part = Population.parse(text)
            if part.base == whole.base and part.level in self.sizes and part != whole:
                by_variable.setdefault(part.variable, {})[part.level] = text
        best = max(by_variable.values(), key=len, default={})
        return best if len(best) > 1 else {}
