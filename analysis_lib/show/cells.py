"""The texts of a table: cells read their rows by key, headings and labels say whose they are."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

from analysis_lib.dictionary import Dictionary, Variable
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
from analysis_lib.results.rows import Key, Results, population
from analysis_lib.results.vocabulary import SHARED
from analysis_lib.show.frequencies import EXACT
from analysis_lib.show.table import Column
from analysis_lib.study.exposure import Grouping

Write = Callable[[float], str]
CellText = Callable[[Results, Key], str]

# In a narrow column: no value, no estimate, or no comparison; the notes say so.
NOTHING = EN_DASH


def count(results: Results, key: Key, statistic: str = "count") -> str:
    """A number of patients: `86`."""
    return format_count(results.value(key, statistic))


def level_counts(results: Results, key: Key) -> tuple[str, str]:
    """Patients and events at a level of a model's term."""
    return count(results, key, "n_at_level"), count(results, key, "events_at_level")


def denominator(results: Results, key: Key) -> str:
    """How many patients a proportion is taken of: `86`."""
    return format_count(results.row(key, "count").denominator or 0)


def count_percent(results: Results, key: Key) -> str:
    """A count and its share of the column: `71 (83%)`."""
    value, proportion = results.values(key, "count", "proportion")
    return format_count_percent(value, proportion)


def count_of(results: Results, key: Key) -> str:
    """A count, what it is taken of, and the share: `90/102 (88%)`."""
    row = results.row(key, "count")
    if not row.denominator:
        return f"{format_count(row.value)}/0"
    proportion = results.value(key, "proportion")
    share = format_percent(proportion)
    return f"{format_count(row.value)}/{format_count(row.denominator)} ({share})"


def proportion_interval(results: Results, key: Key) -> str:
    """The interval of a proportion in percent: `80–94`."""
    low, high = results.values(key, "proportion_ci_low", "proportion_ci_high")
    return format_interval(low, high, format_points)


def median_range(results: Results, key: Key, write: Write = format_number) -> str:
    """A median and its range: `48 (18–79)`; a dash where nobody has a value.

    Where small counts are suppressed its quartiles stand for the range, whose ends are patients.
    """
    if not results.value(key, "n_evaluable"):
        return NOTHING
    ends = ("quartile_1", "quartile_3") if results.small_cell else ("minimum", "maximum")
    median, low, high = results.values(key, "median", *ends)
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
    value = results.value(key, statistic)
    return NOTHING if isnan(value) and not is_suppressed(value) else format_p(value)


def p_of_counts(results: Results, key: Key) -> str:
    """The P value of a table of counts; Fisher's in brackets where the results hold it."""
    p = p_value(results, key)
    if not results.has(key, EXACT) or results.row(key, EXACT).suppressed:
        return p
    return f"{p} [{p_value(results, key, EXACT)}]"


def p_of_counts_column(results: Results) -> Column:
    """Wide enough for both."""
    return Column("P", 1.2 if _exact(results) else 0.7)


def exact_note(results: Results) -> str:
    """What stands in brackets after P; empty where nothing does."""
    if not _exact(results):
        return ""
    return (
        "P in brackets: Fisher's exact test, where an expected count is below 5 and the table has "
        "two rows or two columns."
    )


def _exact(results: Results) -> bool:
    return any(x.key.statistic == EXACT and not x.suppressed for x in results)


def difference(results: Results, key: Key) -> str:
    """A difference of proportions in percentage points: `2.6 (−7.9 to 13.5)`."""
    return estimate(results, key, "difference", _points)


def standardized_difference(results: Results, key: Key) -> str:
    """An absolute standardised difference, two decimals."""
    return format_fixed(results.value(key, "standardized_difference"), 2)


def survival(results: Results, key: Key) -> str:
    """Survival at a landmark in percent: `54 (43–63)`."""
    return estimate(results, key, "survival", format_points)


def incidence(results: Results, key: Key) -> str:
    """A cumulative incidence in percent: `34 (25–43)`."""
    return estimate(results, key, "incidence", format_points)


def median_months(results: Results, key: Key) -> str:
    """A median time with its interval: `11.4 (10.2–12.8)`; `not reached` where it is not."""
    return estimate(results, key, "median", format_months)


def hazard_ratio(results: Results, key: Key) -> str:
    """A hazard ratio with its interval: `1.20 (0.71–2.03)`."""
    return estimate(results, key, "hazard_ratio", format_ratio)


def robust_hazard_ratio(results: Results, key: Key) -> str:
    """A hazard ratio with the interval of its robust error: `1.57 (0.98–2.53)`."""
    return estimate(results, key, "hazard_ratio", format_ratio, limits="robust")


def penalised_hazard_ratio(results: Results, key: Key) -> str:
    """A hazard ratio with Firth's penalty and its profile interval: `1.20 (0.71–2.03)`."""
    return estimate(results, key, "penalised_hazard_ratio", format_ratio)


def hazard_ratio_change(results: Results, key: Key) -> str:
    """A ratio of two hazard ratios with its interval: `1.21 (0.48–3.03)`."""
    return estimate(results, key, "hazard_ratio_change", format_ratio)


def restricted_mean(results: Results, key: Key) -> str:
    """A mean time in months with its interval: `8.8 (7.9–9.6)`."""
    return estimate(results, key, "restricted_mean", one_decimal)


def mean_difference(results: Results, key: Key) -> str:
    """A difference of mean times in months: `−1.5 (−2.7 to −0.2)`."""
    return estimate(results, key, "restricted_mean_difference", one_decimal)


def completeness(results: Results, key: Key) -> str:
    """Observed over potential person-time in percent: `95.6%`."""
    return format_percent(results.value(key, "completeness"), 1)


def _points(x: float) -> str:
    return format_points(x, 1)


def estimate(results: Results, key: Key, statistic: str, write: Write, *, limits: str = "") -> str:
    """An estimate with its interval; what has neither, or is reached at neither end, is said once.

    `limits` begins the names of the interval's ends where it is not that of the estimate.
    """
    ends = f"{limits or statistic}_ci_low", f"{limits or statistic}_ci_high"
    value, low, high = results.values(key, statistic, *ends)
    text, interval = write(value), format_interval(low, high, write)
    return text if text == interval else f"{text} ({interval})"


def populations(grouping: Grouping, base: str) -> tuple[str, ...]:
    """The populations of the columns: everyone, then each group."""
    return (base, *(population(base, grouping, level) for level in grouping.levels))


def contrasts(grouping: Grouping) -> tuple[str, ...]:
    """Each group against the reference."""
    return tuple(grouping.against(level) for level in grouping.levels[1:])


def across(results: Results, grouping: Grouping, key: Key, text: CellText) -> tuple[str, ...]:
    """The same number of everyone and of each group."""
    where = populations(grouping, key.population)
    return tuple(text(results, key._replace(population=one)) for one in where)


def against_reference(
    results: Results, grouping: Grouping, key: Key, text: CellText
) -> tuple[str, ...]:
    """The same number of each group against the reference."""
    return tuple(text(results, key._replace(contrast=one)) for one in contrasts(grouping))


def group_columns(results: Results, grouping: Grouping, at: Key, share: float) -> list[Column]:
    """One column for everyone and one a group, headed by label and size.

    `at` is the key of a row that counts the patients of its population.
    """
    labels = ("All", *grouping.labels)
    sizes = [
        results.row(at._replace(population=where)).n or 0
        for where in populations(grouping, at.population)
    ]
    return [Column(sized(label, size), share) for label, size in zip(labels, sizes, strict=True)]


def sized(label: str, size: float) -> str:
    """A heading with the size of its group below."""
    return f"{label}\n(N\u00a0=\u00a0{format_count(size)})"


def contrast_columns(grouping: Grouping, heading: str, share: float) -> list[Column]:
    """One column of two groups; with more, one a group under a spanner naming the reference."""
    if len(grouping.levels) == 2:
        return [Column(heading, share)]
    spanner = f"{heading}, against {grouping.inside[0]}"
    return [Column(label, share, spanner) for label in grouping.labels[1:]]


def of_group(label: str, grouping: Grouping, level: str) -> str:
    """A label, and of several groups which."""
    return label if len(grouping.levels) == 2 else f"{label}: {grouping.label_of(level)}"


def with_unit(variable: Variable) -> str:
    """The label and its unit, unless label or levels name it already: `Age, years`."""
    named = " ".join((variable.label, *variable.level_labels)).lower()
    if not variable.unit or variable.unit.lower() in named:
        return variable.label
    return f"{variable.label}, {variable.unit}"


def population_phrase(base: str, dictionary: Dictionary) -> str:
    """`patients in CR or CRi after infusion`, as vocabulary and cohort say it."""
    return dictionary.own_words(SHARED.populations[base])


def definition(variable: Variable) -> str:
    """The definition without the clauses on how the extract codes it, such as `0 = none`."""
    clauses = variable.definition.rstrip(".").split("; ")
    return "; ".join(clause for clause in clauses if " = " not in clause)


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
