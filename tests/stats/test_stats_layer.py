"""The estimators stand alone, take nothing ambiguous, and say so where there is nobody."""

from __future__ import annotations

import ast
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis_lib.stats
from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import NOBODY
from analysis_lib.stats.fine_gray import fit_fine_gray
from analysis_lib.stats.group_tests import logrank_test, rank_test
from analysis_lib.stats.inputs import check_groups, check_survival
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.proportional_hazards import proportional_hazards_test
from analysis_lib.stats.proportions import clopper_pearson
from analysis_lib.stats.standardized_difference import continuous_difference

MODULES = sorted(Path(analysis_lib.stats.__file__).parent.glob("*.py"))
ALLOWED = {"numpy", "pandas", "scipy", "lifelines", "analysis_lib"}
STANDARD = {
    "__future__", "collections", "dataclasses", "functools", "math", "typing", "warnings",
}  # fmt: skip
IMPORTS = (ast.Import, ast.ImportFrom)
SLOW = ("lifelines", "scipy.stats", "scipy.optimize")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_imports_only_what_its_layer_may(path: Path) -> None:
    names = imported(path)
    assert {name.split(".")[0] for name in names} <= ALLOWED | STANDARD
    own = {name for name in names if name.startswith("analysis_lib")}
    assert all(name.startswith("analysis_lib.stats.") or name.endswith(".errors") for name in own)


def test_results_cannot_be_changed() -> None:
    for result, field in ((clopper_pearson(1, 2), "count"), (kaplan_meier([1.0], [True]), "n")):
        with pytest.raises(FrozenInstanceError):
            setattr(result, field, 3)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_takes_long_to_import_is_imported_where_it_is_called(path: Path) -> None:
    top = [x for x in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(x, IMPORTS)]
    names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
    assert not {name for name in names if name.startswith(SLOW)}


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


NONE = pd.DataFrame(
    {"group": pd.Categorical([], ["a", "b"]), "age": pd.Series(dtype=float)}, index=[]
)
NO_TIME, NO_EVENT = pd.Series(dtype=float, index=[]), pd.Series(dtype=bool, index=[])


def test_a_cox_model_of_nobody_estimates_nothing_and_says_why() -> None:
    fit = fit_cox(NO_TIME, NO_EVENT, NONE)
    assert (fit.n, fit.events, fit.degrees_of_freedom) == (0, 0, 0)
    assert [x.reason for x in fit.coefficients] == [NOBODY, NOBODY]
    assert fit.factors["group"].counts == {"a": (0, 0), "b": (0, 0)}


def test_a_fine_gray_model_of_nobody_estimates_nothing_and_says_why() -> None:
    fit = fit_fine_gray(NO_TIME, NO_EVENT, NO_EVENT, NONE)
    assert (fit.n, fit.competing) == (0, 0)
    assert fit.coefficient("group", "b").reason == NOBODY


def test_hazards_of_nobody_are_not_tested() -> None:
    tested = proportional_hazards_test(NO_TIME, NO_EVENT, NONE)
    assert np.isnan(tested.global_.p_value)


def test_residuals_that_nothing_scales_are_nan() -> None:
    # Everybody has the event on the same day: the factor's coefficients come out as zero.
    group = pd.Categorical(["a", "b", "c"] * 4)
    tested = proportional_hazards_test(
        np.ones(12), np.ones(12, dtype=bool), pd.DataFrame({"group": group})
    )
    assert np.isnan(tested.residuals.values["group"]).all()
    assert np.isnan(tested.residuals.variances["group"])


def test_a_group_without_a_value_has_no_difference() -> None:
    difference = continuous_difference(pd.Series([1.0, 2.0]), pd.Series(dtype=float))
    assert np.isnan(difference.estimate) and (difference.n_1, difference.n_2) == (2, 0)
