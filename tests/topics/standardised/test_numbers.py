"""Standardised survival of the cohort against R, and where it must not be shown or made."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from math import hypot, isnan
from pathlib import Path

import numpy as np
import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import Study
from analysis_lib.topics import standardised
from analysis_lib.topics.standardised.estimators import LABELS, Drawn, draw
from analysis_lib.topics.standardised.numbers import OF_MODEL, Standardised, standardised_results

StudyOf = Callable[..., Study]
GROUPS = {"0": "naive", "1": "exposed"}


@pytest.fixture(scope="module", params=["pfs", "os"])
def found(study: Study, request: pytest.FixtureRequest) -> Standardised:
    made = standardised.survival(study, request.param)
    assert isinstance(made, Standardised)
    return made


def of_r(root: Path, outcome: str) -> list[dict[str, str]]:
    path = root / "tests" / "reference" / "golden" / "standardised_cohort.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["data"] == outcome]


def test_estimates_are_those_of_r(root: Path, found: Standardised) -> None:
    rows = of_r(root, found.outcome)
    assert {row["estimator"] for row in rows} == {*LABELS} - {"imputed"}
    for row in rows:
        name, time, level = row["estimator"], float(row["time"]), GROUPS[row["group"]]
        different = row["statistic"].endswith("_difference")
        key = (found.contrast if different else found.of_group)(name, level, time)
        got = found.results.value(key, row["statistic"])
        assert got == pytest.approx(float(row["value"]), rel=1e-6), row


def test_intervals_are_those_of_r_within_their_monte_carlo_error(
    root: Path, found: Standardised
) -> None:
    """Two sets of as many resamples: both errors count; 40 ends are compared for each endpoint."""
    rows = [row for row in of_r(root, found.outcome) if row["ci_low"]]
    assert len(rows) == 16
    for row in rows:
        key = found.contrast(row["estimator"], "exposed", float(row["time"]))
        for end in ("ci_low", "ci_high"):
            error = hypot(*[float(row[f"{end}_mc_error"])] * 2)
            got = found.results.value(key, f"{row['statistic']}_{end}")
            assert abs(got - float(row[end])) < 4 * error, (row, got)


def test_differences_and_numbers_needed_follow_from_the_probabilities(found: Standardised) -> None:
    for name in found.names:
        for time in found.landmarks:
            one, other = (
                found.results.value(found.of_group(name, level, time), "survival")
                for level in ("exposed", "naive")
            )
            key = found.contrast(name, "exposed", time)
            difference = found.results.value(key, "survival_difference")
            assert difference == pytest.approx(one - other)
            assert found.results.value(key, "survival_ratio") == pytest.approx(one / other)
            assert found.results.value(key, "number_needed") == pytest.approx(1 / difference)
            hazards = np.log(one) / np.log(other)
            assert found.results.value(key, "cumulative_hazard_ratio") == pytest.approx(hazards)


def test_intervals_hold_their_estimates(found: Standardised) -> None:
    for row in found.results:
        if row.key.statistic.startswith("number_needed") or "_ci_" in row.key.statistic:
            continue
        if not found.results.has(row.key, f"{row.key.statistic}_ci_low"):
            continue
        ends = (f"{row.key.statistic}_ci_low", f"{row.key.statistic}_ci_high")
        low, high = found.results.values(row.key, *ends)
        assert low <= row.value <= high


def test_the_same_seed_gives_the_same_numbers(study: Study, found: Standardised) -> None:
    again = standardised_results(replace(study), found.outcome)
    assert not isinstance(again, Omitted)
    assert [row.value for row in again] == [row.value for row in found.results]


def test_centres_are_drawn_whole_where_there_are_ten(study: Study) -> None:
    patients = study.patients
    drawn = draw(study, patients)
    assert drawn.by_centre
    assert drawn.units == patients["centre"].nunique()
    first = (patients["centre"] == patients["centre"].iloc[0]).to_numpy()
    assert (drawn.counts[:, first] == drawn.counts[:, first][:, :1]).all()
    few = patients[patients["centre"].isin(patients["centre"].unique()[:9])]
    assert not draw(study, few).by_centre


def test_percentiles_of_few_units_are_expanded() -> None:
    few, many = (Drawn(np.ones((1, 1), dtype=np.int64), n, False).tail(0.95) for n in (10, 10**6))
    assert few < many
    assert many == pytest.approx(0.025, abs=1e-5)


def test_only_averages_over_the_model_are_shown_where_counts_are_small(study_of: StudyOf) -> None:
    study = study_of(small_cell=11)
    found = standardised.survival(study, "os")
    assert isinstance(found, Standardised)
    for row in found.results:
        name = row.key.analysis.removeprefix("standardised_")
        if name in LABELS and not isnan(row.value):
            assert name in OF_MODEL
            assert row.key.statistic.startswith("number") or round(row.value, 2) == row.value
        assert not name.startswith("curve")
    assert isinstance(standardised.figure(found), Omitted)
    assert standardised.table(found).layout.lines[0].cells == ("s\u2060",) * 5


def test_several_groups_have_a_line_each(study_of: StudyOf) -> None:
    study = study_of(exposure="disease_subtype")
    found = standardised.survival(study, "pfs")
    assert isinstance(found, Standardised)
    lines = standardised.table(found).layout.lines
    groups = len(study.groups.levels)
    assert groups > 2
    assert len(lines) == len(found.names) * groups * len(found.landmarks)
    assert standardised.words(found).text.count("had all") == 2 * (groups - 1)


def test_too_few_events_are_left_out(study: Study) -> None:
    few = study.patients.copy()
    few["os_event"] = False
    made = standardised.survival(replace(study, patients=few), "os")
    assert isinstance(made, Omitted)
    assert "not standardised with 0 events in 2 groups" in made.reason
