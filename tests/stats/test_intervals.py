"""Follow-up in pieces: before and after a treatment, and beyond a landmark."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.follow_up import landmark_follow_up, split_follow_up
from analysis_lib.stats.inputs import check_intervals

PATIENTS = st.lists(
    st.tuples(st.integers(1, 9), st.booleans(), st.one_of(st.none(), st.integers(-2, 12))),
    min_size=1,
    max_size=15,
)
PROPERTY = settings(max_examples=30, deadline=None, derandomize=True)

TIME = np.array([5.0, 5.0, 5.0, 5.0])
EVENT = np.array([True, True, True, False])
BEGIN = np.array([2.0, np.nan, 5.0, 0.0])


def test_a_treatment_splits_follow_up_and_its_event_ends_the_last_piece() -> None:
    pieces = split_follow_up(TIME, EVENT, BEGIN)
    rows = sorted(
        zip(
            pieces.patient.tolist(),
            pieces.start.tolist(),
            pieces.stop.tolist(),
            pieces.event.tolist(),
            pieces.treated.tolist(),
            strict=True,
        )
    )
    assert rows == [
        (0, 0.0, 2.0, False, False),
        (0, 2.0, 5.0, True, True),
        (1, 0.0, 5.0, True, False),
        (2, 0.0, 5.0, True, False),  # begins on the day of the event: still one of the untreated
        (3, 0.0, 5.0, False, True),
    ]


def test_entry_cuts_what_comes_before_it() -> None:
    pieces = split_follow_up(TIME, EVENT, BEGIN, entry=np.array([3.0, 1.0, 5.0, 4.0]))
    assert pieces.patient.tolist() == [1, 0, 3]
    assert pieces.start.tolist() == [1.0, 3.0, 4.0]
    assert pieces.treated.tolist() == [False, True, True]


def test_a_landmark_keeps_who_is_free_of_the_event_beyond_it() -> None:
    time = np.array([60.0, 61.0, 90.0, 59.0, 200.0])
    begin = np.array([10.0, 60.0, 61.0, 10.0, np.nan])
    pieces = landmark_follow_up(time, np.ones(5, dtype=bool), begin, at=60)
    assert pieces.patient.tolist() == [1, 2, 4]
    assert pieces.treated.tolist() == [True, False, False]
    assert pieces.start.tolist() == [60.0] * 3


def test_who_has_no_time_at_risk_has_no_piece() -> None:
    assert split_follow_up([0.0], [True], [np.nan]).patient.size == 0


@pytest.mark.parametrize("start", [[2.0, 1.0], [1.0, 3.0]])
def test_a_piece_without_length_is_refused(start: list[float]) -> None:
    with pytest.raises(StatisticsError, match=r"start must be < stop.*1 such rows"):
        check_intervals(start, [2.0, 2.0], [True, False])


def test_a_landmark_before_time_zero_is_refused() -> None:
    with pytest.raises(StatisticsError, match="-1"):
        landmark_follow_up(TIME, EVENT, BEGIN, at=-1)


@PROPERTY
@given(PATIENTS)
def test_pieces_add_up_to_the_follow_up_and_the_events(patients: list) -> None:
    time = np.array([float(x[0]) for x in patients])
    event = np.array([x[1] for x in patients])
    begin = np.array([np.nan if x[2] is None else float(x[2]) for x in patients])
    pieces = split_follow_up(time, event, begin)
    lengths = np.bincount(pieces.patient, pieces.stop - pieces.start, minlength=len(time))
    np.testing.assert_allclose(lengths, time)
    assert pieces.event.sum() == event.sum()
    treated = np.bincount(
        pieces.patient, (pieces.stop - pieces.start) * pieces.treated, minlength=len(time)
    )
    expected = np.clip(time - np.maximum(begin, 0), 0, None)
    np.testing.assert_allclose(treated, np.where(np.isnan(begin), 0.0, expected))
