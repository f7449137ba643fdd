"""The cross-validated penalty: its folds, its criterion, and what it prefers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.partial_likelihood import efron_step, fit_efron, risk_sets
from analysis_lib.stats.ridge_cox import choose_ridge_penalty, deal


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
