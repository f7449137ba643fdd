"""No ratio on few events without a penalty: which levels have few, and what takes their place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.estimates.effects import penalised
from analysis_lib.estimates.few_events import NO_PENALTY, events_by_level, few_levels, without_few
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_robust import fit_weighted_cox
from analysis_lib.stats.fine_gray import fit_fine_gray
from analysis_lib.stats.firth_cox import METHOD as FIRTH
from analysis_lib.stats.firth_cox import fit_firth_cox

LEVELS = ("a", "b", "c")


@pytest.fixture(scope="module")
def few() -> tuple[pd.Series, pd.Series, pd.DataFrame]:
    """Of 90 patients 20 in `a`, 15 in `b` and 3 in `c` have the event."""
    rng = np.random.default_rng(8)
    group = pd.Series(pd.Categorical(np.repeat(LEVELS, 30), LEVELS))
    event = pd.Series(np.concatenate([np.arange(30) < n for n in (20, 15, 3)]))
    return pd.Series(rng.exponential(10, 90)), event, pd.DataFrame({"arm": group})


def test_events_are_counted_by_level_and_a_rare_reference_makes_all_few(few) -> None:
    _, event, table = few
    events = events_by_level(table["arm"], event, LEVELS)
    assert events == {"a": 20, "b": 15, "c": 3}
    assert few_levels(events, "a") == ["c"]
    assert few_levels(events, "c") == ["a", "b"]
    assert few_levels({"a": 5, "b": 5}, "a") == []


def test_a_model_without_a_penalised_form_gives_no_ratio_on_few_events(few) -> None:
    time, event, table = few
    events = events_by_level(table["arm"], event, LEVELS)
    competing = pd.Series(np.arange(90) % 7 == 6) & ~event
    weights = np.linspace(0.5, 1.5, 90)
    for fit in (
        fit_fine_gray(time, event, competing, table),
        fit_weighted_cox(time, event, table, weights),
    ):
        shown = without_few(fit, "arm", events, "a")
        assert shown.coefficient("arm", "b") == fit.coefficient("arm", "b")
        gone = shown.coefficient("arm", "c")
        assert not gone.estimable and gone.reason == NO_PENALTY
        assert np.isnan([gone.hazard_ratio, gone.ci_low, gone.p_value]).all()


def test_a_cox_model_has_the_penalty_where_it_rests_on_few_events(few) -> None:
    time, event, table = few
    plain = fit_cox(time, event, table)
    shown = penalised(plain, time, event, table, "arm")
    assert shown.coefficient("arm", "b") == plain.coefficient("arm", "b")
    found, own = shown.coefficient("arm", "c"), plain.coefficient("arm", "c")
    expected = fit_firth_cox(time, event, table, profiled="arm").coefficient("arm", "c")
    assert found.method == FIRTH
    assert found.hazard_ratio == pytest.approx(expected.hazard_ratio, rel=1e-9)
    assert found.ci_high == pytest.approx(expected.ci_high, rel=1e-6)
    assert own.hazard_ratio < found.hazard_ratio < 1
    assert penalised(plain, time, event, table, "age") is plain
