"""The input gate names the offending value and accepts nothing ambiguous."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.group_tests import logrank_test, rank_test
from analysis_lib.stats.inputs import check_groups, check_survival
from analysis_lib.stats.kaplan_meier import kaplan_meier


def test_negative_time_is_refused_with_value_and_row() -> None:
    time = pd.Series([1.0, -3.0], index=["P001", "P017"])
    event = pd.Series([True, False], index=["P001", "P017"])
    with pytest.raises(StatisticsError, match=r"-3\.0.*'P017'"):
        kaplan_meier(time, event)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_time_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(StatisticsError, match=f"{value!r} was given at row 1"):
        kaplan_meier([1.0, value], [True, False])


def test_unequal_lengths_are_refused_with_both_lengths() -> None:
    with pytest.raises(StatisticsError, match="3 and 2"):
        check_survival([1.0, 2.0, 3.0], [True, False])


@pytest.mark.parametrize("event", [[1, 0], [1.0, 0.0], ["yes", "no"], [True, None]])
def test_event_that_is_not_boolean_is_refused(event: list) -> None:
    with pytest.raises(StatisticsError, match="event must be boolean"):
        check_survival([1.0, 2.0], event)


def test_nullable_boolean_without_missing_values_is_accepted() -> None:
    event = pd.Series([True, False], dtype="boolean")
    assert check_survival([1.0, 2.0], event).n_events == 1


def test_no_patient_is_refused() -> None:
    with pytest.raises(StatisticsError, match="at least one patient"):
        kaplan_meier([], np.array([], dtype=bool))


def test_different_row_labels_are_refused() -> None:
    time = pd.Series([1.0, 2.0], index=["a", "b"])
    event = pd.Series([True, False], index=["b", "a"])
    with pytest.raises(StatisticsError, match="same row labels"):
        kaplan_meier(time, event)


def test_missing_group_is_refused() -> None:
    with pytest.raises(StatisticsError, match="missing at row 2"):
        logrank_test([1.0, 2.0, 3.0], [True] * 3, ["a", "b", None])


def test_missing_value_is_refused_by_the_rank_test() -> None:
    with pytest.raises(StatisticsError, match="values must be finite"):
        rank_test([1.0, np.nan, 3.0], ["a", "b", "b"])


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, np.nan])
def test_confidence_level_outside_the_unit_interval_is_refused(level: float) -> None:
    with pytest.raises(StatisticsError, match="confidence_level"):
        kaplan_meier([1.0], [True], confidence_level=level)


def test_groups_keep_the_order_of_their_categories_and_drop_empty_ones() -> None:
    group = pd.Series(pd.Categorical(["high", "low", "high"], ["low", "none", "high"]))
    grouping = check_groups(group)
    assert grouping.labels == ("low", "high")
    assert grouping.codes.tolist() == [1, 0, 1]


def test_groups_that_are_no_categorical_are_sorted() -> None:
    assert check_groups(["b", "a", "b"]).labels == ("a", "b")


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pd.Series(["x", "y", "x"]), "has dtype object"),
        (pd.Series([1.0, None, 2.0]), "missing in 1 of 3 patients"),
        (pd.Series(pd.Categorical(["x", None, "y"])), "missing in 1 of 3 patients"),
    ],
)
def test_covariate_that_cannot_enter_a_model_is_refused(column: pd.Series, message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        fit_cox([1.0, 2.0, 3.0], [True] * 3, pd.DataFrame({"stage": column}))


def test_covariate_given_twice_is_refused() -> None:
    covariates = pd.DataFrame([[1, 2], [2, 1]], columns=["age", "age"])
    with pytest.raises(StatisticsError, match="'age' is given twice"):
        fit_cox([1.0, 2.0], [True, True], covariates)
