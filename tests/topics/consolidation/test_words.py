"""Sentences on consolidation follow the numbers, whatever these are."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.topics.consolidation.follow_up import responders_at_landmarks
from analysis_lib.topics.consolidation.numbers import consolidation_effects
from analysis_lib.topics.consolidation.simulated import consolidation_simulation_results
from analysis_lib.topics.consolidation.simulation_words import describe_consolidation_simulation
from analysis_lib.topics.consolidation.words import describe_triptych, describe_waiting

CAUSAL = re.compile(r"\b(effect|causes?|caused|due to|because of|protects?|harms?)\b", re.I)
RATIO = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")


@pytest.fixture(scope="module")
def effects(study):
    return consolidation_effects(study, "pfs")


@pytest.fixture(scope="module")
def simulated(study):
    return consolidation_simulation_results(study, cohorts=4)


def with_ratios(effects, kind, ratio, low, high):
    """Every estimate of one kind of estimator with another hazard ratio."""
    changed = dict(zip(RATIO, (ratio, low, high), strict=True))
    rows = tuple(
        replace(row, value=changed.get(row.key.statistic, row.value))
        if row.key.analysis == f"consolidation_{kind}"
        else row
        for row in effects.results
    )
    return replace(effects, results=replace(effects.results, rows=rows))


@pytest.mark.parametrize(
    ("fixed", "varying", "phrases"),
    [
        (0.4, (0.7, 0.4, 1.3), ("towards 1", "contains 1; the interval includes")),
        (0.8, (0.5, 0.3, 0.9), ("away from 1", "on the side of a lower hazard")),
        (0.8, (1.9, 1.1, 3.2), ("to the other side of 1", "on the side of a higher hazard")),
        (0.8, (0.8, 0.4, 1.6), ("leaves the estimate where it is",)),
    ],
)
def test_the_waiting_moves_the_estimate_as_the_numbers_do(effects, fixed, varying, phrases):
    changed = with_ratios(effects, "fixed", fixed, fixed / 2, fixed * 2)
    text = str(describe_triptych(with_ratios(changed, "time_varying", *varying)))
    for phrase in phrases:
        assert phrase in text
    assert f"is {fixed:.2f} (95% CI {fixed / 2:.2f}–{fixed * 2:.2f}) as if known" in text


def test_landmarks_without_an_estimate_are_not_counted(effects):
    text = str(describe_triptych(with_ratios(effects, "landmark", 0.9, 0.5, 1.5)))
    assert "At the landmarks it is 0.90." in text
    text = str(describe_triptych(with_ratios(effects, "landmark", *(math.nan,) * 3)))
    assert "At no landmark is there an estimate." in text


def test_without_estimates_it_says_so(effects):
    text = str(describe_triptych(with_ratios(effects, "time_varying", *(math.nan,) * 3)))
    assert text.count("there is no estimate both fixed and time-varying") == len(effects.contrasts)


def test_the_waiting_is_counted(study, effects):
    text = str(describe_waiting(responders_at_landmarks(study)))
    patients = effects.follow_up.patients
    begun = int(patients["begin_months"].notna().sum())
    assert f"Of {len(patients)} responders {begun} were consolidated" in text


def test_the_simulation_says_what_each_estimator_finds(simulated):
    text = str(describe_consolidation_simulation(simulated))
    assert len(text.split("\n\n")) == 2
    assert "(4 cohorts)" in text and text.count("; the others average ") == 2
    rows = tuple(replace(row, value=math.nan) for row in simulated)
    hollow = tuple(
        replace(row, value=4.0) if row.key.statistic == "replications" else row for row in rows
    )
    text = str(describe_consolidation_simulation(replace(simulated, rows=hollow)))
    assert text.count("no simulated cohort gives an estimate") == 2


def test_no_sentence_claims_a_cause(study, effects, simulated):
    for prose in (
        describe_triptych(effects, consolidation_effects(study, "os")),
        describe_waiting(responders_at_landmarks(study)),
        describe_consolidation_simulation(simulated),
    ):
        assert not CAUSAL.search(str(prose))
        assert not re.search(r"\bnan\b|None", str(prose))


def test_what_is_omitted_stays_omitted():
    reason = Omitted("No responder was consolidated.")
    assert describe_triptych(reason) is reason
    assert describe_waiting(reason) is reason
    assert describe_consolidation_simulation(reason) is reason


def test_what_a_release_leaves_of_the_waiting_says_before_what(study_of):
    said = str(describe_waiting(responders_at_landmarks(study_of(small_cell=11))))
    assert said.startswith("Whoever had a relapse or died before consolidation could ")
