"""Rows that describe a group (counts, quantities) and compare groups (tests, differences)."""

from __future__ import annotations

import math

import pandas as pd

from analysis_lib.results.rows import Row
from analysis_lib.stats.group_tests import chi_square_test, rank_test
from analysis_lib.stats.proportions import clopper_pearson, newcombe_difference
from analysis_lib.stats.standardized_difference import (
    StandardizedDifference,
    continuous_difference,
    multinomial_difference,
)
from analysis_lib.study.exposure import Grouping


def count_rows(context: Row, count: int, denominator: int, confidence_level: float) -> list[Row]:
    """How many of `denominator` patients, with the exact interval of the proportion."""
    share = clopper_pearson(count, denominator, confidence_level=confidence_level)
    count_row = context.at("count", count, unit="patients", n=denominator, denominator=denominator)
    shares = {
        "proportion": share.estimate,
        "proportion_ci_low": share.ci_low,
        "proportion_ci_high": share.ci_high,
    }
    return [
        count_row,
        *(
            context.at(
                statistic,
                value,
                unit="proportion",
                n=denominator,
                denominator=denominator,
                method=share.method,
            )
            for statistic, value in shares.items()
        ),
    ]


def quantity_rows(context: Row, values: pd.Series, unit: str) -> list[Row]:
    """Evaluable n, median, quartiles and range of a quantity."""
    known = values.dropna().astype(float)
    n = len(known)
    rows = [context.at("n_evaluable", n, unit="patients", n=n)]
    figures = {
        "median": known.median(),
        "quartile_1": known.quantile(0.25),
        "quartile_3": known.quantile(0.75),
        "minimum": known.min(),
        "maximum": known.max(),
    }
    return rows + [context.at(name, value, unit=unit, n=n) for name, value in figures.items()]


def chi_square_row(context: Row, values: pd.Series, groups: pd.Series) -> Row:
    """Pearson's chi-square without correction, over the patients known in both."""
    table = pd.crosstab(values, groups)
    test = chi_square_test(table)
    return context.at("p_value", test.p_value, n=test.n, method=test.method)


def rank_row(context: Row, values: pd.Series, groups: pd.Series) -> Row:
    """Wilcoxon rank-sum (Kruskal-Wallis for more groups), over the patients known in both."""
    known = values.notna() & groups.notna()
    if not known.any():
        return context.at("p_value", math.nan, n=0)
    test = rank_test(values[known].astype(float), groups[known].astype(str))
    return context.at("p_value", test.p_value, n=test.n, method=test.method)


def difference_rows(
    context: Row, counts: dict[str, tuple[int, int]], grouping: Grouping, confidence_level: float
) -> list[Row]:
    """Risk difference of each group against the reference, Newcombe's interval.

    `counts` maps each level to (count, denominator).
    """
    rows = []
    reference = grouping.reference
    for level in grouping.levels[1:]:
        here = context_for(context, grouping.against(level))
        difference = newcombe_difference(
            *counts[level], *counts[reference], confidence_level=confidence_level
        )
        n = counts[level][1] + counts[reference][1]
        values = {
            "difference": difference.estimate,
            "difference_ci_low": difference.ci_low,
            "difference_ci_high": difference.ci_high,
        }
        rows += [
            here.at(statistic, value, unit="proportion", n=n, method=difference.method)
            for statistic, value in values.items()
        ]
    return rows


def standardized_difference_rows(
    context: Row, values: pd.Series, patients: pd.DataFrame, grouping: Grouping
) -> list[Row]:
    """Standardised difference of each group against the reference, missing left out."""
    rows = []
    groups = patients[grouping.variable]
    for level in grouping.levels[1:]:
        compared = values[values.notna() & (groups == level)]
        reference = values[values.notna() & (groups == grouping.reference)]
        difference = _standardized_difference(compared, reference)
        here = context_for(context, grouping.against(level))
        rows.append(
            here.at(
                "standardized_difference",
                abs(difference.estimate),
                n=len(compared) + len(reference),
                method=difference.method,
            )
        )
    return rows


def _standardized_difference(compared: pd.Series, reference: pd.Series) -> StandardizedDifference:
    if isinstance(compared.dtype, pd.CategoricalDtype):
        levels = compared.cat.categories
        counts = [x.value_counts().reindex(levels, fill_value=0) for x in (compared, reference)]
        return multinomial_difference(counts[0].to_numpy(), counts[1].to_numpy())
    return continuous_difference(compared.astype(float), reference.astype(float))


def context_for(context: Row, contrast: str) -> Row:
    """The same context under another contrast."""
    return Row(context.key._replace(contrast=contrast), n=context.n)


IMBALANCE = 0.1  # the customary bound of a negligible difference
