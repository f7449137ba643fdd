"""Three ways to fail: they part the deaths, say what is unrecorded, and are left out in words."""

from __future__ import annotations

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.topics.competing.figure import plot_ways_to_fail
from analysis_lib.topics.competing.numbers import relapse_and_death_by_exposure
from analysis_lib.topics.competing.table import table_ways_to_fail
from analysis_lib.topics.competing.ways_to_fail import ways_to_fail_by_exposure
from analysis_lib.topics.competing.ways_words import describe_ways_to_fail
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module")
def found(study):
    return ways_to_fail_by_exposure(study)


def _first_dead(study, **values) -> list[int]:
    """Positions of those who died first, whose cause is one of `values`."""
    patients = study.patients
    dead = patients["pfs_event"] & patients["relapse_date"].isna()
    return list(patients.index[dead & patients["cause_of_death"].isin(list(values))])


def test_the_kinds_of_death_part_the_deaths_without_relapse(study, found) -> None:
    death = relapse_and_death_by_exposure(study).death.incidence
    kinds = [cause.incidence for cause in found.deaths]
    for whole, ours, others in zip(death.curves, *(x.curves for x in kinds), strict=True):
        assert ours.estimate.n_events + others.estimate.n_events == whole.estimate.n_events
        for month in (3, 6, 12):
            parts = [x.estimate.at(month).incidence for x in (ours, others)]
            assert sum(parts) == pytest.approx(whole.estimate.at(month).incidence, abs=1e-12)


def test_deaths_are_those_whose_recorded_cause_is_the_disease(study, found) -> None:
    ours = found.deaths[0].incidence
    events = sum(ours.count(curve, "events") for curve in ours.curves)
    assert events == len(_first_dead(study, leukemia=True)) > 0
    check_vocabulary(found.results, study.dictionary)


def test_table_figure_and_words_show_the_three(found, see) -> None:
    layout = table_ways_to_fail(found).layout
    assert list(dict.fromkeys(line.group for line in layout.lines)) == [
        "Relapse",
        "Death from leukaemia without relapse",
        "Death from another cause without relapse",
    ]
    figure = plot_ways_to_fail(found)
    seen = see(figure)
    assert seen.overlapping == seen.outside == []
    assert {"A", "B", "C"} <= set(seen.written)
    said = str(describe_ways_to_fail(found))
    assert "death from leukaemia without relapse in 15 patients" in said
    assert "Nobody who died from leukaemia as the first event had a recorded remission" in said
    assert said.count("unadjusted, the cause-specific hazard ratio is") == 2


def _altered(extract, write_extract, study_of, change):
    change(extract)
    return study_of(cohort=str(write_extract(extract)), preset="aldoss_2024")


def test_a_death_without_a_cause_is_no_death_from_the_disease(
    extract, write_extract, study_of
) -> None:
    def without_infections(frame) -> None:
        frame.loc[frame["cause_of_death"] == "infection", "cause_of_death"] = ""

    study = _altered(extract, write_extract, study_of, without_infections)
    found = ways_to_fail_by_exposure(study)
    assert found.unrecorded == 6
    assert "Of the latter, 6 have no recorded cause." in str(describe_ways_to_fail(found))
    label = found.deaths[1].incidence.question.label
    assert label == "Death from another cause or an unrecorded one without relapse"


def test_a_death_from_the_disease_in_remission_is_called_into_question(
    extract, write_extract, study_of
) -> None:
    def all_of_disease(frame) -> None:
        frame.loc[frame["cause_of_death"] == "sos", "cause_of_death"] = "leukemia"

    study = _altered(extract, write_extract, study_of, all_of_disease)
    said = str(describe_ways_to_fail(ways_to_fail_by_exposure(study)))
    assert "4 had a recorded remission before: a relapse before death was not recorded" in said


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("", "No cause of death without relapse is recorded; the causes are not told apart."),
        ("infection", "No death without relapse is attributed to leukaemia; "),
        ("leukemia", "No death without relapse is attributed to another cause; "),
    ],
)
def test_where_causes_cannot_be_told_apart_a_sentence_says_so(
    extract, write_extract, study_of, cause, reason
) -> None:
    def all_the_same(frame) -> None:
        frame.loc[frame["death_date"] != "", "cause_of_death"] = cause

    found = ways_to_fail_by_exposure(_altered(extract, write_extract, study_of, all_the_same))
    assert isinstance(found, Omitted)
    assert found.reason.startswith(reason)
    assert describe_ways_to_fail(found) is found
