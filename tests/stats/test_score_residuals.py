"""Score residuals of Cox models: R's residuals, with nearly every event tied."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.inputs import SurvivalData
from analysis_lib.stats.score_residuals import score_residuals


def test_score_residuals_match_r_where_nearly_every_event_is_tied(model, golden) -> None:
    time, event, covariates = model("lung_months")
    fit = fit_cox(time, event, covariates)
    matrix = pd.get_dummies(covariates, columns=["ecog"], drop_first=True, dtype=float)
    data = SurvivalData(time.to_numpy(dtype=float), event.to_numpy())
    found = score_residuals(data, matrix.to_numpy(dtype=float), fit.estimates.to_numpy())
    expected = golden("score_residuals").pivot(index="row", columns="column", values="residual")
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-8)
