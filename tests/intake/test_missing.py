"""Texts that mean 'not recorded' are blanked where they can; a level called Missing is none."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis_lib.intake.extract import open_intake, with_missing_apart


@pytest.fixture
def intake(tmp_path, dictionary):
    def taken_in(csv: str, mapping: str):
        (tmp_path / "theirs.csv").write_text(csv, encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        return open_intake(tmp_path / "theirs.csv", dictionary, tmp_path / "mapping.yaml")

    return taken_in


@pytest.mark.parametrize("name", ["patient_id", "Pat"])
def test_a_patient_is_never_blanked_and_every_other_cell_is_counted(intake, name):
    columns = "columns: {Pat: patient_id}\n" if name == "Pat" else ""
    csv = f"{name},centre,prior_lines,self\n98,99,99,99\n99,C1,2,99\n"
    taken = intake(csv, f'{columns}read: {{missing: ["99"]}}')
    assert taken.table["patient_id"].tolist() == ["98", "99"]
    assert taken.table["prior_lines"].tolist() == ["", "2"]
    assert taken.notes[:2] == (
        "read as not recorded: 1 in centre, 1 in prior_lines, 2 in self",
        f"kept, since no identifier is ever blanked: 1 in {name}",
    )


def test_a_missing_number_is_found_as_the_float_of_a_spreadsheet(intake):
    csv = "prior_lines,hospital_days,centre\n99.0,99.0,99.0\n2.0,NA,C1\n"
    table = intake(csv, 'read: {missing: ["99", NA]}').table
    assert table["prior_lines"].tolist() == ["", "2.0"]
    assert table["hospital_days"].tolist() == ["", ""]
    assert table["centre"].tolist() == ["99.0", "C1"]  # a code beside words, not a number


def test_columns_of_direct_identifiers_are_counted_without_their_names(intake):
    taken = intake("surname,prior_lines\nNA,1\nMiller,2\n", "read: {missing: NA}")
    said = "read as not recorded: 1 in a column that looks like direct identifiers"
    assert taken.notes[0] == said


def test_nothing_is_said_where_nothing_was_blanked(intake):
    assert intake("prior_lines\n1\n2\n", "read: {missing: NA}").notes == ()


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
