"""Consolidation as a strategy: the cohort's numbers against R, and where there are none."""

from __future__ import annotations

import csv
from collections.abc import Callable
from math import isnan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics import consolidation
from analysis_lib.topics.consolidation.cloned import ANALYSIS, CAUSES, Strategies, cloned_patients

StudyOf = Callable[..., Study]


@pytest.fixture(scope="module", params=["pfs", "os"])
def found(study: Study, request: pytest.FixtureRequest) -> Strategies:
    made = consolidation.strategies(study, request.param)
    assert isinstance(made, Strategies)
    return made


def test_both_strategies_are_those_of_r(root: Path, found: Strategies) -> None:
    path = root / "tests" / "reference" / "golden" / "cloned_cohort.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["data"] == found.outcome]
    assert len(rows) == {"pfs": 16, "os": 8}[found.outcome]
    for row in rows:
        key = found.of_strategy(row["strategy"], float(row["time"]))
        if row["cause"]:
            key = key._replace(analysis=f"{ANALYSIS}_{CAUSES[int(row['cause']) - 1]}")
        got = found.results.value(key, row["statistic"])
        assert got == pytest.approx(float(row["value"]), rel=1e-6), row


def test_who_had_been_consolidated_by_a_day_is_that_of_r(root: Path, study: Study) -> None:
    received = consolidation.received(study)
    path = root / "tests" / "reference" / "golden" / "consolidation_received.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {float(x["days"]) for x in rows} == set(received.days)
    for row in rows:
        key = received.key(float(row["days"]), row["fate"])
        got = received.results.value(key, "incidence")
        assert got == pytest.approx(float(row["incidence"]), rel=1e-6), row


def test_who_follows_which_strategy_is_counted_by_hand(study: Study, found: Strategies) -> None:
    patients = study.patients
    terms = [x for x in found.terms if x != study.groups.variable]
    responders = patients[(patients["cr_cri"] == "yes") & patients["consolidation"].notna()]
    responders = responders.dropna(subset=terms)
    waited = (responders["consolidation_date"] - responders["response_date"]).dt.days
    waited = waited.where(responders["consolidation"] != "none")
    n, in_time = found.results.values(found.whole, "n", "in_time")
    assert n == len(responders)
    assert in_time == (waited <= 90).sum()


def test_survival_and_causes_add_up(found: Strategies) -> None:
    for level in ("no", "yes"):
        for time in found.landmarks if found.causes else ():
            key = found.of_strategy(level, time)
            shares = [found.results.value(key, "survival")]
            for cause in found.causes:
                at = key._replace(analysis=f"{ANALYSIS}_{cause}")
                shares.append(found.results.value(at, "incidence"))
            assert np.sum(shares) == pytest.approx(1.0)


def test_the_grace_period_is_a_parameter(study_of: StudyOf) -> None:
    short, long = (
        consolidation.strategies(study_of(consolidation_grace_days=x, bootstrap_resamples=20), "os")
        for x in (30, 100)
    )
    held = [x.results.value(x.whole, "in_time") for x in (short, long)]
    assert held[0] < held[1]
    assert "Within 30 days" in str(consolidation.words_on_strategies(short))


def test_hardly_anybody_in_time_is_no_comparison(study_of: StudyOf) -> None:
    made = consolidation.strategies(study_of(consolidation_grace_days=3), "os")
    assert isinstance(made, Omitted)
    assert "a comparison of strategies takes" in made.reason


def test_where_nobody_has_the_event_there_is_no_comparison(
    study_of: StudyOf, extract: pd.DataFrame, write_extract: Callable[[pd.DataFrame], Path]
) -> None:
    responded = extract["response_date"] != ""
    blank = {x: extract[x].mask(responded, "") for x in ("death_date", "cause_of_death")}
    alive = extract.assign(**blank)
    made = consolidation.strategies(study_of(cohort=str(write_extract(alive))), "os")
    assert isinstance(made, Omitted)
    assert "Overall survival: none of" in made.reason


def test_few_events_under_a_strategy_are_curves_and_no_comparison(
    study_of: StudyOf, extract: pd.DataFrame, write_extract: Callable[[pd.DataFrame], Path]
) -> None:
    """Of the consolidated who died, all but three are made to live on."""
    died = extract.index[
        (extract["death_date"] != "")
        & (extract["response_date"] != "")
        & (extract["consolidation"] != "none")
    ]
    changed = extract.copy()
    changed.loc[died[3:], ["death_date", "cause_of_death"]] = ""
    short = study_of(
        cohort=str(write_extract(changed)), bootstrap_resamples=20, consolidation_grace_days=30
    )
    made = consolidation.strategies(short, "os")
    assert isinstance(made, Strategies)
    events = {x: made.results.value(made.events("", x)) for x in ("no", "yes")}
    assert min(events.values()) < LEAST_EVENTS
    key = made.contrast(12)
    assert isnan(made.results.value(key, "survival_difference"))
    assert "fewer than 5 events" in made.results.row(key, "survival_difference").method
    assert not isnan(made.results.value(made.of_strategy("yes", 12), "survival"))
    words = str(consolidation.words_on_strategies(made))
    assert "too few to compare" in words
    assert "unclear" not in words
    table = consolidation.table_strategies(made)
    assert "are not compared: overall survival" in " ".join(table.layout.notes)


def test_events_under_each_strategy_are_counted_by_hand(study: Study, found: Strategies) -> None:
    """Without treatment up to its begin; with it up to the end of the grace period or for good."""
    cloned = cloned_patients(study, found.outcome).cloned
    without = (cloned.cause > 0) & (cloned.time <= cloned.begin)
    held = cloned.in_time | (cloned.may_begin <= cloned.grace) | (cloned.time <= cloned.grace)
    expected = [int(without.sum()), int(((cloned.cause > 0) & held).sum())]
    assert [found.results.value(found.events("", x)) for x in ("no", "yes")] == expected


def test_where_counts_are_small_nothing_of_it_is_shown(study_of: StudyOf) -> None:
    study = study_of(small_cell=11)
    found = consolidation.strategies(study, "pfs")
    assert isinstance(found, Strategies)
    assert all(isnan(x.value) for x in found.results)
    assert all(isnan(x.value) for x in consolidation.received(study).results)
    assert isinstance(consolidation.figure_strategies(found), Omitted)


def test_the_figure_holds_both_curves_and_nothing_collides(study: Study, see: Callable) -> None:
    made = [consolidation.strategies(study, x) for x in ("pfs", "os")]
    seen = see(consolidation.figure_strategies(*made))
    assert {"Do not consolidate", "Consolidate", SYNTHETIC_LABEL} <= set(seen.written)
    assert seen.overlapping == []
    assert seen.outside == []


def test_an_exposure_that_is_a_term_of_the_weights_is_one_column(study_of: StudyOf) -> None:
    made = consolidation.strategies(study_of(exposure="prior_hct"), "pfs")
    assert isinstance(made, Strategies)
    assert made.terms.count("prior_hct") == 1
