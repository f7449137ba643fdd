"""How much ridge penalty a Cox model bears: cross-validated partial likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.stats.efron import efron_step, risk_sets
from analysis_lib.stats.indicators import indicator_columns
from analysis_lib.stats.inputs import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    SurvivalData,
    check_survival,
)
from analysis_lib.stats.ridge_cox import maximise_ridge, ridge_weights

THETAS = tuple(float(x) for x in np.geomspace(0.1, 1000, 17))
FOLDS = 10


@dataclass(frozen=True)
class RidgePenalty:
    """The theta with the highest cross-validated log-likelihood, of the `thetas` that were tried.

    `at_bound` says that the best is the first or the last of them.
    """

    theta: float
    thetas: tuple[float, ...]
    log_likelihoods: tuple[float, ...]
    folds: int

    @property
    def at_bound(self) -> bool:
        return self.theta in (self.thetas[0], self.thetas[-1])


def choose_ridge_penalty(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    seed: int,
    unpenalised: Sequence[str] = (),
    thetas: Sequence[float] = THETAS,
    folds: int = FOLDS,
) -> RidgePenalty:
    """The penalty under which each part of the patients is best predicted by the others.

    Of a part it counts what it adds to the partial log-likelihood of all patients, at
    coefficients fitted without it: Verweij & van Houwelingen (1993). Patients are dealt at random
    to the folds, those with an event first, so that each fold has its share of events.
    """
    data = check_survival(time, event)
    columns = indicator_columns(data, covariates)
    weights = ridge_weights(columns, unpenalised)
    parts = deal(data.event, folds, np.random.default_rng(seed))
    totals = np.zeros(len(thetas))
    for part in range(folds):
        totals += _gains(data, columns.matrix, weights, parts != part, thetas)
    return RidgePenalty(
        float(thetas[int(totals.argmax())]), tuple(thetas), tuple(totals.tolist()), folds
    )


def deal(event: BoolArray, folds: int, random: np.random.Generator) -> IntArray:
    """The fold of each patient; events and non-events differ by at most one between folds."""
    fold = np.empty(len(event), dtype=np.int64)
    order = np.concatenate([random.permutation(np.flatnonzero(event == x)) for x in (True, False)])
    fold[order] = np.arange(len(event)) % folds
    return fold


def _gains(
    data: SurvivalData,
    matrix: FloatArray,
    weights: FloatArray,
    kept: BoolArray,
    thetas: Sequence[float],
) -> FloatArray:
    """What the patients left out add to the log-likelihood, for each penalty."""
    everyone, others = risk_sets(data.time, data.event), data.subset(kept)
    sets = risk_sets(others.time, others.event)
    of_all, of_others = matrix[everyone.order], matrix[kept][sets.order]
    gains = np.zeros(len(thetas))
    start = None
    # From the heaviest penalty on, each solution is near the one before.
    for index in reversed(range(len(thetas))):
        start, _ = maximise_ridge(sets, of_others, thetas[index] * weights, start)
        gains[index] = (
            efron_step(everyone, of_all, start)[2] - efron_step(sets, of_others, start)[2]
        )
    return gains
