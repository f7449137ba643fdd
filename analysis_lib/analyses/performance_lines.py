"""Bias and coverage of simulated estimators as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from analysis_lib.analyses.analysis_names import ANALYSES
from analysis_lib.analyses.results import Key, Results
from analysis_lib.format import format_fixed, format_percent

COLUMNS = "{:<66}{:<10}{:>8}  {:<18}{}"


def performance_lines(results: Results) -> list[str]:
    """A heading, then one line per estimator, endpoint and contrast."""
    heads = ("estimator", "endpoint", "cohorts", "bias (MC error)", "coverage (MC error)")
    return [COLUMNS.format(*heads), *_lines(results)]


def _lines(results: Results) -> Iterator[str]:
    for row in results:
        if row.key.statistic != "coverage":
            continue
        key = row.key

        def number(statistic: str, key: Key = key) -> float:
            return results.value(key._replace(statistic=statistic))

        time = f", month {key.time_months:.2f}" if key.time_months is not None else ""
        bias, of_bias = (format_fixed(number(x), 3) for x in ("bias", "bias_mc_error"))
        error = format_percent(number("coverage_mc_error"), 1)
        yield COLUMNS.format(
            f"{ANALYSES[key.analysis]}{time}",
            key.outcome,
            int(number("replications_estimated")),
            f"{bias} ({of_bias})",
            f"{format_percent(row.value, 1)} ({error})",
        )
