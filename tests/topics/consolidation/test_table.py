"""Consolidation by estimator, the landmarks and the simulation as tables: cells are rows."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from analysis_lib.format import format_fixed, format_points
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.consolidation.follow_up import responders_at_landmarks
from analysis_lib.topics.consolidation.numbers import consolidation_effects
from analysis_lib.topics.consolidation.simulated import (
    consolidation_simulation_results,
    simulated_estimators,
    simulation_key,
)
from analysis_lib.topics.consolidation.table import (
    table_consolidation_simulation,
    table_landmarks,
    table_triptych,
)


@pytest.fixture(scope="module")
def effects(study):
    return [consolidation_effects(study, outcome) for outcome in ("pfs", "os")]


@pytest.fixture(scope="module")
def simulated(study):
    return consolidation_simulation_results(study, cohorts=5)


def ratio(one, contrast, estimator, analysis):
    key = contrast.key(analysis, one.outcome, estimator.time_months)
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    value, low, high = (one.results.value(key._replace(statistic=x)) for x in names)
    return "–" if math.isnan(value) else f"{value:.2f} ({low:.2f}–{high:.2f})"


def test_every_estimator_is_a_column_with_its_own_numbers(effects):
    layout = table_triptych(*effects).layout
    lines = iter(layout.lines)
    for one in effects:
        for contrast in one.contrasts:
            whole, consolidated, crude, adjusted = (next(lines) for _ in range(4))
            assert whole.group.startswith(f"{one.outcome_label}: ")
            for i, x in enumerate(one.estimators):
                key = contrast.key(x.analysis, one.outcome, x.time_months)
                sizes = [
                    int(one.results.value(key._replace(statistic=name)))
                    for name in ("events", "n", "events_at_level", "n_at_level")
                ]
                assert whole.cells[i] == f"{sizes[0]}/{sizes[1]}"
                assert consolidated.cells[i] == f"{sizes[2]}/{sizes[3]}"
                assert crude.cells[i] == ratio(one, contrast, x, x.analysis)
                assert adjusted.cells[i] == ratio(one, contrast, x, f"{x.analysis}_adjusted")
    assert next(lines, None) is None
    landmarks = [x for x in layout.columns if x.spanner]
    assert [x.label for x in landmarks] == ["Day 60", "Day 90", "Day 120"]


def test_the_notes_state_adjustment_and_reasons(effects, dictionary):
    notes = " ".join(table_triptych(*effects).layout.notes)
    for name in effects[0].adjustment:
        assert dictionary[name].label.lower()[1:] in notes.lower()
    assert "fewer than 5 events per parameter" in notes
    assert f"{effects[0].incomplete} patients lack a value" in notes
    assert SYNTHETIC_LABEL in notes
    follow_up = replace(effects[0].follow_up, unplaced=3, without_entry=2)
    changed = replace(effects[0], follow_up=follow_up)
    notes = " ".join(table_triptych(changed).layout.notes)
    assert "3 responders are left out" in notes
    assert "The response assessment of 2 patients is not dated" in notes


def test_each_landmark_is_a_column_of_counts(study, dictionary, cells):
    counts = responders_at_landmarks(study)
    table = table_landmarks(counts)
    left = [cells(table, x) for x in ("Relapse or death by then", "Follow-up ended by then")]
    at_risk = cells(table, "In remission and at risk")
    for i, whole in enumerate(cells(table, "Responders")):
        assert int(whole) == int(left[0][i]) + int(left[1][i]) + int(at_risk[i])
    kinds = [cells(table, dictionary["consolidation"].level_label(x)) for x in counts.kinds]
    for i, any_ in enumerate(cells(table, "Consolidated by then")):
        assert sum(int(kind[i]) for kind in kinds) <= int(any_) <= int(at_risk[i])


def test_the_simulation_is_a_line_an_estimator(simulated, dictionary):
    layout = table_consolidation_simulation(simulated).layout
    found = simulated_estimators(simulated)
    assert len(layout.lines) == len(found) == 12
    for line, (outcome, estimator) in zip(layout.lines, found, strict=True):
        key = simulation_key(outcome, estimator)
        bias, error, coverage = (
            simulated.value(key._replace(statistic=x))
            for x in ("bias", "bias_mc_error", "coverage")
        )
        assert line.group == dictionary[outcome].label
        assert line.cells[1] == f"{format_fixed(bias, 3)} ({format_fixed(error, 3)})"
        assert line.cells[2].startswith(format_points(coverage, 1))
    assert "5 cohorts of" in " ".join(layout.notes)


def test_every_number_of_the_simulation_has_a_row(study, simulated, untraced):
    parameters = {
        "confidence_level": study.parameters.confidence_level,
        "consolidation_landmarks": study.parameters.consolidation_landmarks,
    }

    def show():
        return table_consolidation_simulation(simulated)

    assert untraced(show, simulated, **parameters) == []
    of_endpoints = [x for x in simulated if x.key.outcome]
    (named,) = untraced(show, of_endpoints, **parameters)
    assert f"average {named.split()[0]}% consolidated" in show().layout.notes[0]


def test_an_estimator_without_estimates_shows_none(simulated):
    rows = tuple(
        replace(row, value=0.0 if row.key.statistic == "replications_estimated" else math.nan)
        if row.key.analysis == "simulated_consolidation_fixed"
        else row
        for row in simulated
    )
    table = table_consolidation_simulation(replace(simulated, rows=rows))
    assert table.layout.lines[0].cells == ("–", "–", "–", "–", "–", "0")


def test_what_is_omitted_stays_omitted(effects):
    reason = Omitted("No responder was consolidated.")
    assert table_triptych(reason, reason) is reason
    assert table_landmarks(reason) is reason
    assert table_consolidation_simulation(reason) is reason
