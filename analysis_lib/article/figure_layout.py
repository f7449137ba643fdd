"""The rows of the published figure, as wide and high as their texts need."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.comparison.compare import Compared
from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.words import ClaimWords
from analysis_lib.format import EN_DASH, NOT_ESTIMABLE, format_fixed, format_interval, format_number
from analysis_lib.show.figure import FULL_MM, MARGIN_MM
from analysis_lib.show.measure import line_count, text_height, text_width, wrap

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


INDENT_MM = 3.0
GAP_MM = 4.0
_LABEL_MM = 58.0
_HEAD_MM = 5.5
_ROW_MM = 5.2
_RIGHT_MM = 2.0


@dataclass(frozen=True)
class PairLayout:
    """Millimetres of the columns and rows; headings are rows without marks."""

    rows: tuple[PairRow, ...]
    heads: tuple[str, str]
    intervals: tuple[str, str]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(wrap(row.label, _LABEL_MM - INDENT_MM) for row in self.rows)

    @cached_property
    def places(self) -> tuple[tuple[float, float, float], ...]:
        """Of every row the top of its heading (or its own top), its top, and its middle."""
        found, at, heading = [], 0.0, ""
        for row, label in zip(self.rows, self.labels, strict=True):
            first = at
            if row.heading and row.heading != heading:
                at += _HEAD_MM
            heading = row.heading
            height = max(_ROW_MM, text_height(line_count(label)) + MARGIN_MM)
            found.append((first, at, at + height / 2))
            at += height
        return tuple(found)

    @cached_property
    def height(self) -> float:
        _, top, middle = self.places[-1]
        return top + 2 * (middle - top) + MARGIN_MM

    @cached_property
    def plot_left(self) -> float:
        widths = [INDENT_MM + text_width(label) for label in self.labels]
        return (
            MARGIN_MM
            + max([*widths, *(text_width(x.heading, bold=True) for x in self.rows)])
            + GAP_MM
        )

    @cached_property
    def text_ends(self) -> tuple[float, float]:
        """The right edges of the article's and our column of texts."""
        ours = FULL_MM - _RIGHT_MM
        return ours - self._width(1) - GAP_MM, ours

    @cached_property
    def plot_width(self) -> float:
        return self.text_ends[0] - self._width(0) - GAP_MM - self.plot_left

    def _width(self, column: int) -> float:
        texts = [(row.article, row.ours)[column].text for row in self.rows]
        heads = (text_width(x, bold=True) for x in (self.heads[column], self.intervals[column]))
        return max(*heads, *(text_width(x) for x in texts))
