"""Cohorts at the edges give a whole report or a clear refusal, never a traceback.

The others of `EDGES` and of `CHOICES`, and every chapter of these, are run by `make soak`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from edges import CHOICES, EDGES, FAST
from notebook_run import Shown
from random_cohorts import random_cohort
from whole_report import check_choice, check_results, faults_of, open_extract


@pytest.mark.parametrize("name", [name for name, edge in EDGES.items() if edge.refused])
def test_what_cannot_be_compared_is_refused_with_a_remedy(name: str, tmp_path: Path) -> None:
    edge = EDGES[name]
    refused = open_extract(edge.make(), tmp_path, {**FAST, **edge.parameters})
    assert isinstance(refused, str), "it gave a study"
    assert edge.refused in refused
    assert ";" in refused or "\n" in refused


@pytest.mark.parametrize(
    ("name", "chapter"),
    [
        ("two patients", "cohort"),
        ("dead on day 1", "survival"),
        ("dead on day 0", "toxicity"),
        ("separation", "response"),
    ],
)
def test_a_chapter_at_the_edge_is_whole(name: str, chapter: str, tmp_path: Path) -> None:
    edge = EDGES[name]
    study = open_extract(edge.make(), tmp_path, {**FAST, **edge.parameters})
    assert not isinstance(study, str), study
    assert faults_of(study, chapters=(chapter,)) == []


def test_two_patients_give_a_results_table(tmp_path: Path) -> None:
    edge = EDGES["two patients"]
    study = open_extract(edge.make(), tmp_path, {**FAST, **edge.parameters})
    assert not isinstance(study, str), study
    assert len(check_results(study).rows) > 500


@pytest.mark.parametrize(
    "name",
    [
        "three groups, one endpoint",
        "other times, events and levels",
        "models in all, missing as a level",
    ],
)
def test_other_choices_give_a_whole_table(name: str) -> None:
    assert len(check_choice({**FAST, **CHOICES[name]}).rows) > 2000


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("Prose", "The ratio is nan."),
        ("Prose", "The ratio is None."),
        ("ReportTable", "inf"),
        ("ReportFigure", "NaT"),
        ("Prose", "In  patients."),
        ("Prose", "The groups ()."),
        ("ReportTable", " "),
    ],
)
def test_what_no_reader_should_see_is_found(kind: str, text: str) -> None:
    assert Shown("05", "", "", kind, (text,)).faults


def test_what_a_reader_may_see_passes() -> None:
    for text in ("None of 14 variables differs.", "Infusion, finance, banana", "∞"):
        assert Shown("05", "tbl-x", "A caption.", "Prose", (text,)).faults == []
    assert Shown("05", "tbl-x", "", "Prose", ("Text.",)).faults


@pytest.mark.skipif(not importlib.util.find_spec("hypothesis"), reason="needs hypothesis")
def test_random_inputs_are_answered_in_words(tmp_path):
    from fuzz_inputs import fuzz

    tally = fuzz(tmp_path, 15)
    assert tally.failures == [] and tally.tried >= 45


@pytest.mark.parametrize("seed", [1, 6, 7])
def test_a_random_valid_cohort_gives_a_results_table(seed: int, tmp_path: Path) -> None:
    given = random_cohort(seed)
    study = open_extract(given.table, tmp_path, given.parameters)
    assert not isinstance(study, str), study
    assert len(check_results(study).rows) > 500


def test_the_same_seed_makes_the_same_cohort() -> None:
    first, second = random_cohort(7), random_cohort(7)
    assert first.table.equals(second.table) and first.parameters == second.parameters
    assert not first.table.equals(random_cohort(8).table)
