"""Rows that describe a group (counts, quantities) and compare groups (tests, differences)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis_lib.format import constant
from analysis_lib.results.rows import Key, Row, context
from analysis_lib.stats.group_tests import LEAST_EXPECTED, chi_square_test, fisher_test, rank_test
from analysis_lib.stats.group_tests import METHOD as FISHER
from analysis_lib.stats.proportions import clopper_pearson, newcombe_difference
from analysis_lib.stats.standardized_difference import (
    StandardizedDifference,
    continuous_difference,
    multinomial_difference,
)
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

IMBALANCE = constant(0.1, "customary bound of a negligible standardised difference")


def count_rows(here: Row, count: int, denominator: int, confidence_level: float) -> list[Row]:
    """How many of `denominator` patients, with the exact interval of the proportion."""
    share = clopper_pearson(count, denominator, confidence_level=confidence_level)
    return [
        here.at("count", count, unit="patients", n=denominator, denominator=denominator),
        *here.interval(
            "proportion",
            share.estimate,
            share.ci_low,
            share.ci_high,
            unit="proportion",
            n=denominator,
            denominator=denominator,
            method=share.method,
        ),
    ]


def event_rows(
    study: Study, patients: pd.DataFrame, analysis: str, outcome: str, base: str
) -> list[Row]:
    """A yes/no outcome by exposure among those known for it: counts, P, difference."""
    known = patients[patients[outcome].notna()]
    happened = known[outcome] == "yes"
    return share_rows(study, known, happened, Key(analysis, outcome=outcome, population=base))


def share_rows(
    study: Study, patients: pd.DataFrame, happened: pd.Series, key: Key, *, tested: bool = True
) -> list[Row]:
    """Counts of `happened` among `patients`, overall and by exposure, with P and difference."""
    groups, counts = study.groups, counts_by_group(patients, happened, study.groups)
    rows = [
        *group_count_rows(study, patients, happened, key),
        *difference_rows(context(key), counts, groups, study.confidence_level),
    ]
    if tested:
        here = context(key._replace(contrast=groups.contrast))
        rows += chi_square_rows(here, happened, groups.of(patients))
    return rows


def group_count_rows(
    study: Study, patients: pd.DataFrame, happened: pd.Series, key: Key
) -> list[Row]:
    """Counts of `happened` among `patients`, overall and by exposure."""
    groups, confidence = study.groups, study.confidence_level
    rows = count_rows(context(key), int(happened.sum()), len(patients), confidence)
    for level, of_group in counts_by_group(patients, happened, groups).items():
        rows += count_rows(context(key.within(groups, level)), *of_group, confidence)
    return rows


def counts_by_group(
    patients: pd.DataFrame, happened: pd.Series, groups: Grouping
) -> dict[str, tuple[int, int]]:
    """To how many it happened in each group, and of how many."""
    inside = {level: patients[groups.variable] == level for level in groups.levels}
    return {level: (int(happened[x].sum()), int(x.sum())) for level, x in inside.items()}


def quantity_rows(here: Row, values: pd.Series, unit: str) -> list[Row]:
    """Evaluable n, median, quartiles and range of a quantity."""
    known = values.dropna().astype(float)
    n = len(known)
    figures = {
        "median": known.median(),
        "quartile_1": known.quantile(0.25),
        "quartile_3": known.quantile(0.75),
        "minimum": known.min(),
        "maximum": known.max(),
    }
    rows = [here.at("n_evaluable", n, unit="patients", n=n)]
    return rows + [here.at(name, value, unit=unit, n=n) for name, value in figures.items()]


def chi_square_rows(here: Row, values: pd.Series, groups: pd.Series) -> list[Row]:
    """Pearson's chi-square without correction, over the patients known in both.

    Beside it Fisher's exact test where an expected count is small.
    """
    table = _counted_in_both(values, groups)
    test = chi_square_test(table)
    rows = [here.at("p_value", test.p_value, n=test.n, method=test.method)]
    exact = fisher_test(table) if test.min_expected < LEAST_EXPECTED else math.nan
    if not math.isnan(exact):
        rows.append(here.at("fisher_p_value", exact, n=test.n, method=FISHER))
    return rows


def _counted_in_both(values: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Patients at each value of each group, of those known in both; in a twentieth of the time
    that `pandas.crosstab` takes of few patients.
    """
    (rows, of_rows), (columns, of_columns) = (pd.factorize(x, sort=True) for x in (values, groups))
    known, shape = (rows >= 0) & (columns >= 0), (len(of_rows), len(of_columns))
    cells = np.bincount(rows[known] * shape[1] + columns[known], minlength=shape[0] * shape[1])
    return pd.DataFrame(cells.reshape(shape))


def rank_row(here: Row, values: pd.Series, groups: pd.Series) -> Row:
    """Wilcoxon rank-sum (Kruskal-Wallis for more groups), over the patients known in both."""
    known = values.notna() & groups.notna()
    if not known.any():
        return here.at("p_value", math.nan, n=0)
    test = rank_test(values[known].astype(float), groups[known].astype(str))
    return here.at("p_value", test.p_value, n=test.n, method=test.method)


def difference_rows(
    here: Row, counts: dict[str, tuple[int, int]], grouping: Grouping, confidence_level: float
) -> list[Row]:
    """Risk difference of each group against the reference, Newcombe's interval.

    `counts` maps each level to (count, denominator).
    """
    rows = []
    for level, at in _against_reference(here, grouping):
        compared, reference = counts[level], counts[grouping.reference]
        found = newcombe_difference(*compared, *reference, confidence_level=confidence_level)
        ends, n = (found.estimate, found.ci_low, found.ci_high), compared[1] + reference[1]
        rows += at.interval("difference", *ends, unit="proportion", n=n, method=found.method)
    return rows


def standardized_difference_rows(
    here: Row, values: pd.Series, patients: pd.DataFrame, grouping: Grouping
) -> list[Row]:
    """Standardised difference of each group against the reference, missing left out."""
    groups, known = patients[grouping.variable], values.notna()
    reference = values[known & (groups == grouping.reference)]
    return [
        difference_row(at, _difference(values[known & (groups == level)], reference))
        for level, at in _against_reference(here, grouping)
    ]


def difference_row(here: Row, found: StandardizedDifference) -> Row:
    """The size of a standardised difference, of the patients of both groups."""
    return here.at(
        "standardized_difference",
        abs(found.estimate),
        n=found.n_1 + found.n_2,
        method=found.method,
    )


def _difference(compared: pd.Series, reference: pd.Series) -> StandardizedDifference:
    if isinstance(compared.dtype, pd.CategoricalDtype):
        levels = compared.cat.categories
        counts = [x.value_counts().reindex(levels, fill_value=0) for x in (compared, reference)]
        return multinomial_difference(counts[0].to_numpy(), counts[1].to_numpy())
    return continuous_difference(compared.astype(float), reference.astype(float))


def _against_reference(here: Row, grouping: Grouping) -> Iterator[tuple[str, Row]]:
    """Every other group, and where its comparison with the reference stands."""
    for level in grouping.levels[1:]:
        yield level, context(here.key._replace(contrast=grouping.against(level)), n=here.n)
