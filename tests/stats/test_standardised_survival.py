"""Standardised survival against R, and by hand."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.design import factor_columns, read_covariates
from analysis_lib.stats.many_curves import (
    NOBODY,
    EventGrid,
    draw_counts,
    many_kaplan_meier,
    rows_of,
    step_areas,
    step_values,
    weighted_pseudo_values,
)
from analysis_lib.stats.propensity import fit_many_propensities, fit_propensity
from analysis_lib.stats.standardised_survival import (
    AT_ONCE,
    Compared,
    outcome_curves,
    standardised_curves,
)

REFERENCE = Path(__file__).parents[1] / "reference"
TERMS = {
    "veteran": ("trt", ["karno", "celltype", "age", "prior"]),
    "lung_months": ("sex", ["age", "ecog"]),
}
LEVELS = {"celltype": ["squamous", "smallcell", "adeno", "large"], "ecog": [0, 1, 2, 3]}


def compared(name: str, *, weighed: bool = True) -> Compared:
    frame = pd.read_csv(REFERENCE / "data" / f"{name}.csv")
    group, terms = TERMS[name]
    covariates = frame[terms].copy()
    for term in LEVELS.keys() & set(terms):
        covariates[term] = pd.Categorical(covariates[term], LEVELS[term])
    columns = np.array(
        [x for one in read_covariates(covariates) for x in factor_columns(one).values()], float
    )
    codes = (frame[group] == frame[group].max()).to_numpy().astype(np.int64)
    return Compared(
        frame["time"].to_numpy(float),
        frame["event"].to_numpy(bool),
        codes,
        2,
        columns,
        np.column_stack([np.ones(len(frame)), columns.T]) if weighed else None,
    )


def golden(name: str) -> list[dict[str, str]]:
    with (REFERENCE / "golden" / "standardised.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["data"] == name]


@pytest.mark.parametrize("name", TERMS)
def test_every_estimator_matches_r(name: str) -> None:
    of = compared(name)
    found = standardised_curves(of, np.ones((1, len(of.time)), dtype=np.int64))
    expected = golden(name)
    assert {row["estimator"] for row in expected} == set(found)
    for row in expected:
        curve, at = found[row["estimator"]][0, int(row["group"])], np.array([float(row["time"])])
        read = step_values if row["statistic"] == "survival" else step_areas
        got = read(curve, of.grid.times, at)[0]
        assert got == pytest.approx(float(row["value"]), rel=1e-6), row


@pytest.mark.parametrize("name", TERMS)
def test_a_resample_is_the_same_as_its_patients(name: str) -> None:
    """Counts stand for copies, whatever was drawn with them and however many at once."""
    of = compared(name)
    counts = draw_counts(np.random.default_rng(4), AT_ONCE + 3, len(of.time))
    found = standardised_curves(of, counts)
    rows = np.repeat(np.arange(len(of.time)), counts[-1])
    assert of.propensity is not None
    copied = Compared(
        of.time[rows],
        of.event[rows],
        of.group[rows],
        2,
        of.terms[:, rows],
        of.propensity[rows],
    )
    alone = standardised_curves(copied, np.ones((1, len(rows)), dtype=np.int64))
    for estimator, curves in alone.items():
        times = copied.grid.times
        got = step_values(found[estimator][-1], of.grid.times, times)
        assert got == pytest.approx(curves[0], rel=1e-6, abs=1e-9), estimator


def test_without_terms_every_estimator_is_kaplan_meier_or_the_cox_model_of_the_groups() -> None:
    of = compared("veteran")
    nothing = np.empty((0, len(of.time)))
    plain = Compared(of.time, of.event, of.group, 2, nothing, np.ones((len(of.time), 1)))
    found = standardised_curves(plain, np.ones((1, len(of.time)), dtype=np.int64))
    for estimator in ("iptw", "overlap", "robust"):
        assert found[estimator] == pytest.approx(found["crude"], abs=1e-9)


def test_without_a_propensity_only_two_estimators_are_left() -> None:
    of = compared("lung_months", weighed=False)
    counts = np.ones((1, len(of.time)), dtype=np.int64)
    found = standardised_curves(of, counts)
    assert set(found) == {"crude", "outcome"}
    copies = replace(of, terms=np.stack([of.terms, of.terms[::-1] * 2]))
    for copy in range(2):  # coefficients change with the columns, and the curves do not
        got = outcome_curves(copies, counts, np.array([copy]))
        assert got == pytest.approx(found["outcome"])


def test_a_resample_without_a_group_has_no_curve() -> None:
    of = compared("lung_months")
    counts = np.vstack([np.ones(len(of.time)), of.group]).astype(np.int64)
    found = standardised_curves(of, counts)
    assert all(np.isfinite(x[0]).all() and np.isnan(x[1]).all() for x in found.values())


def test_pseudo_values_are_those_of_leaving_each_patient_out() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        n = int(rng.integers(2, 12))
        grid = EventGrid(rng.integers(1, 6, n).astype(float), rng.random(n) < 0.6)
        weights = rng.uniform(0.2, 3, (1, n))
        everyone = np.ones((1, n))
        whole = many_kaplan_meier(grid, everyone)[0]
        each = []
        for i in range(n):
            rest = everyone.copy()
            rest[0, i] = 0
            each.append(n * whole - (n - 1) * many_kaplan_meier(grid, rest)[0])
        expected = (weights[0] @ np.array(each)) / weights.sum()
        got = weighted_pseudo_values(grid, everyone, weights)[0]
        assert got == pytest.approx(expected, abs=1e-12)


def test_many_propensities_are_those_of_one_fit() -> None:
    of = compared("veteran")
    assert of.propensity is not None
    one = fit_propensity(
        pd.Series(pd.Categorical(of.group)), pd.DataFrame(of.terms.T, columns=list("abcdef"))
    )
    got = fit_many_propensities(of.propensity, of.group, 2, np.ones((1, len(of.group))))[0]
    assert got == pytest.approx(one.probabilities, rel=1e-7)


def test_draws_are_of_units_and_rows_repeat_them() -> None:
    clusters = np.array([0, 0, 1, 2, 2, 2])
    counts = draw_counts(np.random.default_rng(1), 50, 6, clusters)
    assert (counts[:, 0] == counts[:, 1]).all()
    assert (counts[:, 3] == counts[:, 5]).all()
    assert (counts[:, [0, 2, 3]].sum(axis=1) == 3).all()
    rows = rows_of(np.array([[2, 0, 1], [1, 1, 3]]))
    assert rows.tolist() == [[0, 0, 2, NOBODY, NOBODY], [0, 1, 2, 2, 2]]


def test_a_curve_is_known_for_ever_only_where_it_ends_at_nothing() -> None:
    grid = EventGrid(np.array([1.0, 2.0, 3.0, 3.0]), np.array([True, False, True, True]))
    assert grid.last(np.array([True, True, False, False])) == 2.0
    assert grid.last(np.array([True, True, True, True])) == np.inf
