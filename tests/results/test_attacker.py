"""Whoever has a release recovers nothing below the bound; of what was once shown, all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from attack_names import Name
from attacker import Attack, attack

from analysis_lib.results.rows import Key, Results
from analysis_lib.study.study import Study

LEAST = 11
ALL = ("", "")
Shows = Callable[[Key], bool]
# The analyses that a hole needs, so that the others take no time.
TABLES = (
    "flow",
    "baseline_by_exposure",
    "toxicity",
    "response",
    "toxicity_onset",
    "survival_by_exposure",
    "weighting_none",
    "cox_sensitivity_baseline_missing",
    "cox_ladder_crude",
)


def _among(results: Results) -> Results:
    return replace(results, rows=tuple(x for x in results if x.key.analysis in TABLES))


@pytest.fixture(scope="module")
def released(study_of: Callable[..., Study]) -> Study:
    return study_of(small_cell=LEAST)


@pytest.fixture(scope="module")
def shown(released: Study, results_of: Callable[[Study], Results]) -> Results:
    return results_of(released)


@pytest.fixture(scope="module")
def exact(study: Study, results_of: Callable[[Study], Results]) -> Results:
    return results_of(study)


def test_nothing_below_the_bound_is_recovered(
    released: Study, shown: Results, exact: Results
) -> None:
    found = attack(released, shown, exact)
    assert not found.exact and not found.narrow, "\n".join(map(str, found.narrow))
    assert len(found.found) > 400


def _opened(released: Study, shown: Results, exact: Results, opens: Shows) -> Attack:
    """The release as it would be if what `opens` says were in it, unrounded."""
    rows = (exact.row(x.key) if opens(x.key) and exact.has(x.key) else x for x in _among(shown))
    return attack(released, replace(shown, rows=tuple(rows)), _among(exact))


def _exact(found: Attack) -> set[Name]:
    return {name for one in found.exact if len(one.what) == 1 for name in one.what}


def _of(level: str, *what: str) -> Name:
    return Name("infused", ("ino", level), (*what, "") if len(what) == 2 else what)


def test_differences_of_shares_would_give_their_denominators_back(
    released: Study, shown: Results, exact: Results
) -> None:
    """71 and 86 with CRS: 1 without a grade in each group; 7 and 10 without a response."""
    found = _exact(_opened(released, shown, exact, lambda x: x.statistic.startswith("difference")))
    assert {_of("exposed", "lacks", "crs"), _of("naive", "lacks", "crs")} <= found
    assert _of("exposed", "at", "response", "no_response") in found


def test_exact_shares_would_give_a_withheld_size_back(
    released: Study, shown: Results, exact: Results
) -> None:
    found = _exact(_opened(released, shown, exact, lambda x: x.statistic == "incidence"))
    assert {_of("exposed", "lacks", "crs"), _of("exposed", "lacks", "icans")} <= found


def test_unrounded_standardised_differences_would_give_the_complete_cases_back(
    released: Study, shown: Results, exact: Results
) -> None:
    """81 of 87: 6 are left out."""
    found = _opened(
        released,
        shown,
        exact,
        lambda x: (x.analysis, x.statistic) == ("weighting_none", "standardized_difference"),
    )
    assert Name("left out", ("ino", "naive"), ("size", "", "")) in _exact(found)


def test_events_beside_patients_at_risk_would_give_the_censored_back(
    released: Study, shown: Results, exact: Results
) -> None:
    over_time = ("events_to_date", "at_risk")
    found = _opened(
        released,
        shown,
        exact,
        lambda x: x.analysis == "survival_by_exposure" and x.statistic in over_time,
    )
    assert any(name.what[0] == "censored" for name in _exact(found))


def test_a_detectable_ratio_would_give_the_sizes_of_a_model_back(
    released: Study, shown: Results, exact: Results
) -> None:
    def opens(key: Key) -> bool:
        of_model = key.analysis == "cox_ladder_baseline"
        return of_model and key.statistic in ("minimum_detectable_hazard_ratio", "events")

    rows = tuple(
        exact.row(x.key) if opens(x.key) else x
        for x in shown
        if x.key.analysis in ("flow", "cox_ladder_baseline")
    )
    truth = tuple(x for x in exact if x.key.analysis in ("flow", "cox_ladder_baseline"))
    study_rows = replace(shown, rows=rows), replace(exact, rows=truth)
    closed = tuple(x for x in shown if x.key.analysis in ("flow", "cox_ladder_baseline"))
    before = attack(released, replace(shown, rows=closed), study_rows[1])
    after = attack(released, *study_rows)
    assert len(after.narrow) > len(before.narrow)
