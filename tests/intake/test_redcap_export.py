"""A small REDCap project: codes, boxes, events, identifiers and blanks that were never asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import load_extract, open_intake
from analysis_lib.intake.likeness import slugs_of
from analysis_lib.intake.redcap.export import STAY_EMPTY

DICTIONARY = """\
Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels",\
Text Validation Type OR Show Slider Number,Identifier?,Branching Logic (Show field only if...)
rid,base,text,Record,,,,
surname,base,text,Surname,,,y,
gender,base,radio,<b>Gender</b>,"1, Male | 2, Female | 9, Diverse",,,
hct,base,yesno,Transplanted before,,,,
donor,base,radio,Donor,"1, Related | 2, Unrelated, matched",,,[hct] = '1'
hct_age,base,text,Age then,,number,,[hct] = '1'
drugs,base,checkbox,Drugs,"1, Blinatumomab | 2, Ino",,,
mrd,base,dropdown,MRD,"1, neg | 2, pos",,,[hct] = '7'
"""
EXPORT = """\
rid,surname,gender,hct,donor,hct_age,drugs___1,drugs___2,mrd,base_complete
1,Secret,1,1,2,30,1,0,1,2
2,Secret,2,0,,,0,1,,2
3,Secret,9,1,,,1,0,2,2
4,Secret,1,,,,0,0,,
"""
MAPPING = """\
redcap: dictionary.csv
columns: {rid: patient_id, gender: sex, hct: prior_hct, donor: donor, hct_age: hct_age,
  drugs___blinatumomab: prior_blinatumomab, drugs: drug, mrd: mrd_status}
levels: {mrd_status: {neg: negative, "2": positive}}
variables: {donor: {}, hct_age: {}, drug: {label: Drug}}
"""


@pytest.fixture
def take_in(tmp_path, dictionary):
    def intake(export: str = EXPORT, mapping: str = MAPPING, described: str = DICTIONARY):
        (tmp_path / "export.csv").write_text(export)
        (tmp_path / "dictionary.csv").write_text(described)
        (tmp_path / "mapping.yaml").write_text(mapping)
        return open_intake(tmp_path / "export.csv", dictionary, tmp_path / "mapping.yaml")

    return intake


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("sex", ["male", "female", "Diverse", "male"]),
        ("prior_hct", ["yes", "no", "yes", ""]),
        ("donor", ["unrelated_matched", "not_applicable", "", ""]),
        ("hct_age", ["30", "", "", ""]),
        ("prior_blinatumomab", ["yes", "no", "yes", ""]),
        ("drug", ["blinatumomab", "ino", "blinatumomab", ""]),
        ("mrd_status", ["negative", "", "positive", ""]),
    ],
)
def test_fields_become_our_levels(take_in, column, expected):
    assert take_in().table[column].tolist() == expected


def test_what_does_not_apply_is_a_level_that_is_never_the_reference(take_in):
    intake = take_in()
    donor = intake.dictionary["donor"]
    assert donor.levels == ("related", "unrelated_matched", "not_applicable")
    assert donor.reference == "related"
    assert donor.label == "Donor"
    assert "donor: 1 not applicable by branching logic" in intake.notes


def test_identifiers_are_dropped_counted_and_never_named(take_in):
    intake = take_in()
    assert "surname" not in intake.table.columns
    assert "1 column flagged as identifier in REDCap was dropped" in intake.notes
    assert "Secret" not in intake.table.to_csv() + "".join(intake.notes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mapping": MAPPING.replace("rid:", "surname:")}, "flagged as an identifier"),
        ({"mapping": MAPPING.replace("neg:", "negg:")}, "'negg' is neither a code nor a label"),
        ({"export": EXPORT.replace("30,1,0", "30,1,1")}, "1 record ticks more than one box"),
        ({"export": "a,b\n1,2\n"}, "no column of the extract is a field"),
        ({"described": "a,b\n1,2\n"}, "is no REDCap data dictionary"),
        ({"described": DICTIONARY.replace("1, neg |", "neg |")}, "choices must be 'code, label"),
    ],
)
def test_what_does_not_fit_is_refused(take_in, change, message):
    with pytest.raises(SourceError, match=message):
        take_in(**change)


EVENTS = """\
rid,redcap_event_name,gender,hct,donor,hct_age,drugs___1,drugs___2,mrd,base_complete
1,first,1,1,2,30,1,0,,2
1,second,,,,,0,0,1,2
2,first,2,0,,,0,1,,2
"""


def test_events_that_do_not_conflict_are_one_row(take_in):
    table = take_in(EVENTS).table
    assert table.index.tolist() == [2, 4]
    assert table["patient_id"].tolist() == ["1", "2"]
    assert table["drug"].tolist() == ["blinatumomab", "ino"]
    assert table["mrd_status"].tolist() == ["negative", ""]
    assert table["donor"].tolist() == ["unrelated_matched", "not_applicable"]


def test_events_that_conflict_name_the_field_and_the_remedy(take_in):
    with pytest.raises(SourceError, match=r"1 record holds several values of 'gender'.*one row"):
        take_in(EVENTS.replace("1,second,", "1,second,2"))


def test_an_example_of_another_disease_is_read_whole(root, dictionary, tmp_path):
    folder = root / "data" / "examples" / "myeloma_redcap"
    mapping = tmp_path / "mapping.yaml"
    (tmp_path / "data_dictionary.csv").write_bytes((folder / "data_dictionary.csv").read_bytes())
    mapping.write_text(
        "redcap: data_dictionary.csv\n"
        "columns: {record_id: patient_id, origin: data_origin, age_infusion: age_years,\n"
        "  inf_date: infusion_date, last_date: last_contact_date, bcma_type: bcma_type,\n"
        "  prior_tx___4: prior_bcma}\n"
        "variables: {bcma_type: {}, prior_bcma: {}}\n"
    )
    patients = load_extract(folder / "export.csv", dictionary, mapping).patients
    assert (patients["data_origin"] == "synthetic").all()
    not_treated = patients["prior_bcma"] == "no"
    assert not_treated.any()
    assert ((patients["bcma_type"] == "not_applicable") == not_treated).all()


def test_slugs_differ_for_different_codes():
    labels = {"1": "Ph+", "2": "Ph-", "3": "Ph", "4": "男", "-1": "≥ 5%", "6": "<5%"}
    names = slugs_of(labels)
    assert names["1"] == "ph_plus"
    assert names["-1"] == "ge_5_percent"
    assert len(set(names.values())) == len(labels)


def test_variables_that_derivations_read_stay_empty(root, dictionary):
    """An added level of them would be read as a value: consolidation is any level but none."""
    cohort = root / "analysis_lib" / "cohort"
    read: set[str] = set()
    for path in sorted(Path(cohort).glob("*.py")):
        read |= set(re.findall(r'"([a-z_]+)"', path.read_text(encoding="utf-8")))
    categorical = {v.name for v in dictionary.extract() if v.levels}
    assert read & categorical <= STAY_EMPTY
