"""Contrasts between levels that are not the reference."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxFit, contrast


@pytest.fixture(scope="module")
def lung_fit(model) -> CoxFit:
    return fit_cox(*model("lung"))


def test_contrast_matches_refitting_with_another_reference(lung_fit, golden) -> None:
    for row in golden("contrast").itertuples():
        found = contrast(lung_fit, row.variable, row.level, row.versus)
        expected = (row.coefficient, row.std_error, row.p_value)
        values = (found.coefficient, found.std_error, found.p_value)
        assert values == pytest.approx(expected, rel=1e-6)
        assert (found.level, found.reference) == (row.level, row.versus)


def test_contrast_with_the_reference_is_the_coefficient_itself(lung_fit) -> None:
    assert contrast(lung_fit, "ecog", "2", "0") == lung_fit.coefficient("ecog", "2")


def test_levels_stay_comparable_when_the_reference_has_no_events(model) -> None:
    time, event, covariates = model("lung_empty")
    declared = covariates.assign(ecog=covariates["ecog"].cat.reorder_categories([9, 0, 1, 2]))
    found = contrast(fit_cox(time, event, declared), "ecog", "2", "1")
    usual = contrast(fit_cox(time, event, covariates), "ecog", "2", "1")
    assert found.coefficient == pytest.approx(usual.coefficient, rel=1e-9)
    assert found.std_error == pytest.approx(usual.std_error, rel=1e-9)


@pytest.mark.parametrize("pair", [("9", "1"), ("1", "9")])
def test_contrast_with_a_level_without_events_is_not_estimable(pair, model) -> None:
    found = contrast(fit_cox(*model("lung_empty")), "ecog", *pair)
    assert not found.estimable
    assert found.reason == "no events at this level"
    assert np.isnan(found.hazard_ratio)


def test_contrast_in_a_model_that_was_not_fitted_says_why(model) -> None:
    time, event, covariates = model("lung")
    fit = fit_cox(time, np.zeros(len(event), dtype=bool), covariates)
    assert contrast(fit, "ecog", "1", "0").reason == "no events"


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (("age", "1", "2"), "'age'"),
        (("ecog", "7", "1"), "'7' is no level of 'ecog'"),
        (("ecog", "1", "1"), "two levels"),
    ],
)
def test_impossible_contrast_is_refused(question, message: str, lung_fit) -> None:
    with pytest.raises(StatisticsError, match=message):
        contrast(lung_fit, *question)
