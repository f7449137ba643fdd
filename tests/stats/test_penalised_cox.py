"""Ridge and Firth-penalised Cox models: R, limits that are known, and separation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.partial_likelihood import efron_step, fit_efron
from analysis_lib.stats.ridge_cox import choose_ridge_penalty, deal, fit_ridge_cox
from analysis_lib.stats.risk_sets import risk_sets


def test_ridge_matches_coxph_with_a_ridge_term(model, golden) -> None:
    table = golden("ridge_cox").fillna({"unpenalised": ""})
    cases = list(table.groupby(["data", "unpenalised", "theta", "scale"]))
    assert len(cases) == 5
    for (name, exempt, theta, scale), expected in cases:
        time, event, covariates = model(name)
        fit = fit_ridge_cox(
            time, event, covariates, theta=theta, unpenalised=exempt.split(), scale=bool(scale)
        )
        found = [fit.coefficient(x.variable, x.level) for x in expected.itertuples()]
        np.testing.assert_allclose([x.coefficient for x in found], expected.coefficient, rtol=1e-6)
        np.testing.assert_allclose([x.std_error for x in found], expected.std_error, rtol=1e-6)
        assert fit.effective_parameters == pytest.approx(expected.df.iloc[0], rel=1e-6)


def test_without_a_penalty_ridge_is_the_cox_model(model) -> None:
    time, event, covariates = model("veteran")
    plain, ridge = fit_cox(time, event, covariates), fit_ridge_cox(time, event, covariates, theta=0)
    for term in plain.coefficients:
        other = ridge.coefficient(term.variable, term.level)
        assert other.coefficient == pytest.approx(term.coefficient, rel=1e-8)
        assert other.ci_high == pytest.approx(term.ci_high, rel=1e-8)
        assert (other.n, other.events, other.reference) == (term.n, term.events, term.reference)
    assert ridge.effective_parameters == pytest.approx(7)


def test_a_heavy_penalty_leaves_the_unpenalised_coefficient_of_a_model_alone(model) -> None:
    time, event, covariates = model("veteran")
    alone = fit_cox(time, event, covariates[["trt"]]).coefficient("trt")
    heavy = fit_ridge_cox(time, event, covariates, theta=1e9, unpenalised=["trt"])
    assert heavy.coefficient("trt").coefficient == pytest.approx(alone.coefficient, rel=1e-5)
    assert abs(heavy.coefficient("karno").coefficient) < 1e-6
    assert heavy.effective_parameters == pytest.approx(1, abs=1e-5)


def test_the_unit_of_a_covariate_does_not_matter_when_scaled(model) -> None:
    time, event, covariates = model("lung")
    decades = covariates.assign(age=covariates["age"] / 10)
    years, tens = (fit_ridge_cox(time, event, x, theta=20) for x in (covariates, decades))
    assert tens.coefficient("age").coefficient == pytest.approx(
        10 * years.coefficient("age").coefficient, rel=1e-8
    )
    assert tens.coefficient("sex").coefficient == pytest.approx(
        years.coefficient("sex").coefficient, rel=1e-8
    )


def test_firth_matches_the_penalised_likelihood_maximised_in_r(model, golden) -> None:
    cases = list(golden("firth_cox").groupby("data"))
    assert len(cases) == 3
    for name, expected in cases:
        time, event, covariates = model(name)
        profiled = expected[expected.profile_low.notna()].iloc[0]
        fit = fit_firth_cox(time, event, covariates, profiled=profiled.variable)
        found = [fit.coefficient(x.variable, x.level) for x in expected.itertuples()]
        np.testing.assert_allclose([x.coefficient for x in found], expected.coefficient, rtol=1e-6)
        np.testing.assert_allclose([x.std_error for x in found], expected.std_error, rtol=1e-6)
        term = fit.coefficient(profiled.variable)
        limits = [np.log(term.ci_low), np.log(term.ci_high)]
        np.testing.assert_allclose(limits, [profiled.profile_low, profiled.profile_high], rtol=1e-6)
        assert term.p_value == pytest.approx(profiled.profile_p, rel=1e-6)


def test_firth_is_finite_where_the_likelihood_has_no_maximum(model) -> None:
    time, event, covariates = model("lung_early")
    assert not fit_cox(time, event, covariates).coefficient("early").estimable
    term = fit_firth_cox(time, event, covariates, profiled="early").coefficient("early")
    assert term.estimable
    assert 1 < term.ci_low < term.hazard_ratio < term.ci_high < float("inf")


def test_firth_compares_a_group_without_events() -> None:
    time = np.arange(1.0, 25.0)
    event = np.arange(24) % 2 == 0
    group = pd.Categorical(np.where(event, "a", "b"), ["a", "b"])
    fit = fit_firth_cox(time, event, pd.DataFrame({"group": group}), profiled="group")
    term = fit.coefficient("group", "b")
    assert (term.n, term.events) == (12, 0)
    assert not fit_cox(time, event, pd.DataFrame({"group": group})).coefficients[0].estimable
    assert 0 < term.ci_low < term.hazard_ratio < term.ci_high < 1


def test_an_unpenalised_group_without_events_is_not_estimable_by_ridge(model) -> None:
    time, event, covariates = model("lung_empty")
    fit = fit_ridge_cox(time, event, covariates, theta=5, unpenalised=["ecog"])
    term = fit.coefficient("ecog", "9")
    assert (term.estimable, term.n, term.events) == (False, 15, 0)
    assert term.reason.startswith("infinite coefficient")
    assert fit.coefficient("sex").estimable
    assert fit.coefficient("ecog", "2").estimable


def test_a_level_that_is_no_level_says_why_it_has_no_coefficient() -> None:
    rng = np.random.default_rng(1)
    group = pd.Categorical(["a", "b"] * 20, ["a", "b", "c"])
    frame = pd.DataFrame({"x": rng.normal(size=40), "group": group})
    for fit in (
        fit_ridge_cox(rng.exponential(size=40), np.ones(40, bool), frame, theta=1),
        fit_firth_cox(rng.exponential(size=40), np.ones(40, bool), frame, profiled="group"),
    ):
        term = fit.coefficient("group", "c")
        assert (term.estimable, term.n) == (False, 0)
        assert term.reason == "the same value in every patient at risk"


@pytest.mark.parametrize("fit", [fit_firth_cox, lambda *x: fit_ridge_cox(*x, theta=1)])
def test_nobody_with_an_event_is_an_error(fit) -> None:
    with pytest.raises(StatisticsError, match="nobody has one"):
        fit([1.0, 2.0], [False, False], pd.DataFrame({"x": [0.0, 1.0]}))


def test_a_negative_penalty_is_refused() -> None:
    with pytest.raises(StatisticsError, match="theta must be >= 0, but was -1"):
        fit_ridge_cox([1.0], [True], pd.DataFrame({"x": [0.0]}), theta=-1)


def log_likelihood(time, event, matrix, coefficients) -> float:
    sets = risk_sets(time, event)
    return efron_step(sets, matrix[sets.order], coefficients)[2]


def test_every_fold_has_its_share_of_events_and_of_patients() -> None:
    event = np.arange(57) % 3 == 0
    fold = deal(event, 10, np.random.default_rng(1))
    sizes, events = np.bincount(fold, minlength=10), np.bincount(fold[event], minlength=10)
    assert (sizes.max() - sizes.min(), events.max() - events.min()) == (1, 1)


def test_without_a_penalty_the_criterion_is_that_of_fits_that_leave_a_fold_out(model) -> None:
    time, event, covariates = model("veteran")
    covariates = covariates[["trt", "karno"]]
    found = choose_ridge_penalty(time, event, covariates, seed=7, thetas=[0.0, 5.0], folds=5)
    t, e, x = np.asarray(time, float), np.asarray(event, bool), covariates.to_numpy(float)
    fold = deal(e, 5, np.random.default_rng(7))
    expected = 0.0
    for part in range(5):
        kept = fold != part
        b = fit_efron(t[kept], e[kept], x[kept]).coefficients
        expected += log_likelihood(t, e, x, b) - log_likelihood(t[kept], e[kept], x[kept], b)
    assert found.log_likelihoods[0] == pytest.approx(expected, rel=1e-9)
    assert found.folds == 5


def test_noise_is_penalised_and_signal_is_not() -> None:
    rng = np.random.default_rng(8)
    x = pd.DataFrame(rng.normal(size=(120, 8)), columns=list("abcdefgh"))
    noise = rng.exponential(size=120)
    signal = rng.exponential(np.exp(-1.5 * x.sum(axis=1)))
    event = np.ones(120, dtype=bool)
    heavy, light = (choose_ridge_penalty(t, event, x, seed=1) for t in (noise, signal))
    assert heavy.theta > 50 > 5 > light.theta
    assert light.theta == light.thetas[int(np.argmax(light.log_likelihoods))]


def test_the_seed_decides_the_folds(model) -> None:
    time, event, covariates = model("lung")
    one, same, other = (choose_ridge_penalty(time, event, covariates, seed=s) for s in (1, 1, 2))
    assert one == same
    assert one.log_likelihoods != other.log_likelihoods
