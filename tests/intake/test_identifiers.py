from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.check import check_extract
from analysis_lib.intake.extract import open_intake
from analysis_lib.intake.identifiers import identifying_columns, is_identifying_name
from analysis_lib.intake.reading.read import read_table

_NAMES = """\
Surname first_name LastName MRN nhs-number SSN DOB date_of_birth BirthDate e-mail Telephone
postcode zip_code home_address IP insurance_number name Initials
Nachname Vorname Geburtsdatum PatGebDat Straße PLZ Versichertennummer
prénom nom_de_famille date_naissance téléphone apellidos fecha_nacimiento teléfono dirección
cognome data_di_nascita codice_fiscale sobrenome data_nascimento achternaam geboortedatum
personnummer fødselsdato PESEL nazwisko syntymäaika"""
_OTHERS = """\
patient_id centre sex age_years race_ethnicity disease_subtype prior_lines hospital_days
donor_type weight_kg cell_dose city_hospital mailed nominal named_drug phonetic zipper
regimen_name genome therapy"""
VALUES = {
    "e-mail": ["a.doe@example.org", "b@example.com"],
    "telephone": ["+49 30 1234567", "0049 89 7654321"],
    "American telephone": ["(555) 010-1234", "555-010-9999"],
    "social security": ["123-45-6789", "987-65-4321"],
    "NHS": ["943 476 5919", "943 476 5870"],
    "IBAN": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"],
    "personal number": ["19811218-9876", "640823-3234"],
    "IP address": ["192.0.2.1", "198.51.100.7"],
    "surname, first name": ["Doe, Jane", "Müller-Lüdenscheidt, Karl Otto"],
    "two words": ["Jane Doe", "John Roe", "Ann Poe", "Max Moe", "Ida Loe"],
}
HARMLESS = {
    "pseudonyms": ["SYN-001", "SYN-002"],
    "dates": ["2023-01-31", "2022-12-01"],
    "numbers": ["45.3", "62000"],
    "levels": ["Non Hispanic", "Non Hispanic", "Black", "Black", "Other"],
    "groups with a comma": ["AML, low risk", "AML, high risk", "ALL"] * 4,
    "nothing": ["", ""],
}


@pytest.mark.parametrize("name", _NAMES.split())
def test_a_column_is_known_by_its_name(name: str) -> None:
    assert is_identifying_name(name)


@pytest.mark.parametrize("name", _OTHERS.split())
def test_a_name_that_merely_resembles_one_is_none(name: str) -> None:
    assert not is_identifying_name(name)


def test_no_variable_of_the_dictionary_is_taken_for_an_identifier(dictionary: Dictionary) -> None:
    assert [name for name in dictionary.names() if is_identifying_name(name)] == []


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_a_column_is_known_by_its_values(values: list[str]) -> None:
    assert identifying_columns(pd.DataFrame({"note": values})) == ("note",)


@pytest.mark.parametrize("values", HARMLESS.values(), ids=HARMLESS)
def test_other_values_are_not_taken_for_identifiers(values: list[str]) -> None:
    assert identifying_columns(pd.DataFrame({"note": values})) == ()


def test_a_renamed_column_is_known_by_what_the_extract_calls_it() -> None:
    table = pd.DataFrame({"patient_id": ["1", "2"]})
    assert identifying_columns(table, ["patient_id"], {"patient_id": "MRN"}) == ("patient_id",)


def test_no_finding_repeats_a_direct_identifier(root, dictionary: Dictionary) -> None:
    table = read_table(root / "data" / "cohort.csv").head(10)
    secret = [f"Doe{chr(65 + i)}, Jane" for i in range(10)]
    table = table.assign(patient_id=secret, centre=secret, Surname=secret, age_years="old")
    table.loc[11, "patient_id"] = secret[0]
    findings = check_extract(table, dictionary)
    told = repr(findings)
    assert "Doe" not in told and "Surname" not in told
    assert {"unique", "column_without_numbers"} <= {x.rule_name for x in findings}
    assert {x.column for x in findings if x.rule_name == "direct_identifier"} == {
        "patient_id",
        "centre",
        "column 48",
    }


def test_a_missing_column_is_not_hinted_at_with_an_identifier(root, dictionary: Dictionary) -> None:
    table = read_table(root / "data" / "cohort.csv").head(3)
    table = table.rename(columns={"death_date": "birth_date"})
    findings = check_extract(table, dictionary)
    assert any(x.rule_name == "missing_column" for x in findings)
    assert "birth_date" not in repr(findings)


def test_a_note_counts_the_columns_of_direct_identifiers_and_names_the_others(tmp_path, dictionary):
    extract, mapping = tmp_path / "ours.csv", tmp_path / "mapping.yaml"
    extract.write_text("No,Surname,E-mail,Remark\n1,Baker,b@example.org,none\n", encoding="utf-8")
    mapping.write_text("columns: {No: patient_id}", encoding="utf-8")
    notes = open_intake(extract, dictionary, mapping).notes
    behind = next(note for note in notes if note.startswith("left behind"))
    assert behind.endswith(": Remark, 2 columns that look like direct identifiers")
    assert not any(word in " ".join(notes) for word in ("Surname", "E-mail", "Baker"))
