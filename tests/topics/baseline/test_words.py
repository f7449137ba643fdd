"""The sentence on the groups at baseline: by which test they differ, and of how many it speaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.study import make_study
from analysis_lib.topics.baseline.numbers import Baseline, baseline_by_exposure
from analysis_lib.topics.baseline.words import describe_baseline


@pytest.fixture(scope="module")
def baseline(root: Path) -> Baseline:
    """By prior transplantation, of which few in some cells of the tables."""
    parameters = parse_parameters({"include": {"centre": ["C01", "C02"]}})
    return baseline_by_exposure(make_study(parameters, root=root))


def changed(baseline: Baseline, variable: str, **values: float) -> Baseline:
    """With other P values of a characteristic."""
    rows = tuple(
        replace(row, value=values[row.key.statistic])
        if row.key.variable == variable and row.key.statistic in values
        else row
        for row in baseline.results
    )
    return replace(baseline, results=replace(baseline.results, rows=rows))


def test_where_counts_are_small_fishers_test_decides_which_groups_differ(
    baseline: Baseline,
) -> None:
    exact = {x.key.variable for x in baseline.results if x.key.statistic == "fisher_p_value"}
    chosen = next(v for v in baseline.variables if v.name in exact)
    unclear = changed(baseline, chosen.name, p_value=0.01, fisher_p_value=0.06)
    assert f"{chosen.phrase} (" not in str(describe_baseline(unclear)).partition("standardised")[0]
    clear = changed(baseline, chosen.name, p_value=0.06, fisher_p_value=0.01)
    said = f"{chosen.phrase} (by Fisher's exact test P = .010)"
    assert said in str(describe_baseline(clear))


def test_of_one_characteristic_its_difference_is_said(baseline: Baseline) -> None:
    one = replace(baseline, variables=baseline.variables[:1])
    name = one.variables[0].phrase
    assert f"The standardised difference of {name} was 0." in str(describe_baseline(one))
