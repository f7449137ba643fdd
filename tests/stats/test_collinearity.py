"""Generalised variance inflation factors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_tests import generalized_vif


@pytest.mark.parametrize("name", ["veteran", "lung", "lung_months", "larynx"])
def test_gvif_matches_the_determinants_computed_in_r(name: str, model, golden) -> None:
    found = generalized_vif(fit_cox(*model(name)))
    expected = golden("generalized_vif").query("data == @name")
    assert list(found) == expected["variable"].tolist()
    for row in expected.itertuples():
        vif = found[row.variable]
        assert (vif.gvif, vif.degrees_of_freedom) == (pytest.approx(row.gvif, rel=1e-6), row.df)
        assert vif.scaled == pytest.approx(row.gvif ** (1 / (2 * row.df)), rel=1e-6)


def test_two_covariates_inflate_each_other_alike(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, event, covariates[["age", "sex"]])
    found = generalized_vif(fit)
    correlation = fit.covariance.loc["age", "sex"] / np.sqrt(np.diag(fit.covariance)).prod()
    assert found["age"].gvif == pytest.approx(1 / (1 - correlation**2))
    assert found["sex"].gvif == pytest.approx(found["age"].gvif)


def test_covariate_alone_is_not_inflated(model) -> None:
    time, event, covariates = model("lung")
    assert generalized_vif(fit_cox(time, event, covariates[["age"]]))["age"].gvif == 1.0


def test_covariate_without_coefficient_has_no_gvif(model) -> None:
    time, event, covariates = model("lung")
    found = generalized_vif(fit_cox(time, event, covariates.assign(site=1.0)))
    assert np.isnan(found["site"].gvif)
    assert found["age"].gvif > 1
    none = generalized_vif(fit_cox([1.0], [False], pd.DataFrame({"age": [60.0]})))
    assert np.isnan(none["age"].gvif)
