"""Multiple imputation against mice, within Monte Carlo error, and its invariants."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.imputation import LevelDraws, draw_levels, impute, impute_number
from analysis_lib.stats.kaplan_meier import cumulative_hazard
from analysis_lib.stats.partial_likelihood import fit_efron
from analysis_lib.stats.pooling import p_value_error, pool_estimates
from analysis_lib.stats.propensity import fit_many_multinomial, probabilities

COVARIATES = ["age", "log_bili", "albumin", "chol", "ascites", "stage"]
IMPUTATIONS, SHIFTED = 60, 30


@pytest.fixture(scope="module")
def pbc(data) -> pd.DataFrame:
    """Mayo's primary biliary cholangitis, with gaps in a number and in factors of 2 and 4."""
    table = data("pbc_missing")
    table["ascites"] = pd.Categorical(table["ascites"].astype("Int64").astype(str), ["0", "1"])
    table["stage"] = pd.Categorical(table["stage"].astype("Int64").astype(str), list("1234"))
    return table


@pytest.fixture(scope="module")
def complete(pbc) -> pd.DataFrame:
    hazard = cumulative_hazard(pbc["time"], pbc["event"])
    return pbc[COVARIATES].assign(event=pbc["event"].astype(float), hazard=hazard)


def columns(
    copies: dict[str, np.ndarray], table: pd.DataFrame, copy: int, names: Sequence[str] = COVARIATES
) -> np.ndarray:
    """One column per coefficient, in R's order."""
    frame = pd.DataFrame({name: table_column(table[name], copies[name][copy]) for name in names})
    return pd.get_dummies(frame, drop_first=True).astype(float).to_numpy()


def table_column(column: pd.Series, values: np.ndarray) -> pd.Series | pd.Categorical:
    """The values of one copy, as the table has them."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return pd.Series(values)
    return pd.Categorical.from_codes(values, dtype=column.dtype)


def test_pooled_cox_models_agree_with_mice_within_monte_carlo_error(pbc, complete, golden) -> None:
    expected = golden("imputation")
    time, event = pbc["time"].to_numpy(float), pbc["event"].to_numpy(bool)
    copies = impute(complete, imputations=IMPUTATIONS, seed=11).values
    fits = [fit_efron(time, event, columns(copies, complete, i)) for i in range(IMPUTATIONS)]
    estimates = np.array([fit.coefficients for fit in fits])
    variances = np.array([np.diag(np.linalg.inv(fit.information)) for fit in fits])
    assert len(expected) == estimates.shape[1] == 8
    for i, row in enumerate(expected.itertuples()):
        pooled = pool_estimates(estimates[:, i], variances[:, i])
        error = np.hypot(pooled.monte_carlo_error, row.estimate_mc)
        # mice draws no coefficients of a factor of several levels, and has no prior.
        apart = 0.1 * row.std_error
        assert abs(pooled.estimate - row.estimate) < 3.5 * error + apart, row.term
        # The jackknife error shrinks with the square root of the imputations.
        spread = row.std_error_mc * np.sqrt(1 + row.imputations / IMPUTATIONS)
        assert abs(pooled.std_error - row.std_error) < 3.5 * spread, row.term


def test_rubins_rules_match_mice(golden) -> None:
    sets = {
        "few": ([0.21, 0.35, 0.28], [0.071, 0.066, 0.078]),
        "equal": ([0.4] * 5, [0.05, 0.06, 0.05, 0.04, 0.055]),
        "spread": (
            np.sin(np.arange(1, 21)) / 3 - 0.2,
            0.04 + np.cos(np.arange(1, 21)) ** 2 / 50,
        ),
    }
    rows = list(golden("rubin").itertuples())
    assert len(rows) == 6
    for row in rows:
        pooled = pool_estimates(*sets[row.name], complete_degrees_of_freedom=row.dfcom)
        found = [
            pooled.estimate, pooled.std_error, pooled.ci_low, pooled.ci_high, pooled.p_value,
            pooled.degrees_of_freedom, pooled.within, pooled.between, pooled.relative_increase,
            pooled.missing_information,
        ]  # fmt: skip
        np.testing.assert_allclose(found, row[3:-1], rtol=1e-6, atol=1e-15)

        error = p_value_error(*sets[row.name], complete_degrees_of_freedom=row.dfcom)
        assert error == pytest.approx(row.p_value_mc, rel=1e-6)


def test_cumulative_hazard_matches_survfit(pbc, golden) -> None:
    found = cumulative_hazard(pbc["time"], pbc["event"])
    np.testing.assert_allclose(found, golden("nelson_aalen")["hazard"], rtol=1e-10)


def test_cumulative_hazard_by_hand() -> None:
    found = cumulative_hazard([1.0, 2.0, 2.0, 3.0, 0.5], [True, True, True, False, False])
    np.testing.assert_allclose(found, [1 / 4, 1 / 4 + 2 / 3, 1 / 4 + 2 / 3, 1 / 4 + 2 / 3, 0])


def test_known_values_stay_and_every_gap_is_filled_with_a_value_that_someone_has(complete) -> None:
    copies = impute(complete, imputations=3, seed=1).values
    assert list(copies) == list(complete)
    for name, column in complete.items():
        known = column.notna().to_numpy()
        for values in copies[name]:
            drawn = pd.Series(table_column(column, values))
            assert drawn.dtype == column.dtype
            assert (drawn[known] == column[known].set_axis(drawn.index[known])).all()
            assert set(drawn) <= set(column[known])
    ascites = copies["ascites"]
    assert (ascites != ascites[0]).any()


def test_copies_that_are_drawn_apart_fill_the_same_gaps(complete, monkeypatch) -> None:
    monkeypatch.setattr("analysis_lib.stats.imputation._AT_ONCE", 1)
    apart = impute(complete, imputations=3, seed=1, iterations=2).values
    for name, column in complete.items():
        assert apart[name].shape == (3, len(complete))
        known = column.notna().to_numpy()
        assert (apart[name][:, known] == apart[name][0, known]).all()


def test_the_seed_decides_every_copy(complete) -> None:
    first, again = (impute(complete, imputations=2, seed=5, iterations=2).values for _ in range(2))
    other = impute(complete, imputations=1, seed=6, iterations=2).values
    assert all((first[name] == again[name]).all() for name in complete)
    assert (first["chol"][0] != first["chol"][1]).any()
    assert (first["chol"][0] != other["chol"][0]).any()


def test_the_outcome_informs_what_is_imputed() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=400)
    y = 2 * x + rng.normal(size=400)
    gaps = np.arange(400) % 4 == 0
    frame = pd.DataFrame({"x": np.where(gaps, np.nan, x), "y": y})
    drawn = impute(frame, imputations=1, seed=3).values["x"][0]
    assert np.corrcoef(drawn[gaps], y[gaps])[0, 1] == pytest.approx(
        np.corrcoef(x, y)[0, 1], abs=0.06
    )


def test_a_level_that_a_covariate_predicts_without_exception_is_imputed_as_predicted() -> None:
    known = np.column_stack([np.ones(40), np.repeat([-1.0, 1.0], 20)])
    wanted = np.column_stack([np.ones(400), np.repeat([-1.0, 1.0], 200)])
    codes = np.repeat([0, 1], 20)
    random = np.random.default_rng(4)
    (drawn,) = draw_levels(codes, 2, known[None], wanted[None], random).chosen()
    assert (drawn[:200] == 0).mean() > 0.9
    assert (drawn[200:] == 1).mean() > 0.9


def test_collinear_predictors_do_no_harm() -> None:
    x = np.linspace(-1, 1, 50)
    matrix = np.column_stack([np.ones(50), x, x])
    known, wanted = matrix[None, :40], matrix[None, 40:]
    drawn = impute_number(3 * x[:40], known, wanted, np.random.default_rng(1))
    assert np.abs(drawn - 3 * x[39]).max() < 1


def test_a_wide_prior_is_no_prior() -> None:
    codes = np.repeat([0, 1, 2, 0, 1, 2], [10, 20, 30, 25, 15, 5])
    group = np.repeat([0.0, 1.0], [60, 45])
    columns = np.column_stack([np.ones(105), group])[None]
    fit = fit_many_multinomial(columns, codes, 3, precision=np.array([0.0, 1e-12]))
    (chances,) = probabilities(np.array([[[1.0, 0.0], [1.0, 1.0]]]), fit.coefficients)
    np.testing.assert_allclose(chances[0], np.array([10, 20, 30]) / 60, rtol=1e-6)
    np.testing.assert_allclose(chances[1], np.array([25, 15, 5]) / 45, rtol=1e-6)
    # The variance of a log odds ratio: the sum of the inverse counts.
    covariance = np.linalg.inv(fit.information[0])
    assert covariance[1, 1] == pytest.approx(1 / 10 + 1 / 20 + 1 / 25 + 1 / 15, rel=1e-5)


def test_a_column_without_a_value_and_no_imputations_are_refused() -> None:
    empty = pd.DataFrame({"x": [np.nan, np.nan], "y": [1.0, 2.0]})
    with pytest.raises(StatisticsError, match="column 'x' has no known value"):
        impute(empty, imputations=1, seed=1)
    with pytest.raises(StatisticsError, match="imputations must be >= 1, but was 0"):
        impute(empty, imputations=0, seed=1)
    with pytest.raises(StatisticsError, match="two or more imputations"):
        pool_estimates([1.0], [1.0])


def test_shifted_chances_are_those_of_r(golden) -> None:
    """A uniform number just above the golden chances of the levels below one chooses it."""
    plain = {2: [0.05, 0.4, 0.93], 3: [[0.2, 0.5, 0.3], [0.9, 0.06, 0.04]]}
    table = golden("shifted_chances")
    seen = 0
    for (levels, chance, shift), rows in table.groupby(["levels", "chance", "shift"]):
        given = plain[levels][int(chance) - 1]
        chances = np.array([1 - given, given] if levels == 2 else given)
        expected = rows["value"].to_numpy()
        below = np.cumsum([1 - expected[0]] if levels == 2 else expected[:-1])
        for level, edge in enumerate(below):
            uniform = np.array([[edge * (1 - 1e-9), edge * (1 + 1e-9)]])
            draws = LevelDraws(np.tile(chances, (1, 2, 1)), uniform)
            np.testing.assert_array_equal(draws.chosen(shift), [[level, level + 1]])
            seen += 1
    assert seen == 5 * (3 + 2 * 2)


def test_pooled_models_of_shifted_values_agree_with_mice(pbc, complete, golden) -> None:
    """Within Monte Carlo error; among other gaps, which mice draws anew, within a tenth of the
    standard error more.
    """
    table = golden("shifted_imputation")
    time, event = pbc["time"].to_numpy(float), pbc["event"].to_numpy(bool)
    base = ["age", "log_bili", "albumin", "event", "hazard"]
    of = {
        "number": ("chol", complete[[*base, "chol"]]),
        "factor": ("ascites", complete[[*base, "ascites"]]),
        "among_others": ("ascites", complete),
    }
    assert len(table) == 4 * 4 + 4 * 4 + 2 * 8
    for case, (name, frame) in of.items():
        copies = impute(frame, imputations=SHIFTED, seed=23)
        for shift, rows in table[table["case"] == case].groupby("shift"):
            values = {**copies.values, name: copies.shifted(name, frame[name], shift)}
            terms = [x for x in COVARIATES if x in frame]
            fits = [
                fit_efron(time, event, columns(values, frame, i, terms)) for i in range(SHIFTED)
            ]
            estimates = np.array([fit.coefficients for fit in fits])
            variances = np.array([np.diag(np.linalg.inv(fit.information)) for fit in fits])
            apart = 0.1 if case == "among_others" else 0.0
            for i, row in enumerate(rows.itertuples()):
                pooled = pool_estimates(estimates[:, i], variances[:, i])
                error = np.hypot(pooled.monte_carlo_error, row.estimate_mc)
                allowed = 3.5 * error + apart * row.std_error
                assert abs(pooled.estimate - row.estimate) < allowed, (case, shift, row.term)
