"""Tables of competing events: every cell a number of the results, and what the notes say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis_lib.format import format_p, format_points
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.competing.numbers import (
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)
from analysis_lib.topics.competing.table import (
    table_cause_models,
    table_relapse_and_death,
    table_toxicity_onset,
)


@pytest.fixture(scope="module")
def found(study):
    return relapse_and_death_by_exposure(study)


@pytest.fixture(scope="module")
def onset(study):
    return toxicity_onset_by_exposure(study)


def incidence(curve, time):
    at = curve.estimate.at(time)
    parts = [format_points(x) for x in (at.incidence, at.ci_low, at.ci_high)]
    return f"{parts[0]} ({parts[1]}–{parts[2]})"


def expected(shown, curve):
    test = shown.results.value(shown.test_key._replace(statistic="p_value"))
    estimate = curve.estimate
    return (
        *(str(n) for n in (estimate.n, estimate.n_events, estimate.n_competing)),
        *(incidence(curve, time) for time in shown.question.landmarks),
        format_p(test) if curve is shown.curves[0] else "",
    )


def test_a_line_per_event_and_group_holds_its_estimates(found, onset, cells):
    tables = (table_relapse_and_death(found), table_toxicity_onset(onset))
    for table, result in zip(tables, (found, onset), strict=True):
        for shown in result.incidences:
            for curve in shown.curves:
                line = cells(table, curve.label, shown.question.label)
                assert line == expected(shown, curve)
        assert len(table.layout.lines) == 4
        assert table.layout.notes[-1] == SYNTHETIC_LABEL


def test_columns_name_the_landmarks_in_their_unit(found, onset):
    months = [x.label for x in table_relapse_and_death(found).layout.columns]
    days = [x.label for x in table_toxicity_onset(onset).layout.columns]
    assert months[4:6] == ["6 months", "12 months"]
    assert days[4:7] == ["Day 7", "Day 14", "Day 30"]


def test_every_model_is_a_line_with_its_ratio(found, dictionary, cells):
    table = table_cause_models(found)
    for cause in found.causes:
        for model in cause.models:
            term = model.fit.coefficient("ino", "exposed")
            each = model.fit.events / model.fit.degrees_of_freedom
            assert cells(table, model.label, cause.incidence.question.label) == (
                str(model.fit.n),
                str(model.fit.events),
                f"{each:.1f}",
                f"{term.hazard_ratio:.2f} ({term.ci_low:.2f}–{term.ci_high:.2f})",
                format_p(term.p_value),
            )
    notes = " ".join(table.layout.notes)
    assert "Fine-Gray model" in notes and "Cox model" in notes
    for name in found.relapse.models[2].terms:
        assert dictionary[name].label.lower()[1:] in notes.lower()


def test_of_several_groups_each_has_its_line(study_of):
    found = relapse_and_death_by_exposure(study_of(exposure="disease_subtype"))
    lines = table_cause_models(found).layout.lines
    labels = [line.label for line in lines[:3]]
    assert labels == ["Cause-specific, crude", *found.grouping.labels[1:]]
    assert lines[0].cells[3:] == ("", "") and lines[1].cells[:3] == ("", "", "")


def test_notes_say_how_a_non_response_counts_and_who_has_no_date(study_of, found, onset):
    assert "An assessed non-response is no event." in table_relapse_and_death(found).layout.notes
    counted = relapse_and_death_by_exposure(study_of(nonresponse_is_pfs_event=True))
    notes = " ".join(table_relapse_and_death(counted).layout.notes)
    assert "is an event at its assessment, counted under relapse or non-response" in notes
    undated = replace(onset, undated={"crs": 3, "icans": 0}, left_out=("No ICANS.",))
    notes = table_toxicity_onset(undated).layout.notes
    assert "Without a date of onset and left out: 3 with CRS." in notes and "No ICANS." in notes


def test_what_does_not_apply_passes_through():
    omitted = Omitted("None of it.")
    assert table_relapse_and_death(omitted) is omitted
    assert table_toxicity_onset(omitted) is omitted
    assert table_cause_models(omitted) is omitted
