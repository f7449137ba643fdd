"""Branching logic is evaluated on whole records: rows of events give what one row gives."""

from __future__ import annotations

import pytest

FIELDS = [
    ("rid", "base", "text", "", ""),
    ("prior", "base", "checkbox", "1, Chemotherapy | 2, Antibody", ""),
    ("given", "base", "checkbox", "1, Conjugate | 2, Bispecific", "[prior(2)] = '1'"),
    ("relapsed", "later", "yesno", "", ""),
    ("relapse_date", "later", "text", "", ""),
    ("treated", "later", "yesno", "", "[relapse_date] <> ''"),
    ("worse", "later", "yesno", "", "[start_arm_1][prior(2)] = '1'"),
]
MAPPING = """\
columns: {rid: patient_id, given___1: conjugate, treated: treated, worse: worse}
variables: {conjugate: {}, treated: {}, worse: {}}
"""
ONE_ROW = """\
rid,prior___1,prior___2,given___1,given___2,base_complete,relapsed,relapse_date,treated,worse,later_complete
1,1,1,0,1,2,1,2023-01-01,0,1,2
2,1,0,0,0,2,0,,,,2
3,1,1,1,0,2,1,2023-01-02,1,,2
"""
EVENTS = """\
rid,redcap_event_name,prior___1,prior___2,given___1,given___2,base_complete,relapsed,relapse_date,treated,worse,later_complete
1,{0},1,1,0,1,2,,,,,{2}
1,{1},0,0,0,0,{2},1,2023-01-01,0,1,2
2,{0},1,0,0,0,2,,,,,{2}
2,{1},0,0,0,0,{2},0,,,,2
3,{0},1,1,1,0,2,,,,,{2}
3,{1},0,0,0,0,{2},1,2023-01-02,1,,2
"""
NAMES = ("start_arm_1", "follow_up_arm_1")


@pytest.mark.parametrize(
    "export",
    [
        ONE_ROW,
        EVENTS.format(*NAMES, "0"),
        EVENTS.format(*NAMES, ""),
        EVENTS.format("Start", "Follow up", "0"),
        EVENTS.format("Start (Arm 1: All)", "Follow up (Arm 1: All)", "0"),
    ],
)
def test_what_was_answered_no_is_not_what_was_never_asked(take_in_redcap, export):
    table = take_in_redcap(export, FIELDS, MAPPING).table
    assert table["conjugate"].tolist() == ["no", "not_applicable", "yes"]
    assert table["worse"].tolist() == ["yes", "not_applicable", ""]


def test_a_blank_of_another_row_is_not_a_blank_of_the_record(take_in_redcap):
    """`[relapse_date] <> ''` is false in the first row of every record, and there only."""
    one = take_in_redcap(ONE_ROW, FIELDS, MAPPING).table["treated"].tolist()
    several = take_in_redcap(EVENTS.format(*NAMES, "0"), FIELDS, MAPPING).table["treated"].tolist()
    assert one == several == ["no", "not_applicable", "yes"]


def test_the_value_of_another_event_is_that_of_its_rows(take_in_redcap):
    """Ticked at the start and not later: what a later event asks for stays hidden."""
    fields = [
        ("rid", "base", "text", "", ""),
        ("arm", "visit", "checkbox", "1, A | 2, B", ""),
        ("note", "visit", "yesno", "", ""),
        ("early", "end", "yesno", "", "[first_arm_1][arm(1)] = '1'"),
        ("late", "end", "yesno", "", "[second_arm_1][arm(1)] = '1'"),
        ("unheard", "end", "yesno", "", "[third_arm_1][arm(1)] = '1'"),
        ("either", "end", "yesno", "", "[arm(1)] = '1' and [note] = '0'"),
    ]
    export = (
        "rid,redcap_event_name,arm___1,arm___2,note,visit_complete,early,late,unheard,either\n"
        "1,first_arm_1,1,0,1,2,,,,\n"
        "1,second_arm_1,0,1,0,2,,,,\n"
    )
    names = ("early", "late", "unheard", "either")
    intake = take_in_redcap(
        export,
        fields,
        f"columns: {{rid: patient_id}}\nvariables: {{{': {}, '.join(names)}: {{}}}}\n",
    )
    row = intake.table.iloc[0]
    assert [row[name] for name in names] == ["", "not_applicable", "", ""]
    assert "branching logic not understood, blanks stay missing: unheard" in intake.notes


def test_long_labels_of_events_are_found_by_the_name_that_redcap_cut():
    from analysis_lib.intake.redcap.records import _is_event

    assert _is_event("Follow-up after one year", "followup_after_one_arm_1")
    assert not _is_event("Follow-up after one year (Arm 2: B)", "followup_after_one_arm_1")
    assert not _is_event("Follow-up after one year", "followup_arm_1")
