"""Codes are codes before any logic is evaluated: labels, spreadsheets and data frames."""

from __future__ import annotations

import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import open_intake

FIELDS = [
    ("rid", "base", "text", "", ""),
    ("gender", "base", "radio", "1, Male | 2, Female", ""),
    ("lines", "base", "dropdown", "01, One | 02, Two or more", ""),
    ("hct", "base", "yesno", "", ""),
    ("donor", "base", "radio", "1, Related | 2, Unrelated", "[hct] = '1'"),
    ("drugs", "base", "checkbox", "1, Blinatumomab | 2, Ino", ""),
    ("kind", "base", "radio", "1, Alone | 2, Together", "[drugs(2)] = '1'"),
]
MAPPING = """\
columns: {rid: patient_id, gender: sex, hct: prior_hct, drugs___1: prior_blinatumomab}
variables: {donor: {}, kind: {}, lines: {}}
"""
HEADER = "rid,gender,lines,hct,donor,drugs___1,drugs___2,kind,base_complete\n"
RAW = HEADER + "1,1,01,1,2,1,0,,2\n2,2,02,0,,0,1,1,2\n3,1,02,,,1,1,2,0\n"
SPREADSHEET = RAW.replace(",01,", ",1,").replace(",02,", ",2,")
FRAME = HEADER + (
    "1.0,1.0,1.0,1.0,2.0,1.0,0.0,,2.0\n"
    "2.0,2.0,2.0,0.0,,0.0,1.0,1.0,2.0\n"
    "3.0,1.0,2.0,,,1.0,1.0,2.0,0.0\n"
)
LABELS = HEADER + (
    "1,Male,One,Yes,Unrelated,Checked,Unchecked,,Complete\n"
    "2,Female,Two or more,No,,Unchecked,Checked,Alone,Complete\n"
    "3,Male,Two or more,,,Checked,Checked,Together,Incomplete\n"
)
TRUTH = RAW.replace(",01,1,", ",01,TRUE,").replace(",02,0,", ",02,FALSE,")


@pytest.mark.parametrize("export", [RAW, SPREADSHEET, FRAME, LABELS, TRUTH])
def test_an_export_reads_alike_however_its_codes_are_written(take_in_redcap, export):
    table = take_in_redcap(export, FIELDS, MAPPING).table
    assert table["patient_id"].tolist() == ["1", "2", "3"]
    assert table["sex"].tolist() == ["male", "female", "male"]
    assert table["lines"].tolist() == ["one", "two_or_more", "two_or_more"]
    assert table["prior_hct"].tolist() == ["yes", "no", ""]
    assert table["donor"].tolist() == ["unrelated", "not_applicable", ""]
    assert table["prior_blinatumomab"].tolist() == ["yes", "no", "yes"]
    assert table["kind"].tolist() == ["not_applicable", "alone", "together"]


def test_a_mapping_may_name_codes_as_the_data_frame_writes_them(take_in_redcap):
    levels = 'levels: {sex: {"1.0": female, "2.0": male}, prior_hct: {"0.0": "yes", "1.0": "no"}}\n'
    table = take_in_redcap(FRAME, FIELDS, MAPPING + levels).table
    assert table["sex"].tolist() == ["female", "male", "female"]
    assert table["prior_hct"].tolist() == ["no", "yes", ""]


@pytest.mark.parametrize(
    ("ids", "read"), [("1.0 1.5 2.0", "1.0 1.5 2.0"), ("A1 2.0 3", "A1 2.0 3")]
)
def test_numbers_of_records_that_are_no_whole_numbers_stay(take_in_redcap, ids, read):
    lines = RAW.splitlines()[1:]
    rows = [new + line[1:] for new, line in zip(ids.split(), lines, strict=True)]
    table = take_in_redcap(HEADER + "\n".join(rows) + "\n", FIELDS, MAPPING).table
    assert table["patient_id"].tolist() == read.split()


GRADES = [
    ("rid", "base", "text", "", ""),
    ("grade", "base", "radio", "1, 0 | 2, 1 | 3, 2", ""),
    ("drugs", "base", "checkbox", "1, Blinatumomab | 2, Ino", ""),
    ("hct", "base", "yesno", "", ""),
]
GRADE = "columns: {rid: patient_id}\nvariables: {grade: {}}\n"


@pytest.mark.parametrize(
    ("export", "expected"),
    [
        ("rid,grade,drugs___1\n1,1,1\n2,2,0\n", ["0", "1"]),
        ("rid,grade,drugs___1\n1,1,Checked\n2,2,Unchecked\n", ["1", "2"]),
        ("rid,grade,hct\n1,1,\n2,2,\n", ["0", "1"]),
        ("rid,grade,hct\n1,0,1\n2,2,0\n", ["0", "2"]),
    ],
)
def test_a_label_that_is_another_code_is_read_as_the_export_is_written(
    take_in_redcap, export, expected
):
    assert take_in_redcap(export, GRADES, GRADE).table["grade"].tolist() == expected


@pytest.mark.parametrize(
    "export",
    [
        "rid,grade,drugs___1,hct\n1,1,Checked,1\n2,2,Unchecked,0\n",
        "rid,twice,hct\n1,Other,Yes\n",
    ],
)
def test_what_may_be_two_codes_is_refused_where_it_is_read(take_in_redcap, export):
    fields = [*GRADES, ("twice", "base", "radio", "1, Other | 2, Other", "")]
    name = export.split(",")[1]
    mapping = GRADE.replace("grade", name)
    with pytest.raises(SourceError, match=r"may stand for the codes 1, 2; .*export raw data"):
        take_in_redcap(export, fields, mapping)
    unread = "columns: {rid: patient_id, hct: prior_hct}\n"
    assert take_in_redcap(export, fields, unread).table["prior_hct"][2] == "yes"


def test_days_are_counted_on_the_same_codes(take_in_redcap):
    fields = [
        ("rid", "base", "text", "", ""),
        ("days", "base", "text", "", ""),
        ("vital", "base", "radio", "0, Alive | 1, Dead", ""),
    ]
    mapping = """\
columns: {{rid: patient_id, {0}}}
variables: {{vital: {{}}}}
dates_from_days:
  zero: {{column: infusion_date, date: 2020-01-01}}
  death_date: {{days: days, where: {{vital: {1}}}}}
"""
    died = ["2020-01-11", ""]
    for cells in (("1", "0"), ("1.0", "0.0"), ("Dead", "Alive")):
        export = f"rid,days,vital\n1,10,{cells[0]}\n2,20,{cells[1]}\n"
        for allowed in ('["1"]', '["1.0"]', "[Dead]"):
            for column in ("", "vital: vital"):
                given = mapping.format(column, allowed)
                assert take_in_redcap(export, fields, given).table["death_date"].tolist() == died


@pytest.mark.parametrize(
    "header",
    [
        "The rid,The gender,The hct,Complete?,Complete?",
        "The rid,The gender,The hct,The drugs (choice=Ino),The drugs (choice=Blinatumomab)",
        "The.rid,The.gender,The.hct,Complete.,Complete..1",
        "The rid,The gender,The hct,The hct,x",
        "rid,The gender,The hct,The donor,x",
    ],
)
def test_labels_as_header_are_refused_with_the_way_out(take_in_redcap, header):
    with pytest.raises(SourceError, match=r"header holds labels.*export raw data"):
        take_in_redcap(f"{header}\n1,1,1,2,2\n", FIELDS, MAPPING)


def test_labels_as_header_are_known_without_the_data_dictionary(tmp_path, dictionary):
    (tmp_path / "export.csv").write_text("Record,Complete?,Complete?\n1,2,2\n")
    with pytest.raises(SourceError, match="export raw data"):
        open_intake(tmp_path / "export.csv", dictionary)


@pytest.mark.parametrize(
    ("choices", "levels", "expected"),
    [
        ("1, 0 | 2, 1 | 3, 2", "", ["0", "2"]),
        ("1, None | 2, Mild | 3, Severe", "", ["1", "3"]),
        ("1, Grade 1 | 2, Grade 2 | 3, Grade 3", "", ["1", "3"]),
        ("1, Grade 0 | 2, Grade 1 | 3, Grade 2", "Grade 0: 0, Grade 1: 1, Grade 2: 2", ["0", "2"]),
        ("1, Grade 0 | 2, Grade 1 | 3, Grade 2", "", "code 1 is labelled 'Grade 0'; say which"),
    ],
)
def test_a_number_is_what_its_label_says_and_not_its_code(
    take_in_redcap, choices, levels, expected
):
    fields = [("rid", "a", "text", "", ""), ("crs", "a", "radio", choices, "")]
    mapping = f"columns: {{rid: patient_id, crs: crs_grade}}\nlevels: {{crs_grade: {{{levels}}}}}\n"
    export = "rid,crs,a_complete\n1,1,2\n2,3,2\n"
    if isinstance(expected, str):
        with pytest.raises(SourceError, match=expected):
            take_in_redcap(export, fields, mapping)
    else:
        table = take_in_redcap(export, fields, mapping).table
        assert table["crs_grade"].tolist() == expected
