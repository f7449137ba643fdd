"""The rows of the published figure: an estimate of the article beside ours, by outcome."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.claims import Claim
from analysis_lib.comparison import ClaimWords, Compared, PublishedComparison
from analysis_lib.format import EN_DASH, NOT_ESTIMABLE, format_fixed, format_interval, format_number

PERCENT = 100.0


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, nan where there is none, and how it is written."""

    value: float
    low: float
    high: float
    text: str

    @property
    def has_interval(self) -> bool:
        return not math.isnan(self.low) and not math.isnan(self.high)


@dataclass(frozen=True)
class PairRow:
    """One estimate: `heading` stands above the rows that share it."""

    heading: str
    label: str
    article: Estimate
    ours: Estimate


def pair_rows(
    published: PublishedComparison, statistic: str, words: ClaimWords
) -> tuple[PairRow, ...]:
    """Every printed `hazard_ratio` or `survival` in the order of the file, headings together."""
    found = [x for x in published.comparison.counted if x.claim.key.statistic == statistic]
    rows = [_row(published, compared, words) for compared in found]
    headings = list(dict.fromkeys(row.heading for row in rows))
    return tuple(sorted(rows, key=lambda row: headings.index(row.heading)))


def _row(published: PublishedComparison, compared: Compared, words: ClaimWords) -> PairRow:
    key = compared.claim.key
    subject = words.subject(key)
    if key.time_months is None:
        heading, label = words.model(key), subject
    else:
        heading = f"{subject} at {format_number(key.time_months)} months"
        label = words.group(key)
    return PairRow(heading, label, _article(published, compared), _ours(published, compared))


def _article(published: PublishedComparison, compared: Compared) -> Estimate:
    limits = [math.nan, math.nan]
    for index, end in enumerate(("low", "high")):
        key = compared.claim.key._replace(statistic=f"{compared.claim.key.statistic}_ci_{end}")
        limits[index] = next(
            (x.claim.value for x in published.comparison.counted if x.claim.key == key), math.nan
        )
    return _estimate(compared.claim, compared.claim.value, *limits)


def _ours(published: PublishedComparison, compared: Compared) -> Estimate:
    """What the results hold, with an interval even where the article prints none."""
    values = list(_values(published, compared.claim))
    if not values:
        return Estimate(math.nan, math.nan, math.nan, EN_DASH)
    return _estimate(compared.claim, *values)


def _values(published: PublishedComparison, claim: Claim) -> Iterator[float]:
    name = claim.key.statistic
    scale = PERCENT if claim.unit == "%" else 1.0
    for statistic in (name, f"{name}_ci_low", f"{name}_ci_high"):
        key = claim.key._replace(statistic=statistic)
        if published.results.has(key):
            yield scale * published.results.value(key)


def _estimate(claim: Claim, value: float, low: float, high: float) -> Estimate:
    def write(number: float) -> str:
        return format_fixed(number, claim.decimals)

    if math.isnan(value):
        return Estimate(value, low, high, NOT_ESTIMABLE)
    interval = "" if math.isnan(low) and math.isnan(high) else format_interval(low, high, write)
    return Estimate(value, low, high, f"{write(value)} ({interval})" if interval else write(value))
