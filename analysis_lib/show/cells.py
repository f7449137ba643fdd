"""The texts of cells: each reads its rows of the results by key and formats them."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

from analysis_lib.format import (
    EN_DASH,
    format_count,
    format_count_percent,
    format_fixed,
    format_interval,
    format_months,
    format_number,
    format_p,
    format_percent,
    format_points,
    format_ratio,
    is_suppressed,
)
from analysis_lib.results.rows import Key, Results

# In a narrow column: no value, no estimate, or no comparison; the notes say so.
NOTHING = EN_DASH


def count(results: Results, key: Key, statistic: str = "count") -> str:
    """A number of patients: `86`."""
    return format_count(results.value(key._replace(statistic=statistic)))


def level_counts(results: Results, key: Key) -> tuple[str, str]:
    """Patients and events at a level of a model's term."""
    return count(results, key, "n_at_level"), count(results, key, "events_at_level")


def denominator(results: Results, key: Key) -> str:
    """How many patients a proportion is taken of: `86`."""
    return format_count(results.row(key._replace(statistic="count")).denominator or 0)


def count_percent(results: Results, key: Key) -> str:
    """A count and its share of the column: `71 (83%)`."""
    value, proportion = _values(results, key, "count", "proportion")
    return format_count_percent(value, proportion)


def count_of(results: Results, key: Key) -> str:
    """A count, what it is taken of, and the share: `90/102 (88%)`."""
    row = results.row(key._replace(statistic="count"))
    if not row.denominator:
        return f"{format_count(row.value)}/0"
    proportion = results.value(key._replace(statistic="proportion"))
    share = format_percent(proportion)
    return f"{format_count(row.value)}/{format_count(row.denominator)} ({share})"


def proportion_interval(results: Results, key: Key) -> str:
    """The interval of a proportion in percent: `80–94`."""
    low, high = _values(results, key, "proportion_ci_low", "proportion_ci_high")
    return format_interval(low, high, format_points)


def median_range(results: Results, key: Key, write: Callable[[float], str] = format_number) -> str:
    """A median and its range: `48 (18–79)`; a dash where nobody has a value.

    Where small counts are suppressed its quartiles stand for the range, whose ends are patients.
    """
    if not results.value(key._replace(statistic="n_evaluable")):
        return NOTHING
    ends = ("quartile_1", "quartile_3") if results.small_cell else ("minimum", "maximum")
    median, low, high = _values(results, key, "median", *ends)
    return f"{write(median)} ({format_interval(low, high, write)})"


def spread(results: Results) -> str:
    """What stands in brackets after a median."""
    return "quartiles" if results.small_cell else "range"


def one_decimal(x: float) -> str:
    """A quantity measured in fractions, all with the same number of decimals."""
    return format_fixed(x, 1)


def evaluable(results: Results, key: Key) -> str:
    """How many patients have a value."""
    return count(results, key, "n_evaluable")


def p_value(results: Results, key: Key, statistic: str = "p_value") -> str:
    """A P value in journal style: `.013`; a dash where there is none."""
    value = results.value(key._replace(statistic=statistic))
    return NOTHING if isnan(value) and not is_suppressed(value) else format_p(value)


def difference(results: Results, key: Key) -> str:
    """A difference of proportions in percentage points: `2.6 (−7.9 to 13.5)`."""
    names = ("difference", "difference_ci_low", "difference_ci_high")
    estimate, low, high = _values(results, key, *names)
    return _with_interval(format_points(estimate, 1), format_interval(low, high, _points))


def standardized_difference(results: Results, key: Key) -> str:
    """An absolute standardised difference, two decimals."""
    return format_fixed(results.value(key._replace(statistic="standardized_difference")), 2)


def survival(results: Results, key: Key) -> str:
    """Survival at a landmark in percent: `54 (43–63)`."""
    names = ("survival", "survival_ci_low", "survival_ci_high")
    estimate, low, high = _values(results, key, *names)
    return _with_interval(format_points(estimate), format_interval(low, high, format_points))


def incidence(results: Results, key: Key) -> str:
    """A cumulative incidence in percent: `34 (25–43)`."""
    names = ("incidence", "incidence_ci_low", "incidence_ci_high")
    estimate, low, high = _values(results, key, *names)
    return _with_interval(format_points(estimate), format_interval(low, high, format_points))


def median_months(results: Results, key: Key) -> str:
    """A median time with its interval: `11.4 (10.2–12.8)`; `not reached` where it is not."""
    estimate, low, high = _values(results, key, "median", "median_ci_low", "median_ci_high")
    return _with_interval(format_months(estimate), format_interval(low, high, format_months))


def hazard_ratio(results: Results, key: Key) -> str:
    """A hazard ratio with its interval: `1.20 (0.71–2.03)`."""
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    estimate, low, high = _values(results, key, *names)
    return _with_interval(format_ratio(estimate), format_interval(low, high, format_ratio))


def robust_hazard_ratio(results: Results, key: Key) -> str:
    """A hazard ratio with the interval of its robust error: `1.57 (0.98–2.53)`."""
    names = ("hazard_ratio", "robust_ci_low", "robust_ci_high")
    estimate, low, high = _values(results, key, *names)
    return _with_interval(format_ratio(estimate), format_interval(low, high, format_ratio))


def hazard_ratio_change(results: Results, key: Key) -> str:
    """A ratio of two hazard ratios with its interval: `1.21 (0.48–3.03)`."""
    names = ("", "_ci_low", "_ci_high")
    estimate, low, high = _values(results, key, *(f"hazard_ratio_change{x}" for x in names))
    return _with_interval(format_ratio(estimate), format_interval(low, high, format_ratio))


def restricted_mean(results: Results, key: Key) -> str:
    """A mean time in months with its interval: `8.8 (7.9–9.6)`."""
    names = ("restricted_mean", "restricted_mean_ci_low", "restricted_mean_ci_high")
    estimate, low, high = _values(results, key, *names)
    return _with_interval(one_decimal(estimate), format_interval(low, high, one_decimal))


def mean_difference(results: Results, key: Key) -> str:
    """A difference of mean times in months: `−1.5 (−2.7 to −0.2)`."""
    names = ("", "_ci_low", "_ci_high")
    found = _values(results, key, *(f"restricted_mean_difference{x}" for x in names))
    estimate, low, high = found
    return _with_interval(one_decimal(estimate), format_interval(low, high, one_decimal))


def completeness(results: Results, key: Key) -> str:
    """Observed over potential person-time in percent: `95.6%`."""
    return format_percent(results.value(key._replace(statistic="completeness")), 1)


def _values(results: Results, key: Key, *statistics: str) -> list[float]:
    return [results.value(key._replace(statistic=name)) for name in statistics]


def _points(x: float) -> str:
    return format_points(x, 1)


def _with_interval(estimate: str, interval: str) -> str:
    """What cannot be estimated, or is not reached at either end, is said once."""
    return estimate if estimate == interval else f"{estimate} ({interval})"
