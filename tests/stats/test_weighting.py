"""Propensity, weights and weighted estimators: R's values, exact balance, hand calculations."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_robust import fit_weighted_cox
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.propensity import fit_many_propensities, fit_propensity
from analysis_lib.stats.standardized_difference import (
    continuous_difference,
    multinomial_difference,
    weighted_continuous_difference,
    weighted_multinomial_difference,
)
from analysis_lib.stats.weighted_kaplan_meier import (
    effective_sample_size,
    inverse_probability_weights,
    overlap_weights,
    weighted_kaplan_meier,
)

CELLS = ["squamous", "smallcell", "adeno", "large"]


def weigh(n: int) -> np.ndarray:
    """The weights of tests/reference/weighted.R."""
    i = np.arange(n)
    return 0.25 + (7 * i) % 5 / 3 + i % 13 / 10


def typed(table: pd.DataFrame, terms: list[str]) -> pd.DataFrame:
    covariates = table[terms].copy()
    for name, levels in (("celltype", CELLS), ("ecog", [0, 1, 2, 3])):
        if name in covariates:
            covariates[name] = pd.Categorical(covariates[name], levels)
    return covariates


@pytest.fixture
def scaled(data) -> pd.DataFrame:
    table = data("veteran")
    return table.assign(age=table["age"] / 10, karno=table["karno"] / 10)


@pytest.mark.parametrize(
    ("name", "group", "terms"),
    [
        ("veteran", "trt", ["karno", "celltype", "age", "prior"]),
        ("lung_months", "sex", ["age", "time"]),
    ],
)
def test_two_groups_match_glm(name, group, terms, data, golden) -> None:
    expected = golden("propensity").query("data == @name")
    fit = fit_propensity(data(name)[group], typed(data(name), terms))
    assert list(fit.coefficients.columns[1:]) == list(expected["term"][1:])
    assert fit.labels[1] == str(expected["member"].iloc[0])
    np.testing.assert_allclose(fit.coefficients.iloc[0], expected["coefficient"], rtol=1e-6)
    np.testing.assert_allclose(fit.std_errors.iloc[0], expected["std_error"], rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], rel=1e-9)
    assert not fit.separated


def test_calendar_years_match_glm_in_one_sample_and_in_many(data, golden) -> None:
    """Their intercept lies far from 0: half the way there is no maximum, and no balance."""
    expected = golden("propensity").query("data == 'dated'")
    table = data("lung_months")
    year = 1980.0 + np.arange(len(table)) % 7 + 3 * (table["sex"] == 2)
    terms = table[["age"]].astype(float).assign(year=year)
    fit = fit_propensity(table["sex"], terms)
    assert fit.coefficients["(intercept)"].iloc[0] < -1000 and not fit.separated
    np.testing.assert_allclose(fit.coefficients.iloc[0], expected["coefficient"], rtol=1e-6)
    np.testing.assert_allclose(fit.std_errors.iloc[0], expected["std_error"], rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], rel=1e-9)
    codes = (table["sex"] == 2).to_numpy().astype(int)
    columns = np.column_stack([np.ones(len(terms)), terms])
    many = fit_many_propensities(columns, codes, 2, np.ones((1, len(terms))))[0]
    np.testing.assert_allclose(many, fit.probabilities, rtol=1e-7)


def test_four_groups_match_multinom(scaled, golden) -> None:
    expected = golden("propensity").query("data == 'scaled'")
    fit = fit_propensity(
        pd.Series(pd.Categorical(scaled["celltype"], CELLS)), scaled[["karno", "age", "prior"]]
    )
    for field in ("coefficient", "std_error"):
        found = fit.coefficients if field == "coefficient" else fit.std_errors
        table = expected.pivot(index="member", columns="term", values=field)
        table = table.rename(columns={"(Intercept)": "(intercept)"})
        np.testing.assert_allclose(found, table.loc[found.index, found.columns], rtol=1e-6)
    assert fit.log_likelihood == pytest.approx(expected["log_likelihood"].iloc[0], rel=1e-9)


def test_overlap_weights_of_two_groups_balance_every_mean_exactly(data) -> None:
    table = data("veteran")
    covariates = typed(table, ["karno", "celltype", "age", "prior"])
    fit = fit_propensity(table["trt"], covariates)
    codes = (table["trt"] == 2).to_numpy().astype(int)
    weights = overlap_weights(fit.probabilities, codes)
    np.testing.assert_allclose(weights, 1 - fit.probabilities[np.arange(len(codes)), codes])
    columns = pd.get_dummies(covariates, dtype=float)
    means = [
        np.average(columns[codes == code], axis=0, weights=weights[codes == code])
        for code in (0, 1)
    ]
    np.testing.assert_allclose(means[0], means[1], rtol=1e-9)
    assert np.ptp(columns[codes == 0].mean() - columns[codes == 1].mean()) > 0.5


def test_inverse_weights_recount_a_two_by_two_table_by_hand() -> None:
    # x = 0: one of four exposed; x = 1: three of four.
    x = pd.DataFrame({"x": [0.0] * 4 + [1.0] * 4})
    exposed = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    fit = fit_propensity(exposed, x)
    np.testing.assert_allclose(fit.probabilities[:, 1], [0.25] * 4 + [0.75] * 4, rtol=1e-9)
    weights = inverse_probability_weights(fit.probabilities, exposed)
    np.testing.assert_allclose(weights, [2 / 3] * 3 + [2, 2] + [2 / 3] * 3, rtol=1e-9)
    assert effective_sample_size(weights[exposed == 1]) == pytest.approx(16 / (4 + 3 * 4 / 9))
    assert effective_sample_size([2.0] * 5) == pytest.approx(5)


def test_a_group_told_apart_without_exception_is_called_separated() -> None:
    x = pd.DataFrame({"x": np.arange(20.0)})
    fit = fit_propensity(np.arange(20) >= 10, x)
    assert fit.separated
    assert fit.probabilities[[0, -1], [0, 1]].min() > 1 - 1e-6
    assert fit.hopeless


def test_a_level_of_one_patient_separates_and_leaves_the_others_in_doubt() -> None:
    group = ["a", "b"] * 20
    level = pd.Categorical(["known"] * 39 + ["lacking"], ["known", "lacking"])
    fit = fit_propensity(group, pd.DataFrame({"x": np.arange(40.0) % 7, "level": level}))
    assert fit.separated
    assert not fit.hopeless
    assert np.isfinite(fit.probabilities).all()


def test_a_sum_of_other_columns_is_left_out_of_the_propensity(data) -> None:
    table = data("veteran")
    covariates = table[["age", "karno"]].assign(both=table["age"] + table["karno"])
    fit = fit_propensity(table["trt"], covariates)
    assert ("both", "") in fit.aliased and "both" not in fit.coefficients
    np.testing.assert_allclose(
        fit.probabilities, fit_propensity(table["trt"], table[["age", "karno"]]).probabilities
    )


@pytest.mark.parametrize(
    ("name", "level"), [("veteran", 0.95), ("veteran", 0.9), ("lung_months", 0.95)]
)
def test_weighted_survival_matches_robust_survfit(name, level, data, golden) -> None:
    expected = golden("weighted_kaplan_meier").query("data == @name")
    expected = expected[np.isclose(expected["confidence_level"], level)]
    table = data(name)
    curve = weighted_kaplan_meier(
        table["time"], table["event"], weigh(len(table)), confidence_level=level
    )
    found = [curve.at(t) for t in expected["time"]]
    for field in ("survival", "std_error", "ci_low", "ci_high"):
        values = [getattr(x, field) for x in found]
        np.testing.assert_allclose(values, expected[field], rtol=1e-6, err_msg=field)
    assert curve.median().estimate == pytest.approx(expected["median"].iloc[0])


def test_equal_weights_give_the_unweighted_curve_and_count_patients(data) -> None:
    table = data("lung_months")
    weighted = weighted_kaplan_meier(table["time"], table["event"], np.full(len(table), 3.0))
    plain = kaplan_meier(table["time"], table["event"])
    np.testing.assert_allclose(weighted.times, plain.times)
    np.testing.assert_allclose(weighted.survival, plain.survival, rtol=1e-12)
    for field in ("at_risk", "events", "censored"):
        np.testing.assert_array_equal(getattr(weighted, field), getattr(plain, field))


def test_a_weighted_curve_that_falls_to_nothing_has_no_error_there() -> None:
    curve = weighted_kaplan_meier([1.0, 2.0], [True, True], [0.3, 0.1])
    np.testing.assert_allclose(curve.survival, [1, 0.25, 0], atol=1e-15)
    assert np.isnan(curve.ci_low[-1]) and curve.survival[-1] == 0


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("veteran", "trt"),
        ("veteran", "trt karno celltype"),
        ("lung_months", "sex"),
        ("lung_months", "age sex ecog"),
    ],
)
def test_weighted_cox_matches_robust_coxph_with_ties(name, terms, data, golden) -> None:
    expected = golden("weighted_cox").query("data == @name and terms == @terms")
    table = data(name)
    fit = fit_weighted_cox(
        table["time"], table["event"], typed(table, terms.split()), weigh(len(table))
    )
    assert [(c.variable, c.level) for c in fit.coefficients] == list(
        zip(expected["variable"], expected["level"], strict=True)
    )
    for field in ("coefficient", "std_error", "hazard_ratio", "ci_low", "ci_high", "p_value"):
        values = [getattr(c, field) for c in fit.coefficients]
        np.testing.assert_allclose(values, expected[field], rtol=1e-6, err_msg=field)


def test_weighted_ratio_without_events_or_without_maximum_says_why(model) -> None:
    time, event, covariates = model("lung_early")
    weights = weigh(len(time))
    fit = fit_weighted_cox(time, event, covariates[["early"]], weights)
    assert not fit.coefficient("early").estimable and fit.coefficient("early").reason
    nobody = fit_weighted_cox(time, np.zeros(len(time), bool), covariates[["age"]], weights)
    assert nobody.coefficient("age").reason == "no events"
    with pytest.raises(KeyError):
        fit.coefficient("age")
    time, event, covariates = model("lung_empty")
    empty = fit_weighted_cox(time, event, covariates[["ecog"]], weights)
    plain = fit_cox(time, event, covariates[["ecog"]])
    assert empty.coefficient("ecog", "9").reason == plain.coefficient("ecog", "9").reason
    assert empty.coefficient("ecog", "1").estimable


def test_weighted_differences_match_cov_wt_and_the_distance(data, golden) -> None:
    expected = golden("weighted_difference").set_index("variable")["estimate"]
    table = data("veteran").assign(w=weigh(137))
    one, two = (table[table["trt"] == x] for x in (1, 2))
    age = weighted_continuous_difference(one["age"], one["w"], two["age"], two["w"])
    assert age.estimate == pytest.approx(expected["age"], rel=1e-6)
    shares = [x.groupby("celltype")["w"].sum().reindex(CELLS) for x in (one, two)]
    cells = weighted_multinomial_difference(shares[0], len(one), shares[1], len(two))
    assert cells.estimate == pytest.approx(expected["celltype"], rel=1e-6)


def test_equal_weights_give_the_unweighted_differences(data) -> None:
    table = data("veteran")
    one, two = (table[table["trt"] == x] for x in (1, 2))
    weights = [np.full(len(x), 0.4) for x in (one, two)]
    age = weighted_continuous_difference(one["age"], weights[0], two["age"], weights[1])
    assert age.estimate == pytest.approx(
        continuous_difference(one["age"], two["age"]).estimate, rel=1e-12
    )
    counts = [x["celltype"].value_counts().reindex(CELLS) for x in (one, two)]
    cells = weighted_multinomial_difference(0.4 * counts[0], 68, 0.4 * counts[1], 69)
    assert cells.estimate == pytest.approx(multinomial_difference(*counts).estimate, rel=1e-12)
    prior = sqrt(2) * (0.2 - 0.4) / sqrt(0.2 * 0.8 + 0.4 * 0.6)
    two_levels = weighted_multinomial_difference([1, 4], 5, [2, 3], 5)
    assert two_levels.estimate == pytest.approx(abs(prior))


def test_weights_that_are_not_positive_are_refused() -> None:
    with pytest.raises(StatisticsError, match="above 0"):
        weighted_kaplan_meier([1.0, 2.0], [True, False], [1.0, 0.0])
    with pytest.raises(StatisticsError, match="two or more levels"):
        fit_propensity(["a", "a"], pd.DataFrame({"x": [1.0, 2.0]}))
    with pytest.raises(StatisticsError, match="there is no patient"):
        fit_propensity([], pd.DataFrame({"x": []}, dtype=float))
    with pytest.raises(StatisticsError, match="weight >= 0"):
        weighted_multinomial_difference([1, -1], 2, [1, 1], 2)
