"""Kaplan-Meier with delayed entry: R's survfit on start and stop, hand recounts, edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_tests import drop_one_tests
from analysis_lib.stats.follow_up import split_follow_up
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier, kaplan_meier_intervals


def test_simon_makuch_curves_match_survfit(data, golden) -> None:
    table = golden("kaplan_meier_intervals")
    assert set(table["treated"]) == {0, 1}
    for (name, treated, level), rows in table.groupby(["data", "treated", "confidence_level"]):
        frame = data("jasa" if name == "jasa_late" else name)
        entry = np.full(len(frame), 14.0 if name == "jasa_late" else 0.0)
        pieces = split_follow_up(frame["time"], frame["event"], frame["wait"], entry=entry)
        own = pieces.treated == bool(treated)
        curve = kaplan_meier_intervals(
            pieces.start[own], pieces.stop[own], pieces.event[own], confidence_level=level
        )
        for row in rows.itertuples():
            found = curve.at(row.time)
            assert found.at_risk == row.at_risk, row
            for field in ("survival", "std_error", "ci_low", "ci_high"):
                assert getattr(found, field) == pytest.approx(getattr(row, field), rel=1e-6), row


def test_who_enters_at_an_event_is_not_at_risk_at_it() -> None:
    curve = kaplan_meier_intervals([0.0, 0, 2], [2.0, 4, 5], [True, True, False])
    assert curve.at(2).survival == pytest.approx(1 / 2)
    assert curve.at(4).survival == pytest.approx(1 / 2 * 1 / 2)
    assert curve.number_at_risk([0, 1, 2, 2.5, 4, 4.5, 6]).tolist() == [0, 2, 2, 2, 2, 1, 0]


def test_without_delay_it_is_the_kaplan_meier_estimate(data) -> None:
    table = data("lung_months")
    plain = kaplan_meier(table["time"], table["event"])
    late = kaplan_meier_intervals(np.zeros(len(table)), table["time"], table["event"])
    np.testing.assert_array_equal(late.times, plain.times)
    for field in ("survival", "std_error", "ci_low", "ci_high"):
        np.testing.assert_allclose(getattr(late, field), getattr(plain, field), rtol=1e-12)
    np.testing.assert_array_equal(late.number_at_risk([1, 6, 12]), plain.number_at_risk([1, 6, 12]))
    np.testing.assert_array_equal(late.censor_times(), plain.censor_times())


def test_a_risk_set_that_empties_leaves_the_curve_at_zero() -> None:
    curve = kaplan_meier_intervals([0.0, 3], [2.0, 5], [True, True])
    assert curve.survival.tolist() == [1.0, 0.0, 0.0, 0.0]
    assert np.isnan(curve.ci_low).all()


def test_nobody_in_a_state_is_refused() -> None:
    with pytest.raises(StatisticsError, match="at least one patient"):
        kaplan_meier_intervals([], [], np.array([], dtype=bool))


def test_who_goes_on_in_another_state_is_no_longer_at_risk_and_not_censored() -> None:
    event = np.array([True, False, False])
    plain = kaplan_meier_intervals([0.0, 0, 0], [3.0, 1, 4], event)
    moved = kaplan_meier_intervals([0.0, 0, 0], [3.0, 1, 4], event, moves=[False, True, False])
    np.testing.assert_array_equal(moved.survival, plain.survival)
    np.testing.assert_array_equal(moved.number_at_risk([1, 2, 4]), [3, 2, 1])
    assert (plain.censor_times().tolist(), moved.censor_times().tolist()) == ([1.0, 4.0], [4.0])


def _older(root) -> pd.DataFrame:
    """Three hundred people whose time is their age, which they enter at diagnosis."""
    people = pd.read_csv(root / "tests" / "reference" / "data" / "mgus2.csv").head(300)
    return people.assign(entry=lambda x: 12.0 * x["age"])


@pytest.mark.parametrize("name", ["male", "hgb"])
def test_the_log_rank_test_of_who_enters_late_is_that_of_r(root, name) -> None:
    people = _older(root)
    path = root / "tests" / "reference" / "golden" / "delayed.csv"
    table = pd.read_csv(path, dtype={"time": str})
    table = table[(table["data"] == "mgus2") & (table["outcome"] == name)]
    expected = table.set_index("statistic")["value"]
    group = people["male"]
    if name == "hgb":
        group = pd.cut(people["hgb"], [-np.inf, 12, 13.5, np.inf], labels=False)
    found = logrank_test(
        people["entry"] + people["time"], people["cause"] > 0, group, entry=people["entry"]
    )
    assert found.statistic == pytest.approx(expected["chi_square"], rel=1e-6)
    assert found.p_value == pytest.approx(expected["p_value"], rel=1e-6)
    assert sum(found.expected) == pytest.approx(sum(found.observed))


def test_where_all_are_there_from_the_start_nothing_changes(data) -> None:
    table = data("veteran")
    given = table["time"], table["event"] == 1
    start = np.full(len(table), 0.0)
    plain = logrank_test(*given, table["celltype"], of_record=True)
    assert logrank_test(*given, table["celltype"], entry=start).p_value == pytest.approx(
        plain.p_value
    )
    columns = table[["karno", "age"]]
    late, cox = fit_cox_entered(start, *given, columns), fit_cox(*given, columns)
    assert late.coefficient("karno").ci_low == pytest.approx(cox.coefficient("karno").ci_low)
    tests = drop_one_tests(late, *given, columns, entry=start)
    assert tests["age"].p_value == pytest.approx(
        drop_one_tests(cox, *given, columns)["age"].p_value
    )
    assert fit_cox_entered(None, *given, columns).log_likelihood == cox.log_likelihood


def test_before_anyone_entered_nothing_is_known() -> None:
    curve = kaplan_meier([5.0, 6.0], [True, False], entry=[2.0, 3.0])
    assert np.isnan(curve.at(1.0).survival)
    assert curve.at(4.0).survival == 1.0
