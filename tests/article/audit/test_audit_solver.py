"""The denominator solver, on the facts that a statistician found by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from analysis_lib.article.audit import scope
from analysis_lib.article.audit.printed import Solution, pearson_p_values, solve_denominators
from analysis_lib.article.audit.scope import count_splits
from analysis_lib.article.claims.claim import Claim

MakeClaim = Callable[..., Claim]


@pytest.fixture
def solve(claim: MakeClaim) -> Callable[..., Solution]:
    def percent(printed: str) -> list[Claim]:
        decimals = str(len(printed.partition(".")[2]))
        return [claim(value=printed, printed_decimals=decimals)]

    def run(
        percents: Sequence[str], p: str, *, counts: tuple[int | None, int | None] = (None, None)
    ) -> Solution:
        printed = claim(statistic="p_value", value=p, printed_decimals=str(len(p) - 2), unit="")
        return solve_denominators(
            (percent(percents[0]), percent(percents[1])),
            at_most=(87, 102),
            counts=counts,
            p=printed,
        )

    return run


def test_response_has_one_solution(solve: Callable[..., Solution]) -> None:
    found = solve(("91.6", "88.2"), "0.47")
    assert found.alone[0] == ((76, 83),)
    assert {(75, 85), (90, 102), (82, 93), (67, 76), (60, 68)} <= set(found.alone[1])
    assert found.unique
    assert (found.fits[0].first, found.fits[0].second) == ((76, 83), (75, 85))
    assert found.fits[0].p_value == pytest.approx(0.4741, abs=5e-5)
    assert max(n for _, n in found.alone[1]) == 102


@pytest.mark.parametrize(
    ("percents", "p", "counts", "denominators"),
    [
        (("83", "85"), "0.63", (71, 86), (86, 101)),
        (("57", "54"), "0.68", (50, 55), (87, 101)),
        (("70", "67"), "0.61", (61, 68), (87, 102)),
        (("28", "36"), "0.20", (24, 37), (87, 102)),
    ],
)
def test_printed_counts_leave_one_pair_of_denominators(
    solve: Callable[..., Solution],
    percents: tuple[str, str],
    p: str,
    counts: tuple[int, int],
    denominators: tuple[int, int],
) -> None:
    found = solve(percents, p, counts=counts)
    assert [fit.denominators for fit in found.fits] == [denominators]
    assert found.fits[0].counts == counts


def test_p_decides_where_percents_do_not(solve: Callable[..., Solution]) -> None:
    found = solve(("57", "54"), "0.68", counts=(50, 55))
    assert [n for _, n in found.alone[1]] == [101, 102]


def test_whole_percents_and_a_p_of_one_digit_identify_nothing(
    solve: Callable[..., Solution],
) -> None:
    found = solve(("66", "75"), "0.2")
    assert not found.unique and len(found.fits) > 100
    assert [fit.counts for fit in found.with_denominators((83, 85))] == [(55, 64)]


def test_two_fits_are_both_told(solve: Callable[..., Solution]) -> None:
    found = solve(("49", "27"), "0.005", counts=(37, 20))
    assert [fit.denominators for fit in found.fits] == [(75, 74), (76, 75)]


def test_nothing_fits_a_percent_that_no_count_prints(solve: Callable[..., Solution]) -> None:
    found = solve(("83", "85"), "0.63", counts=(71, 20))
    assert found.fits == () and found.alone[1] == ()


def test_the_grid_of_p_values_is_scipys() -> None:
    first, second = ((5, 20), (0, 9), (7, 7)), ((3, 30), (8, 8))
    found = pearson_p_values(first, second)
    for i, (a, n) in enumerate(first):
        for j, (b, m) in enumerate(second):
            table = np.array([[a, n - a], [b, m - b]])
            if (table.sum(axis=0) == 0).any():
                assert found[i, j] == 1
            else:
                expected = chi2_contingency(table, correction=False).pvalue
                assert found[i, j] == pytest.approx(expected, rel=1e-9)


def test_splits_of_unprinted_levels_are_counted_one_by_one(claim: MakeClaim) -> None:
    p = claim(statistic="p_value", value="0.03", printed_decimals="2", unit="")
    found = count_splits((17, 1), (62, 27), 3, p)
    assert found is not None
    fitting = 0
    for like in range(46):
        for other in range(27):
            rows = [(17, 1), (like, other), (45 - like, 26 - other)]
            table = np.array([row for row in rows if sum(row)])
            fitting += 0.025 <= chi2_contingency(table, correction=False).pvalue <= 0.035
    assert (found.tried, found.fitting) == (46 * 27, fitting)
    assert count_splits((17, 1), (62, 27), 2, p) is None


def test_too_many_splits_are_counted_before_they_are_made(
    claim: MakeClaim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of 300 patients over four more levels would fill the memory."""
    made: list[int] = []
    monkeypatch.setattr(scope, "_compositions", lambda total, parts: made.append(total))
    p = claim(statistic="p_value", value="0.03", printed_decimals="2", unit="")
    assert count_splits((12, 10), (300, 280), 5, p) is None
    assert not made
