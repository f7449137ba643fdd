"""A treatment as a strategy: against R, and where nothing needs a weight."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cloned_survival import Cloned, cloned_curves, largest_weights
from analysis_lib.stats.many_curves import (
    EventGrid,
    draw_counts,
    many_kaplan_meier,
    step_areas,
    step_values,
)

REFERENCE = Path(__file__).parents[1] / "reference"


def stanford(grace: float = 30.0) -> Cloned:
    frame = pd.read_csv(REFERENCE / "data" / "jasa.csv")
    time = frame["time"].to_numpy(float)
    return Cloned(
        time,
        frame["event"].to_numpy(np.int64),
        time,
        frame["wait"].fillna(np.inf).to_numpy(float),
        grace,
        frame[["age", "surgery"]].to_numpy(float).T,
    )


def everyone(of: Cloned) -> np.ndarray:
    return np.ones((1, len(of.time)), dtype=np.int64)


def test_both_strategies_of_the_stanford_transplants_match_r() -> None:
    of = stanford()
    found = cloned_curves(of, everyone(of)).survival[0]
    with (REFERENCE / "golden" / "cloned.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    for row in rows:
        read = step_values if row["statistic"] == "survival" else step_areas
        curve = found[("no", "yes").index(row["strategy"])]
        got = read(curve, of.grid.times, np.array([float(row["time"])]))[0]
        assert got == pytest.approx(float(row["value"]), rel=1e-6), row


def test_a_resample_is_the_same_as_its_patients() -> None:
    of = stanford()
    counts = draw_counts(np.random.default_rng(3), 5, len(of.time))
    rows = np.repeat(np.arange(len(of.time)), counts[-1])
    copied = Cloned(
        of.time[rows], of.cause[rows], of.may_begin[rows], of.begin[rows], 30.0, of.columns[:, rows]
    )
    alone = cloned_curves(copied, everyone(copied)).survival[0]
    got = step_values(cloned_curves(of, counts).survival[-1], of.grid.times, copied.grid.times)
    assert got == pytest.approx(alone, rel=1e-6, abs=1e-9)


def test_without_covariates_nobody_needs_a_weight() -> None:
    """Alike patients: Kaplan-Meier of each strategy, the censored left out."""
    of = stanford()
    alike = Cloned(of.time, of.cause, of.may_begin, of.begin, 30.0, np.empty((0, len(of.time))))
    found = cloned_curves(alike, everyone(alike)).survival[0]
    none = EventGrid(np.minimum(of.time, of.begin), (of.cause > 0) & (of.time <= of.begin))
    expected = many_kaplan_meier(none, np.ones((1, len(of.time))))[0]
    got = step_values(found[0], of.grid.times, none.times)
    assert got == pytest.approx(expected)
    stays = of.in_time | ~of.eligible
    until = np.where(stays, of.time, np.minimum(of.time, 30.0))
    treat = EventGrid(until, (of.cause > 0) & (until == of.time))
    expected = many_kaplan_meier(treat, np.ones((1, len(of.time))))[0]
    assert step_values(found[1], of.grid.times, treat.times) == pytest.approx(expected)
    assert largest_weights(alike)[1] == pytest.approx(1.0)


def test_survival_and_the_incidences_add_up_to_one() -> None:
    of = stanford()
    random = np.random.default_rng(5)
    causes = np.where(of.cause > 0, random.integers(1, 3, len(of.time)), 0)
    apart = Cloned(of.time, causes, of.may_begin, of.begin, 30.0, of.columns)
    found = cloned_curves(apart, everyone(apart))
    whole = cloned_curves(of, everyone(of))
    assert found.survival == pytest.approx(whole.survival)
    assert found.incidence.sum(axis=-1) == pytest.approx(1 - found.survival)


def test_where_nobody_begins_no_treatment_is_the_whole_cohort() -> None:
    of = stanford()
    never = Cloned(of.time, of.cause, of.may_begin, np.full(len(of.time), np.inf), 30.0, of.columns)
    found = cloned_curves(never, everyone(never)).survival[0, 0]
    assert found == pytest.approx(many_kaplan_meier(of.grid, np.ones((1, len(of.time))))[0])


def test_who_was_sure_to_begin_stands_for_no_endless_number() -> None:
    """A covariate that tells who begins: weights stay finite, and so do the curves."""
    of = stanford()
    tells = np.isfinite(of.begin).astype(float)[None]
    sure = Cloned(of.time, of.cause, of.may_begin, of.begin, 30.0, 1000 * tells)
    found = cloned_curves(sure, everyone(sure)).survival
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()


def test_where_nobody_has_an_event_there_are_no_curves() -> None:
    of = replace(stanford(), cause=np.zeros(len(stanford().time), dtype=np.int64))
    with pytest.raises(StatisticsError, match="nobody has one"):
        cloned_curves(of, everyone(of))
