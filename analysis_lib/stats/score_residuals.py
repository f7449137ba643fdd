"""Score residuals of a Cox model, of which robust errors are made."""

from __future__ import annotations

import numpy as np

from analysis_lib.stats.inputs import FloatArray, SurvivalData


def score_residuals(
    data: SurvivalData,
    matrix: FloatArray,
    coefficients: FloatArray,
    *,
    weights: FloatArray | None = None,
) -> FloatArray:
    """One row per patient, one column per coefficient; at the maximum the columns sum to zero.

    A patient's own event adds the distance from the mean of those at risk; every event while at
    risk takes away that distance times the hazard it carries. Among d tied events Efron's k-th
    risk set (k = 0..d-1) holds the tied patients with weight 1 - k/d. With `weights` the residuals
    are those of one unit of each patient's weight; times the weight, they sum to zero.

    R: ``residuals(coxph(..., ties = "efron"), type = "score")``. Therneau & Grambsch (2000),
    Modeling Survival Data, section 7.1.
    """
    centred = matrix - matrix.mean(axis=0)
    predictor = centred @ coefficients
    risk = np.exp(predictor - predictor.max())
    weight = np.ones(len(centred)) if weights is None else weights
    residuals = np.zeros_like(centred)
    for t in np.unique(data.time[data.event]):
        at_risk = data.time >= t
        tied = (data.time == t) & data.event
        deaths = int(tied.sum())
        mean_weight = weight[tied].mean()
        for k in range(deaths):
            own = risk * np.where(tied, 1 - k / deaths, 1.0) * at_risk
            share = own / (weight @ own)
            distance = centred - (weight * share) @ centred
            residuals += np.where(tied, 1 / deaths, 0.0)[:, None] * distance
            residuals -= mean_weight * share[:, None] * distance
    return residuals
