"""No sentence of a hundred cohorts contradicts their results, and none is left unread.

An independent reader takes the paragraphs as text and the results as records. Each of the hundred
cohorts is read in one of the chapters without a model, in turn; three of them in chapters with
models too: one with a group without an event in the summary, the regression and the screen, one of
eleven patients in the summary and on consolidation, and one of four groups in the chapters on the
exposure's effect. `make soak` reads every chapter of all.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
from prose_cohorts import FAMILIES, NUMBER, prose_cohort
from whole_prose import Reading, alter_readings, claims_of, read_cohort
from whole_report import open_extract

from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.numbers import consolidation_effects

# The cohort takes four times as long as the response, survival twice as long.
IN_TURN = (
    "toxicity",
    "response",
    "survival",
    "toxicity",
    "response",
    "cohort",
    "response",
    "details",
)
SENSITIVITY = (
    "effect",
    "over_time",
    "missing",
    "confounding",
    "standardised",
    "consolidation",
    "choices",
)
MODELLED = {
    3: ("summary", "regression", "screening"),
    4: ("summary", "consolidation"),
    5: SENSITIVITY,
}
UNREAD = 0.02
FOUND = 0.95


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> list[Reading]:
    folder = tmp_path_factory.mktemp("prose")
    found: list[Reading] = []
    for number in range(NUMBER):
        chapters = [IN_TURN[number // len(FAMILIES) % len(IN_TURN)]]
        chapters += MODELLED.get(number, ())
        found += read_cohort(number, chapters, folder)
    return found


def test_no_sentence_contradicts_the_results(readings: list[Reading]) -> None:
    assert [fault for one in readings for fault in one.faults] == []


def test_hardly_a_claim_is_left_unread(readings: list[Reading]) -> None:
    claims, missed = claims_of(readings)
    assert claims > 1500
    assert len(missed) <= UNREAD * claims, missed


def test_every_family_is_read_in_every_chapter_without_a_model(readings: list[Reading]) -> None:
    read = {(one.family, one.place.chapter) for one in readings}
    assert {(family, chapter) for family in FAMILIES for chapter in set(IN_TURN)} <= read
    assert {one.number for one in readings} == set(range(NUMBER))
    assert {chapter for chapters in MODELLED.values() for chapter in chapters} <= {
        chapter for _, chapter in read
    }


def test_a_covariance_beyond_the_machine_gives_no_estimate_and_no_traceback(
    tmp_path: Path,
) -> None:
    given = prose_cohort(18)
    study = open_extract(given.table, tmp_path, given.parameters)
    assert isinstance(study, Study)
    effects = consolidation_effects(study, "pfs")
    assert not isinstance(effects, Omitted)
    errors = [x.value for x in effects.results if x.key.statistic == "std_error"]
    assert any(math.isnan(x) for x in errors)
    assert all(x > 0 for x in errors if not math.isnan(x))


def test_false_alterations_are_found(readings: list[Reading]) -> None:
    """Directions turned, numbers changed, groups exchanged, differences denied."""
    altered = alter_readings(readings, 400, seed=6)
    assert min(Counter(x.kind for x in altered).values()) > 90
    missed = [x for x in altered if not x.found]
    assert len(missed) <= (1 - FOUND) * len(altered), missed
