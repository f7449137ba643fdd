"""A model without one group at a time: R's refits, the full estimator, fits that fail."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_robust import leave_one_out


@pytest.mark.parametrize(("name", "column"), [("veteran", "trt"), ("lung_months", "sex")])
def test_refits_match_coxph(name: str, column: str, model, golden) -> None:
    expected = golden("leave_one_out").query("data == @name")
    time, event, covariates = model(name)
    groups = np.arange(len(time)) % 17
    found = leave_one_out(time, event, covariates, groups, column=(column, ""))
    assert [int(x.label) for x in found] == expected["label"].tolist()
    for field in ("n", "events", "coefficient", "std_error"):
        values = [getattr(x, field) for x in found]
        np.testing.assert_allclose(values, expected[field], rtol=1e-6, err_msg=field)


@pytest.mark.parametrize("name", ["veteran", "lung_empty", "lung_early"])
def test_every_refit_is_that_of_the_reports_estimator(name: str, model) -> None:
    time, event, covariates = model(name)
    groups = np.arange(len(time)) % 5
    key = ("age", "")
    for one in leave_one_out(time, event, covariates, groups, column=key):
        rows = groups != int(one.label)
        term = fit_cox(time[rows], event[rows], covariates[rows]).coefficient(*key)
        assert one.coefficient == pytest.approx(term.coefficient, rel=1e-6)
        assert one.interval == pytest.approx((term.ci_low, term.ci_high), rel=1e-6)
        assert one.hazard_ratio == pytest.approx(term.hazard_ratio, rel=1e-6)


def test_a_group_that_holds_all_events_or_a_whole_level_leaves_no_estimate(model) -> None:
    time, event, covariates = model("lung_empty")
    found = {
        x.label: x
        for x in leave_one_out(
            time, event, covariates, covariates["ecog"].astype(str), column=("ecog", "1")
        )
    }
    assert np.isnan(found["1"].coefficient) and np.isfinite(found["2"].coefficient)
    by_event = leave_one_out(time, event, covariates, event, column=("age", ""))
    assert np.isnan(by_event[1].hazard_ratio) and by_event[1].events == 0
