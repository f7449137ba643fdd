"""The mapping says which row of a form counts that was filled in several times."""

from __future__ import annotations

import pytest

from analysis_lib.errors import SourceError

FIELDS = [
    ("rid", "base", "text", "", ""),
    ("hct", "base", "yesno", "", ""),
    ("day", "visit", "text", "", ""),
    ("grade", "visit", "radio", "0, None | 1, Mild | 2, Severe", ""),
    ("toci", "visit", "yesno", "", ""),
    ("drugs", "visit", "checkbox", "1, A | 2, B", ""),
]
EXPORT = """\
rid,redcap_repeat_instrument,redcap_repeat_instance,hct,base_complete,day,grade,toci,drugs___1,drugs___2,visit_complete
1,,,1,2,,,,0,0,0
1,visit,1,,,2023-03-01,1,0,0,0,2
1,visit,2,,,2023-01-01,2,1,1,0,2
1,visit,3,,,,0,0,0,1,2
2,,,0,2,,,,0,0,0
2,visit,1,,,2023-02-01,0,0,0,0,2
"""
MAPPING = """\
columns: {rid: patient_id, hct: prior_hct, drugs___1: drug_a}
variables: {grade: {}, toci: {}, drug_a: {}}
"""


@pytest.mark.parametrize(
    ("rule", "grade", "toci", "drug"),
    [
        ("first", "mild", "no", "no"),
        ("last", "none", "no", "no"),
        ("{first: day}", "severe", "yes", "yes"),
        ("{last: day}", "mild", "no", "no"),
    ],
)
def test_all_values_of_a_form_come_from_the_row_that_counts(
    take_in_redcap, rule, grade, toci, drug
):
    intake = take_in_redcap(EXPORT, FIELDS, f"repeats: {{visit: {rule}}}\n{MAPPING}")
    assert intake.table["prior_hct"].tolist() == ["yes", "no"]
    assert intake.table["grade"].tolist() == [grade, "none"]
    assert intake.table["toci"].tolist() == [toci, "no"]
    assert intake.table["drug_a"].tolist() == [drug, "no"]
    assert [note for note in intake.notes if "filled in several times for 1 record" in note]


def test_any_is_yes_where_one_row_says_yes(take_in_redcap):
    mapping = MAPPING.replace("grade: {}, ", "")
    table = take_in_redcap(EXPORT, FIELDS, f"repeats: {{visit: any}}\n{mapping}").table
    assert table["toci"].tolist() == table["drug_a"].tolist() == ["yes", "no"]


@pytest.mark.parametrize(
    ("repeats", "message"),
    [
        ("", r"several values of 'grade'.*say under repeats in the mapping"),
        ("repeats: {visit: any}\n", r"several values of 'grade'"),
        ("repeats: {visit: second}\n", r"repeats.visit: must be first, last, any"),
        ("repeats: {visit: {any: day}}\n", r"repeats.visit: must be first, last, any"),
        ("repeats: {visits: last}\n", r"'visits' is no form.*did you mean 'visit'"),
        ("repeats: {visit: {last: days}}\n", r"'days' is no column.*did you mean 'day'"),
        ("repeats: {visit: {last: grade}}\n", r"must hold dates like 2023-01-31, but row 3 hol"),
    ],
)
def test_what_decides_nothing_is_refused(take_in_redcap, repeats, message):
    with pytest.raises(SourceError, match=message):
        take_in_redcap(EXPORT, FIELDS, repeats + MAPPING)


def test_rows_without_the_date_leave_the_values_in_conflict(take_in_redcap):
    export = EXPORT.replace("2023-03-01", "").replace("2023-01-01", "")
    with pytest.raises(SourceError, match="several values of 'grade'"):
        take_in_redcap(export, FIELDS, f"repeats: {{visit: {{last: day}}}}\n{MAPPING}")


def test_last_is_the_last_instance_whatever_the_order_of_the_file(take_in_redcap):
    header, *rows = EXPORT.splitlines(keepends=True)
    mapping = f"repeats: {{visit: last}}\n{MAPPING}"
    in_order, turned = (
        take_in_redcap(header + "".join(lines), FIELDS, mapping).table.set_index("patient_id")
        for lines in (rows, rows[::-1])
    )
    assert turned.loc[in_order.index].equals(in_order)
