"""P below which a sentence names a difference."""

from __future__ import annotations

import math

from analysis_lib.format import (
    MARK,
    NOTABLE_P,
    constant,
    counted,
    digits_beside,
    format_count,
    format_fixed,
    format_p_statement,
    is_suppressed,
    number_of,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.frequencies import EXACT
from analysis_lib.show.prose import Prose, escape, paragraph
from analysis_lib.topics.baseline.numbers import Baseline

NOTABLE_DIFFERENCE = constant(0.1, "smallest standardised difference that is named")


@unless_omitted
def describe_baseline(baseline: Baseline) -> Prose:
    """Which characteristics differ, by test and by standardised difference."""
    tested = [(v, *_comparison(baseline, v.name)) for v in _shown(baseline)]
    differing = [
        f"{escape(v.phrase)} ({_how(baseline, v.name)}{format_p_statement(p)})"
        for v, p, _ in tested
        if p < NOTABLE_P
    ]
    withheld = any(is_suppressed(p) for _, p, _ in tested)
    tested = [x for x in tested if not is_suppressed(x[1])]
    known = number_of([p for _, p, _ in tested if not math.isnan(p)])
    if differing:
        by_test = (
            f"Of {counted(known, 'characteristic')} that can be tested the groups differed in "
            f"{listed(differing)}."
        )
    else:
        by_test = f"Of {counted(known, 'characteristic')} that can be tested none has P below .05."
    if not known:
        by_test = ""
    return paragraph(by_test, _by_distance(baseline, tested), MARK if withheld else "")


def _shown(baseline: Baseline) -> list:
    return [v for v in baseline.variables if v.name != "age_group_as_published"]


def _comparison(baseline: Baseline, name: str) -> tuple[float, float]:
    """P value and the largest standardised difference of one characteristic.

    P is Fisher's where an expected count is below 5, for which the chi-square has no P.
    """
    grouping, results = baseline.grouping, baseline.results
    key = Key(baseline.analysis, population="infused", variable=name)
    test = EXACT if _is_exact(baseline, name) else "p_value"
    p_value = results.value(_tested(baseline, name), test) if baseline.is_tested else math.nan
    distances = [
        results.value(
            key._replace(contrast=grouping.against(level), statistic="standardized_difference")
        )
        for level in grouping.levels[1:]
    ]
    finite = [x for x in distances if math.isfinite(x)]
    return p_value, max(finite, default=math.nan)


def _tested(baseline: Baseline, name: str) -> Key:
    return Key(
        baseline.analysis,
        population="infused",
        variable=name,
        contrast=baseline.grouping.contrast,
    )


def _is_exact(baseline: Baseline, name: str) -> bool:
    return baseline.results.has(_tested(baseline, name), EXACT)


def _how(baseline: Baseline, name: str) -> str:
    return "by Fisher's exact test " if _is_exact(baseline, name) else ""


def _by_distance(baseline: Baseline, tested: list) -> str:
    distances = [(x, v) for v, _, x in tested if math.isfinite(x)]
    if not distances:
        return ""
    unbalanced = number_of([x for x, _ in distances if x > NOTABLE_DIFFERENCE])
    measured = number_of([x for x, _ in distances])
    largest, variable = max(distances, key=lambda pair: pair[0])
    size = format_fixed(largest, digits_beside(largest, 2, NOTABLE_DIFFERENCE))
    if len(distances) == 1:
        return f"The standardised difference of {escape(variable.phrase)} was {size}."
    return (
        f"The standardised difference exceeded {format_fixed(NOTABLE_DIFFERENCE, 1)} for "
        f"{format_count(unbalanced)} of {format_count(measured)}; it was largest for "
        f"{escape(variable.phrase)} ({size})."
    )
