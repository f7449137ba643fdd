"""Estimates printed with both ends of their interval, and the curves that they are points of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.analyses.results import Key
from analysis_lib.audit.windows import Window, window
from analysis_lib.claims import Claim

CONFIDENCE_LEVEL = 0.95  # the claims do not hold it; an article that prints 90% needs another


@dataclass(frozen=True)
class Triple:
    """One estimate and its interval; `key` is theirs without the statistic."""

    key: Key
    estimate: Claim
    low: Claim
    high: Claim

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(claim.claim_id for claim in (self.estimate, self.low, self.high))

    @property
    def windows(self) -> tuple[Window, Window, Window]:
        return window(self.estimate), window(self.low), window(self.high)

    @property
    def months(self) -> float:
        return self.key.time_months or 0.0

    @property
    def in_order(self) -> bool:
        """Whether the estimate lies inside its interval as printed."""
        return self.low.value <= self.estimate.value <= self.high.value


def find_triples(claims: Sequence[Claim], statistic: str) -> list[Triple]:
    """The estimates of a statistic that have both ends; of a repeated one the first."""
    names = (statistic, f"{statistic}_ci_low", f"{statistic}_ci_high")
    printed: dict[Key, dict[str, Claim]] = {}
    for claim in claims:
        if claim.key.statistic in names and claim.comparator == "=":
            parts = printed.setdefault(claim.key._replace(statistic=""), {})
            parts.setdefault(claim.key.statistic, claim)
    return [
        Triple(key, *(parts[name] for name in names))
        for key, parts in printed.items()
        if len(parts) == len(names)
    ]


def find_curves(claims: Sequence[Claim]) -> dict[Key, dict[float, Claim]]:
    """The printed points of every survival curve by time, of a repeated one the first."""
    curves: dict[Key, dict[float, Claim]] = {}
    for claim in claims:
        if claim.key.statistic == "survival" and claim.key.time_months is not None:
            points = curves.setdefault(claim.key._replace(time_months=None), {})
            points.setdefault(claim.key.time_months, claim)
    return {key: dict(sorted(points.items())) for key, points in curves.items()}


def patients(claims: Sequence[Claim], population: str) -> int | None:
    """Patients of a population as printed, from a count of it or from the denominators."""
    for claim in claims:
        if claim.key.population == population and claim.key.statistic == "n":
            return int(claim.value)
    known = [c.denominator for c in claims if c.key.population == population and c.denominator]
    return max(known, default=None)
