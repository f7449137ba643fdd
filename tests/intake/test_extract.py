from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import load_extract


def test_the_embedded_cohort_loads_with_the_dictionary_types(root, dictionary):
    frame = load_extract(root / "data" / "cohort.csv", dictionary).patients
    assert list(frame.columns) == [v.name for v in dictionary.extract()]
    assert list(frame["sex"].cat.categories) == ["female", "male"]
    assert frame["prior_lines"].dtype == "Int64"
    assert pd.api.types.is_datetime64_any_dtype(frame["infusion_date"])


def changed(extract, column, value, row=4):
    extract.loc[row, column] = value
    return extract


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("sex", "femal", "sex must be one of female, male or empty"),
        ("age_years", "forty", "age_years must be a number"),
        ("age_years", "nan", "age_years must be a number"),
        ("age_years", "inf", "age_years must be a number"),
        ("age_years", "140", "age_years must lie between 0 and 110"),
        ("infusion_date", "", "infusion_date must not be empty"),
        ("prior_lines", "2.5", "prior_lines must be a whole number"),
        ("infusion_date", "01.02.2023", "infusion_date must be an ISO date"),
        ("infusion_date", "1999-01-01", "infusion_date must lie between 2010-01-01"),
        ("death_date", "2015-01-01", "death_date must not be before infusion_date"),
        ("patient_id", "SYN-001", "patient_id must be unique"),
        ("crs_grade", "6", "crs_grade must lie between 0 and 5"),
    ],
)
def test_a_wrong_value_is_named_with_row_patient_rule_and_remedy(
    extract, write_extract, dictionary, column, value, rule
):
    path = write_extract(changed(extract, column, value))
    with pytest.raises(SourceError) as raised:
        load_extract(path, dictionary)
    message = str(raised.value)
    assert rule in message
    assert "row 6, patient SYN-" in message
    finding = next(line for line in message.splitlines() if rule in line)
    assert finding.rpartition("; ")[2], "no remedy"


def test_all_findings_are_reported_at_once(extract, write_extract, dictionary):
    changed(extract, "sex", "x", row=0)
    changed(extract, "prior_lines", "y", row=1)
    with pytest.raises(SourceError, match="2 findings") as raised:
        load_extract(write_extract(extract), dictionary)
    assert "row 2" in str(raised.value) and "row 3" in str(raised.value)


def test_a_missing_column_names_the_nearest_one(extract, write_extract, dictionary):
    path = write_extract(extract.rename(columns={"infusion_date": "infusion_day"}))
    with pytest.raises(SourceError, match="did you mean 'infusion_day'"):
        load_extract(path, dictionary)


def test_an_optional_column_may_be_absent_and_unknown_ones_are_left_behind(
    extract, write_extract, dictionary
):
    path = write_extract(extract.drop(columns="anakinra").assign(note="=1+1"))
    frame = load_extract(path, dictionary).patients
    assert frame["anakinra"].isna().all()
    assert "note" not in frame.columns


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"patient_id,age_years\n", "no patients"),
        (b"a,a\n1,2\n", "stands twice"),
        (b"a,b\n1,2,3\n", "is not a table"),
        ("patient_id\nJosé\n".encode("latin-1"), "not UTF-8 text: line 2"),
    ],
)
def test_a_file_that_is_no_extract_is_refused(tmp_path, dictionary, content, message):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        load_extract(path, dictionary)


def test_a_missing_file_is_refused_by_name(tmp_path, dictionary):
    with pytest.raises(SourceError, match=r"there is no file none\.csv"):
        load_extract(tmp_path / "none.csv", dictionary)
    with pytest.raises(SourceError, match="is a folder"):
        load_extract(tmp_path, dictionary)
