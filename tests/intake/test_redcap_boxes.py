"""Boxes that nobody answered are blank, and the intake says for how many records."""

from __future__ import annotations

import pytest

from analysis_lib.errors import SourceError

FIELDS = [
    ("rid", "base", "text", "", ""),
    ("lines", "base", "text", "", ""),
    ("fever", "toxicity", "yesno", "", ""),
    ("score", "toxicity", "calc", "1+1", ""),
    ("tox", "toxicity", "checkbox", "1, Tocilizumab | 2, Steroids", ""),
]
MAPPING = "columns: {rid: patient_id, tox___1: tocilizumab, tox___2: steroids}\n"
HEADER = "rid,lines,fever,score,tox___1,tox___2,toxicity_complete\n"
NEVER = "form toxicity: never opened for {}; its fields and boxes stay empty there"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,3,,2,0,0,0", ["", ""]),  # a calculation is no entry
        ("1,3,,,0,0,", ["", ""]),
        ("1,3,,,0,0,0.0", ["", ""]),
        ("1,3,,,0,0,Incomplete", ["", ""]),
        ("1,3,,,0,0,1", ["no", "no"]),
        ("1,3,,,0,0,2", ["no", "no"]),
        ("1,3,0,,0,0,0", ["no", "no"]),
        ("1,3,,,0,1,0", ["no", "yes"]),
        ("1,3,,,0,1,", ["no", "yes"]),
    ],
)
def test_boxes_count_where_their_form_was_opened(take_in_redcap, row, expected):
    intake = take_in_redcap(f"{HEADER}{row}\n", FIELDS, MAPPING)
    assert intake.table.loc[2, ["tocilizumab", "steroids"]].tolist() == expected
    assert (NEVER.format("1 record") in intake.notes) == (expected == ["", ""])


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        ("rid,fever,tox___1,tox___2\n1,,0,0\n2,0,0,0\n", ["", "no"]),
        ("rid,tox___1,tox___2\n1,0,0\n2,0,1\n", ["no", "no"]),
        (
            "rid,tox___1,tox___2,toxicity_timestamp,toxicity_complete\n1,0,0,x,0\n2,0,0,,0\n",
            ["no", ""],
        ),
    ],
)
def test_without_a_status_other_questions_of_the_form_tell(take_in_redcap, export, expected):
    assert take_in_redcap(export, FIELDS, MAPPING).table["tocilizumab"].tolist() == expected


def test_records_are_counted_and_not_the_rows_of_events(take_in_redcap):
    export = "rid,redcap_event_name,lines,fever,tox___1,tox___2,toxicity_complete\n"
    export += "1,a_arm_1,3,,0,0,0\n1,b_arm_1,,,0,1,2\n2,a_arm_1,2,,0,0,0\n2,b_arm_1,,,0,0,\n"
    intake = take_in_redcap(export, FIELDS, MAPPING)
    assert intake.table["tocilizumab"].tolist() == ["no", ""]
    assert NEVER.format("1 record") in intake.notes


def test_nothing_is_said_of_forms_that_are_not_read(take_in_redcap):
    intake = take_in_redcap(f"{HEADER}1,3,,,0,0,0\n", FIELDS, "columns: {rid: patient_id}\n")
    assert not [note for note in intake.notes if "opened" in note]


MISSING = "rid,fever,tox___1,tox___2,{0},toxicity_complete\n"


@pytest.mark.parametrize("column", ["tox____99", "tox___unk", "tox___999"])
def test_the_box_of_a_missing_data_code_leaves_the_others_blank(take_in_redcap, column):
    export = MISSING.format(column) + "1,0,0,0,1,2\n2,0,0,0,0,2\n3,1,0,1,0,2\n4,1,1,0,1,2\n"
    intake = take_in_redcap(export, FIELDS, MAPPING)
    assert intake.table["tocilizumab"].tolist() == ["", "no", "no", "yes"]
    assert column not in intake.table.columns
    assert [note for note in intake.notes if "missing-data code, for 1 record" in note]


def test_the_box_of_a_missing_data_code_can_be_mapped(take_in_redcap):
    export = MISSING.format("tox____99") + "1,0,0,0,1,2\n2,0,0,0,0,2\n"
    mapping = MAPPING.replace("}", ", tox____99: unknown}")
    mapping += "variables: {unknown: {type: yes_no}}\n"
    table = take_in_redcap(export, FIELDS, mapping).table
    assert table["unknown"].tolist() == ["yes", "no"]
    whole = "columns: {rid: patient_id, tox: tox, tox____99: ''}\nvariables: {tox: {}}\n"
    assert take_in_redcap(export, FIELDS, whole).table["tox"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("column", "cells", "read"),
    [
        ("redcap_data_access_group", "north north south", ["north", "south"]),
        ("toxicity_complete", "2 2 1", ["2", "1"]),
    ],
)
def test_columns_of_redcap_itself_can_be_mapped(take_in_redcap, column, cells, read):
    rows = zip("112", ("a_arm_1", "b_arm_1", "a_arm_1"), cells.split(), strict=True)
    export = f"rid,redcap_event_name,{column}\n" + "".join(f"{','.join(row)}\n" for row in rows)
    mapping = f"columns: {{rid: patient_id, {column}: centre}}\n"
    assert take_in_redcap(export, FIELDS, mapping).table["centre"].tolist() == read
    unread = f"columns: {{rid: patient_id, {column}: ''}}\n"
    assert column not in take_in_redcap(export, FIELDS, unread).table.columns


@pytest.mark.parametrize("row", ["1,3,0,,Checked,,2", "1,3,0,,Tocilizumab,,2", "1,3,0,,1,,2"])
def test_boxes_that_are_ticked_or_blank_are_refused(take_in_redcap, row):
    with pytest.raises(SourceError, match=r"1 boxes of 'tox' are blank .*export raw data"):
        take_in_redcap(f"{HEADER}{row}\n2,3,0,,,,2\n", FIELDS, MAPPING)


@pytest.mark.parametrize("logic", ["[fever] = '1'", "datediff([d], 'today', 'd') > 0"])
def test_a_box_that_may_not_have_been_shown_is_blank_and_not_no(take_in_redcap, logic):
    fields = [*FIELDS[:-1], ("tox", "toxicity", "checkbox", "1, Tocilizumab | 2, Steroids", logic)]
    intake = take_in_redcap(f"{HEADER}1,3,,,0,0,2\n2,3,,,0,1,2\n", fields, MAPPING)
    assert intake.table[["tocilizumab", "steroids"]].values.tolist() == [["", ""], ["no", "yes"]]
    assert any("tox___1: 1 not ticked stay empty" in note for note in intake.notes)
