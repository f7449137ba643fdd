"""Salvage enters no analysis of consolidation; it is counted, and said, by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Key
from analysis_lib.show.prose import LEFT_OUT
from analysis_lib.study.study import make_study
from analysis_lib.topics.consolidation.follow_up import responders_at_landmarks
from analysis_lib.topics.consolidation.words import describe_waiting
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.table import table_consolidation
from analysis_lib.topics.response.words import describe_after_response
from analysis_lib.topics.survival.courses import patient_courses
from analysis_lib.topics.survival.figure import plot_courses
from analysis_lib.topics.whole import all_results

AFTER, BEFORE, WITHOUT = 12, 5, 4
SALVAGE = Key("response", "salvage", "infused", statistic="count")


def plus(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def plain(extract: pd.DataFrame) -> pd.DataFrame:
    """The embedded cohort, five of whose consolidations are not recorded."""
    given = extract.index[extract["consolidation"] != "none"][:BEFORE]
    extract.loc[given, "consolidation"] = "none"
    extract.loc[given, "consolidation_date"] = ""
    return extract


def salvaged(extract: pd.DataFrame) -> pd.DataFrame:
    """The same, with treatment of the five before the response, of twelve from relapse on, and of
    four who did not respond.
    """
    before = extract.index[extract["consolidation"] != "none"][:BEFORE]
    relapsed = (extract["relapse_date"] != "") & (extract["consolidation"] == "none")
    failed = extract["response_marrow_blasts_percent"].replace("", "0").astype(float) >= 5
    courses = [
        *((x, "response_date", -1) for x in before),
        *((x, "relapse_date", 5 * i) for i, x in enumerate(extract.index[relapsed])),
        *((x, "response_date", 3) for x in extract.index[failed & ~relapsed][:WITHOUT]),
    ]
    late = 0
    for row, name, days in courses:
        day = plus(extract.loc[row, name], days)
        if day > extract.loc[row, "last_contact_date"] or (
            name == "relapse_date" and late == AFTER
        ):
            continue
        late += name == "relapse_date"
        extract.loc[row, ["consolidation", "consolidation_date"]] = ["allo_hct", day]
    return extract


@pytest.fixture(scope="module")
def study_from(root, tmp_path_factory):
    def make(change, **parameters):
        frame = pd.read_csv(root / "data" / "cohort.csv", dtype=str, keep_default_na=False)
        path = tmp_path_factory.mktemp("salvage") / "cohort.csv"
        change(frame).to_csv(path, index=False)
        return make_study(
            parse_parameters({"preset": "aldoss_2024", "cohort": str(path), **parameters}),
            root=root,
        )

    return make


@pytest.fixture(scope="module")
def study(study_from):
    return study_from(salvaged)


def count(results, **key):
    return results.value(SALVAGE._replace(**key))


def test_every_number_is_what_it_is_without_the_salvage(study_from):
    fast = {"imputations": 2, "bootstrap_resamples": 10}
    with_it, without = (
        {
            row.key: repr((row.value, row.n, row.denominator, row.method))
            for row in all_results(study_from(change, **fast))
            if row.key.outcome != "salvage" and row.key.variable != "salvage_reason"
        }
        for change in (salvaged, plain)
    )
    assert len(with_it) > 5000 and {"consolidation_time_varying", "cox_as_published_a"} <= {
        key.analysis for key in with_it
    }
    assert with_it == without


def test_salvage_is_counted_by_reason_and_group(study):
    results = response_by_exposure(study).results
    reasons = {"after_relapse": AFTER, "before_response": BEFORE, "without_response": WITHOUT}
    for reason, expected in reasons.items():
        assert count(results, variable="salvage_reason", level=reason) == expected
    for level in study.groups.levels:
        members = study.groups.members(study.patients, level)
        where = f"infused[{study.groups.variable}={level}]"
        assert count(results, population=where) == members["salvage_reason"].notna().sum() > 0
    assert count(results) == AFTER + BEFORE + WITHOUT


def test_small_counts_of_salvage_are_suppressed(study_from):
    response = response_by_exposure(study_from(salvaged, small_cell=11))
    shown = [row for row in response.results if row.key.outcome == "salvage"]
    counts = {row.key: row for row in shown if row.key.statistic == "count"}
    small = counts[SALVAGE._replace(variable="salvage_reason", level="before_response")]
    assert small.suppressed and any(not row.suppressed for row in counts.values())
    assert all(row.suppressed or not 0 < row.value < 11 for row in counts.values())
    for name in {(key.variable, key.level) for key in counts}:
        parts = [row for key, row in counts.items() if (key.variable, key.level) == name]
        # Of a whole and its two groups none is withheld alone: the others would give it back.
        assert sum(row.suppressed for row in parts) != 1
    text = str(describe_after_response(response))
    assert "before the response" not in text and text.endswith(LEFT_OUT)


def test_salvage_is_said_only_where_there_is_any(study, study_of):
    response, counts = response_by_exposure(study), responders_at_landmarks(study)
    said = str(describe_after_response(response))
    assert "Treatment outside remission is salvage and counts as no consolidation" in said
    listed = f"{AFTER} on or after the day of relapse, {BEFORE} before the response and {WITHOUT}"
    assert f"{listed} without a response." in said
    salvaged = f"Of the responders {AFTER + BEFORE} were treated outside remission"
    assert salvaged in str(describe_waiting(counts))
    drawn = plot_courses(patient_courses(study))
    assert "Salvage treatment" in [x.get_text() for x in drawn.legends[0].texts]
    table = table_consolidation(response).html
    assert "On or after the day of relapse" in table

    nobody = study_of()
    response, counts = response_by_exposure(nobody), responders_at_landmarks(nobody)
    table = table_consolidation(response).html
    for text in (describe_after_response(response), describe_waiting(counts), table):
        assert "salvage" not in str(text).lower()


def test_lanes_hold_salvage_apart_from_consolidation(study):
    lanes = [x for group in patient_courses(study).lanes.values() for x in group]
    assert sum(x.salvage_months is not None for x in lanes) == AFTER + BEFORE + WITHOUT
    given = [x for x in lanes if x.consolidation_months is not None]
    assert len(given) == study.patients["consolidation_date"].notna().sum() > 0
    assert all(x.salvage_months is None for x in given)
    for lane in given:
        assert lane.relapse_months is None or lane.consolidation_months < lane.relapse_months


def test_time_is_free_of_events_only_where_relapse_is_recorded(study_from, study_of):
    known = str(describe_waiting(responders_at_landmarks(study_of())))
    assert "before consolidation could no longer be consolidated in remission" in known
    assert "free of events by definition" in known
    unknown = responders_at_landmarks(study_from(lambda x: x.assign(relapse_date="")))
    text = str(describe_waiting(unknown))
    assert "free of events" not in text and "No relapse is recorded" in text


def test_the_numbers_of_the_sentences_lead_to_rows(study, untraced):
    response, counts = response_by_exposure(study), responders_at_landmarks(study)
    given = {"confidence_level": 0.95, "consolidation_landmarks": [60, 90, 120]}
    assert untraced(lambda: describe_after_response(response), response.results, **given) == []
    assert untraced(lambda: describe_waiting(counts), counts.results, **given) == []
    kept = [x for x in response.results if x.key.outcome != "salvage"]
    assert untraced(lambda: describe_after_response(response), kept, **given) != []
