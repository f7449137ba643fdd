"""Score residuals of a Cox model, of which robust errors are made."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.partial_likelihood import risk_sets, score_residuals


def test_score_residuals_match_r_where_nearly_every_event_is_tied(model, golden) -> None:
    time, event, covariates = model("lung_months")
    fit = fit_cox(time, event, covariates)
    matrix = pd.get_dummies(covariates, columns=["ecog"], drop_first=True, dtype=float)
    sets = risk_sets(time.to_numpy(dtype=float), event.to_numpy())
    rows = matrix.to_numpy(dtype=float)[sets.order]
    found = score_residuals(sets, rows, fit.estimates.to_numpy())
    expected = golden("score_residuals").pivot(index="row", columns="column", values="residual")
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=0), 0, atol=1e-8)
