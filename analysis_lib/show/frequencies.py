"""How often something was in each group, and the differences, in sentences."""

from __future__ import annotations

import math

from analysis_lib.format import (
    counted,
    format_count,
    format_p_statement,
    format_percent,
    format_points,
    is_suppressed,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Results
from analysis_lib.show.prose import Estimate, capital, estimate_of, group_phrase, unless_withheld
from analysis_lib.study.exposure import Grouping


def difference_sentence(
    what: str,
    subject: str,
    reference: str,
    estimate: Estimate,
    p_value: float | None,
    exact: float | None = None,
    *,
    named: bool = False,
) -> str:
    """Reads a risk difference of `subject` against `reference`, with P if the test is theirs, and
    that of Fisher's exact test where counts are small.

    `named` where both were just named, with their frequencies.
    """
    difference, low, high = estimate.value, estimate.low, estimate.high
    if not math.isfinite(difference):
        return unless_withheld(
            f"The difference in {what} between {subject} and {reference} is not estimable.",
            difference,
        )
    numbers = (
        f"difference {format_points(difference, 1)} percentage points, {estimate.interval(_points)}"
    )
    if p_value is not None:
        numbers += f", {format_p_statement(p_value)}{_exactly(exact)}{_apart(estimate, p_value)}"
    if low > 0 or high < 0:
        than = "" if named else f" than in {reference}"
        way = "more" if low > 0 else "less"
        return f"{capital(what)} was {way} frequent in {subject}{than} ({numbers})."
    between = "" if named else f" between {subject} and {reference}"
    return f"The frequency of {what} did not differ clearly{between} ({numbers})."


def _exactly(p_value: float | None) -> str:
    return "" if p_value is None else f", by Fisher's exact test {format_p_statement(p_value)}"


def _apart(estimate: Estimate, p_value: float) -> str:
    """Interval and test are computed differently, and near the bound may disagree on zero."""
    excludes = estimate.low > 0 or estimate.high < 0
    below = p_value < 1 - estimate.confidence_level
    return "" if math.isnan(p_value) or excludes == below else "; interval and test disagree"


def _points(value: float) -> str:
    return format_points(value, 1)


EXACT = "fisher_p_value"  # beside the chi-square test where an expected count is below 5


def group_counts(results: Results, groups: Grouping, key: Key) -> str:
    """`75 of 85 (88%) in the InO-exposed group and ...`, the reference last.

    Where it is withheld of how many they are: `75 patients in the InO-exposed group and ...`;
    where a group's number is, all groups together. `key.population` is the base; each group's own
    population is made from it.
    """
    parts = []
    for level in (*groups.levels[1:], groups.reference):
        where = f"{key.population}[{groups.variable}={level}]"
        parts.append(
            f"{_count_of(results, key._replace(population=where))} in {group_phrase(groups, level)}"
        )
    said = listed(parts)
    if not is_suppressed(said) or not results.has(key, "proportion"):
        return said
    return f"{_count_of(results, key)} in all groups together"


def _count_of(results: Results, key: Key) -> str:
    row, count = results.row(key._replace(statistic="proportion")), results.value(key, "count")
    if is_suppressed(row.denominator):
        return counted(count, "patient")
    numbers = f"{format_count(count)} of {format_count(row.denominator or 0)}"
    return f"{numbers} ({format_percent(row.value)})" if row.denominator else numbers


def group_contrasts(results: Results, groups: Grouping, key: Key, what: str) -> str:
    """Each group against the reference, after their counts; of more than two the test is apart."""
    two, tested = len(groups.levels) == 2, key._replace(contrast=groups.contrast)
    p_value = results.value(tested, "p_value")
    exact = results.value(tested, EXACT) if results.has(tested, EXACT) else None
    sentences = []
    for level in groups.levels[1:]:
        at = key._replace(contrast=groups.against(level))
        sentences.append(
            difference_sentence(
                what,
                group_phrase(groups, level),
                group_phrase(groups),
                estimate_of(results, at, "difference"),
                p_value if two else None,
                exact,
                named=two,
            )
        )
    if not two:
        sentences.append(
            f"The test over all groups gives {format_p_statement(p_value)}{_exactly(exact)}."
        )
    return " ".join(sentences)
