from __future__ import annotations

from analysis_lib.intake.extract import open_intake


def test_a_note_counts_the_columns_of_direct_identifiers_and_names_the_others(tmp_path, dictionary):
    extract, mapping = tmp_path / "ours.csv", tmp_path / "mapping.yaml"
    extract.write_text("No,Surname,E-mail,Remark\n1,Baker,b@example.org,none\n", encoding="utf-8")
    mapping.write_text("columns: {No: patient_id}", encoding="utf-8")
    notes = open_intake(extract, dictionary, mapping).notes
    behind = next(note for note in notes if note.startswith("left behind"))
    assert behind.endswith(": Remark, 2 columns that look like direct identifiers")
    assert not any(word in " ".join(notes) for word in ("Surname", "E-mail", "Baker"))
