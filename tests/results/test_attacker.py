"""Whoever has a release recovers nothing below the bound; of what was once shown, all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import attack_solve
import numpy as np
import pytest
from attack_names import Name
from attack_relations import Relation
from attack_solve import Puzzle
from attacker import Attack, attack
from random_cohorts import random_release
from scipy.optimize import OptimizeResult
from whole_report import open_extract

from analysis_lib.results.rows import Key, Results
from analysis_lib.study.study import Study
from analysis_lib.topics.whole import all_results

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
    return study_of(small_cell=LEAST, imputations=2, bootstrap_resamples=10)


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


def test_nothing_below_the_bound_is_recovered_of_a_small_cohort(tmp_path: Path) -> None:
    """49 patients, in whom families share a size that is withheld, and few are complete cases."""
    made = random_release(9)
    studies = [
        open_extract(made.table, tmp_path, {**made.parameters, "small_cell": x}) for x in (LEAST, 0)
    ]
    released, study = (x for x in studies if isinstance(x, Study))
    found = attack(released, all_results(released), all_results(study))
    assert not found.exact and not found.narrow, "\n".join(map(str, found.narrow))
    assert len(found.found) > 1000


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


def test_no_range_is_narrower_than_the_solutions_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver may call an end proven that is none: of 10 patients in two groups, 3 in one."""
    one, other = (Name("infused", ("ino", x), ("size", "", "")) for x in ("naive", "exposed"))
    puzzle = Puzzle({}, [Relation({one: 1.0, other: 1.0}, 10.0, 10.0)])
    assert puzzle.range({other: 1.0}) == (0, 10)
    lies = OptimizeResult(x=np.array([3.0, 7.0]), status=0)
    monkeypatch.setattr(attack_solve, "milp", lambda *_, **__: lies)
    assert puzzle.range({one: 1.0}) == (0, 10)


def test_an_end_that_the_solver_did_not_reach_is_only_its_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = (Name("infused", ("ino", x), ("size", "", "")) for x in ("naive", "exposed"))
    puzzle = Puzzle({}, [Relation({one: 1.0, other: 1.0}, 10.0, 10.0)])
    late = OptimizeResult(x=np.array([3.0, 7.0]), status=1, mip_dual_bound=-12.4)
    monkeypatch.setattr(attack_solve, "milp", lambda *_, **__: late)
    assert puzzle.range({one: 1.0}) == (-12, 12)
