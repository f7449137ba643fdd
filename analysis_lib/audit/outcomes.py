"""Outcomes printed in two groups, with every fraction that can stand behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.audit.comparisons import Comparison, gather_comparisons
from analysis_lib.audit.shares import Share, group_sizes, size_of
from analysis_lib.audit.solver import Solution, solve_denominators
from analysis_lib.audit.words import parse_population
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary


@dataclass(frozen=True)
class Solved:
    """An outcome in two groups, the sizes of the groups, and what fits up to them."""

    comparison: Comparison
    sizes: tuple[int, int]
    solution: Solution

    @property
    def shares(self) -> tuple[Share, Share]:
        return next(iter(self.comparison.rows.values()))

    @property
    def analysis(self) -> str:
        return self.comparison.key.analysis

    @property
    def base(self) -> str:
        return parse_population(self.comparison.key.population).base

    def groups_alike(self, other: Solved) -> bool:
        """Whether another outcome is of the same groups, of whatever base."""
        mine, theirs = (
            [parse_population(group)[1:] for group in solved.comparison.groups]
            for solved in (self, other)
        )
        return mine == theirs


def solve_outcomes(claims: Sequence[Claim], dictionary: Dictionary) -> list[Solved]:
    """The denominators of every outcome whose percents are printed in two groups of known size."""
    sizes = group_sizes(claims)
    found = []
    for comparison in gather_comparisons(claims, dictionary):
        most = tuple(size_of(group, sizes) for group in comparison.groups)
        if most[0] is None or most[1] is None or not _is_open(comparison):
            continue
        first, second = next(iter(comparison.rows.values()))
        solution = solve_denominators(
            (first.percents, second.percents),
            at_most=(most[0], most[1]),
            counts=(first.count, second.count),
            p=comparison.p,
        )
        found.append(Solved(comparison, (most[0], most[1]), solution))
    return found


def _is_open(comparison: Comparison) -> bool:
    """An outcome with percents in both groups and a denominator that is not printed."""
    if comparison.key.variable or len(comparison.rows) != 1:
        return False
    pair = next(iter(comparison.rows.values()))
    printed = all(share.denominator_source == "printed" for share in pair)
    return all(share.percents for share in pair) and not printed
