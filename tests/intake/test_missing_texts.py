"""Texts that mean 'not recorded' are blanked where they can mean it, and counted."""

from __future__ import annotations

import pytest

from analysis_lib.intake.extract import open_intake


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
