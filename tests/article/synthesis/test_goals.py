"""Goals are the intervals that print as the article does."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.annealing import Goal, Goals, printed_goal
from analysis_lib.errors import ClaimsError
from analysis_lib.results.rows import Key

OS12 = Key(
    "survival_by_exposure",
    "os",
    "infused[ino=exposed]",
    time_months=12.0,
    statistic="survival",
)
RESPONSE_OS_P = Key(
    "survival_by_response",
    "os",
    "infused",
    contrast="refractory_vs_responder",
    statistic="p_value",
)


def test_a_printed_percent_is_a_proportion_within_its_rounding(claims: tuple[Claim, ...]) -> None:
    goal = printed_goal(claims, OS12, scale=100.0)
    assert 0.535 < goal.low < 0.54 < goal.high < 0.545
    assert goal.high - goal.low == pytest.approx(0.01, rel=0.1)


def test_a_p_value_printed_as_less_than_has_no_lower_end(claims: tuple[Claim, ...]) -> None:
    goal = printed_goal(claims, RESPONSE_OS_P, scale=10.0, logged=True)
    assert (goal.low, goal.high) == (0.0, 0.0001)
    assert Goals([goal]).distances(np.array([1e-9])) == 0


def test_distance_is_0_inside_and_grows_outside_in_the_goals_scale() -> None:
    goals = Goals([Goal(0.4, 0.5, 100.0), Goal(0.01, 0.02, 10.0, logged=True)])
    assert goals.distances(np.array([0.45, 0.015])).tolist() == [0, 0]
    found = goals.distances(np.array([0.52, 0.04]))
    assert found == pytest.approx([2.0, 10 * np.log(2)])


def test_a_number_that_cannot_be_estimated_is_far_from_any_goal() -> None:
    assert Goals([Goal(0.4, 0.5, 100.0)]).distances(np.array([np.nan]))[0] >= 100


def test_a_key_without_a_claim_is_an_error_that_names_it(claims: tuple[Claim, ...]) -> None:
    with pytest.raises(ClaimsError, match=r"survival_by_exposure os infused 24\.0 survival"):
        printed_goal(
            claims,
            OS12._replace(population="infused", time_months=24.0),
            scale=1.0,
        )
