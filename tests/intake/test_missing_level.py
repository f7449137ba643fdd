"""A level called Missing is not what the report calls missing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis_lib.intake.extract import with_missing_apart


def changed(dictionary, name, **changes):
    return dictionary.with_variables([replace(dictionary[name], **changes)])


def test_the_level_has_a_name_of_its_own(dictionary):
    levels = {"levels": ("female", "missing"), "level_labels": ("Female", "Missing")}
    known = changed(dictionary, "sex", **levels, reference="missing")
    table = pd.DataFrame({"sex": ["missing", "female", ""]})
    table, known, notes = with_missing_apart(table, known)
    assert table["sex"].tolist() == ["recorded_missing", "female", ""]
    assert known["sex"].levels == ("female", "recorded_missing")
    assert known["sex"].level_labels == ("Female", "Missing (recorded)")
    assert known["sex"].reference == "recorded_missing"
    assert notes == ["sex: the level Missing is shown as 'Missing (recorded)'"]


@pytest.mark.parametrize("text", ["missing", "Missing"])
def test_codes_label_themselves(dictionary, text):
    table, _, notes = with_missing_apart(pd.DataFrame({"centre": [text, "1"]}), dictionary)
    assert table["centre"].tolist() == ["Missing (recorded)", "1"]
    assert len(notes) == 1


def test_nothing_is_said_where_nobody_has_the_level(dictionary):
    levels = {"levels": ("female", "missing"), "level_labels": ("Female", "Missing")}
    table = pd.DataFrame({"sex": ["female", ""], "centre": ["1", "2"]})
    apart, known, notes = with_missing_apart(table, changed(dictionary, "sex", **levels))
    assert apart.equals(table)
    assert known["sex"].level_labels[1] == "Missing (recorded)"
    assert notes == []


def test_a_choice_called_missing_is_read(take_in_redcap):
    fields = [
        ("rid", "base", "text", "", ""),
        ("risk", "base", "radio", "0, Standard | 1, High | 9, Missing", ""),
    ]
    mapping = "columns: {rid: patient_id}\nvariables: {risk: {}}\n"
    intake = take_in_redcap("rid,risk\n1,9\n2,0\n3,\n", fields, mapping)
    assert intake.table["risk"].tolist() == ["recorded_missing", "standard", ""]
    blanked = mapping + "levels: {risk: {Missing: ''}}\n"
    intake = take_in_redcap("rid,risk\n1,9\n2,0\n3,\n", fields, blanked)
    assert intake.table["risk"].tolist() == ["", "standard", ""]
