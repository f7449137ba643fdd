"""Files of SAS, SPSS and Stata, written by R's haven: tests/reference/make_formats.R."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyreadstat
import pytest

from analysis_lib.command_line.main import main
from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import load_extract, open_intake
from analysis_lib.intake.mapping.file import declared_reading
from analysis_lib.intake.reading.kinds import ENCODINGS, Reading
from analysis_lib.intake.reading.labelled import labelled_columns
from analysis_lib.intake.reading.read import notes_on_file, read_table

COHORTS = ("cohort.sav", "cohort.dta", "cohort.sas7bdat", "cohort_8.xpt", "cohort_5.xpt")
KEPT = "read: {keep_missing: [%s]}\n"
OWN = "variables: {risk: {label: Risk}}\nvalues: {infusion_date: 2022-01-01}\n"


@pytest.fixture
def folder(root):
    return root / "tests" / "reference" / "formats"


@pytest.fixture
def mapped(tmp_path):
    """A mapping file of this text."""

    def write(text: str):
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def take_in(folder, mapped, dictionary):
    def taken_in(file: str, mapping: str):
        return open_intake(folder / file, dictionary, mapped(mapping))

    return taken_in


@pytest.mark.parametrize("file", COHORTS)
def test_the_same_patients_are_the_same_extract_as_in_csv(file, folder, root, dictionary, mapped):
    csv = load_extract(root / "data" / "cohort.csv", dictionary).patients.head(40)
    names = read_table(root / "data" / "cohort.csv").columns
    short = "".join(f"  V{i:02d}: {name}\n" for i, name in enumerate(names, start=1))
    mapping = mapped(f"columns:\n{short}") if file == "cohort_5.xpt" else None
    extract = load_extract(folder / file, dictionary, mapping)
    centre = extract.patients["centre"].astype(str)
    pd.testing.assert_frame_equal(
        extract.patients.assign(centre=centre), csv.assign(centre=csv["centre"].astype(str))
    )
    assert extract.notes == ()


def test_codes_are_read_as_their_labels_and_a_stranger_keeps_its_code(folder):
    table = read_table(folder / "marked.sav")
    assert table["risk"].head(3).tolist() == ["very high", "standard", "intermediate"]
    assert table["lines"].tolist() == ["1", "2", "", "3", "", "", "", "4"]
    assert table["lost"].tolist() == ["no", "yes", "", "no", "", "no", "yes", "no"]
    assert table.index.tolist() == list(range(2, 10))


@pytest.mark.parametrize("file", ["marked.sav", "marked.dta"])
def test_labels_stand_in_the_order_of_their_codes(file, folder, take_in):
    risk = next(x for x in labelled_columns(folder / file, Reading()) if x.name == "risk")
    assert (risk.label, list(risk.levels().values())) == (
        "Risk by our score",
        ["standard", "intermediate", "very high"],
    )
    intake = take_in(file, f"columns: {{id: patient_id}}\n{OWN}")
    variable = intake.dictionary["risk"]
    assert variable.levels == ("standard", "intermediate", "very_high")
    assert (variable.reference, variable.label) == ("standard", "Risk")
    assert intake.table["risk"].head(3).tolist() == ["very_high", "standard", "intermediate"]


def test_what_a_mapping_says_of_a_label_goes_before_the_label(take_in):
    own = "variables: {risk: {levels: {low: Low, high: High}}}\n"
    levels = "levels: {risk: {standard: low, intermediate: low, very high: high}}\n"
    intake = take_in("marked.dta", f"columns: {{id: patient_id}}\n{own}{levels}")
    assert intake.table["risk"].head(3).tolist() == ["high", "low", "low"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("marked.dta", "1 of 'not asked', 1 of 'refused' in lines"),
        ("marked.sas7bdat", "1 of '.A', 1 of '.Z' in lines"),
        (
            "marked.sav",
            "1 of '-7', 1 of '99', 1 of 'not asked' in lines, 1 of 'unknown' in lost",
        ),
    ],
)
def test_what_a_file_marks_as_missing_is_blank_and_counted(file, said, folder):
    table = read_table(folder / file)
    assert notes_on_file(folder / file, table) == [
        f"blank, since the file marks them as missing: {said}; name those that say something under "
        "read.keep_missing in the mapping"
    ]


def test_no_value_of_an_identifier_is_said_in_the_note(tmp_path):
    table = pd.DataFrame({"id": ["a", "b"], "surname": ["Archer", "Baker"]})
    marks = {"surname": ["Baker"]}
    pyreadstat.write_sav(table, str(tmp_path / "a.sav"), missing_ranges=marks)
    read = read_table(tmp_path / "a.sav")
    assert read["surname"].tolist() == ["Archer", ""]
    (note,) = notes_on_file(tmp_path / "a.sav", read)
    assert "1 in a column that looks like direct identifiers" in note
    assert "Baker" not in note and "surname" not in note


@pytest.mark.parametrize(
    ("file", "kept", "lines"),
    [
        ("marked.dta", ".a", ["not asked", "3", "", ""]),
        ("marked.dta", "refused", ["", "3", "refused", ""]),
        ("marked.sas7bdat", ".Z", ["", "3", ".Z", ""]),
        ("marked.sav", '"98"', ["not asked", "3", "", ""]),
        ("marked.sav", 'not asked, "99"', ["not asked", "3", "99", ""]),
    ],
)
def test_what_is_kept_is_told_apart_from_a_blank(file, kept, lines, folder, take_in):
    intake = take_in(file, f"columns: {{id: patient_id, lines: centre}}\n{KEPT % kept}")
    assert intake.table["centre"].iloc[2:6].tolist() == lines


def test_a_mark_that_is_kept_becomes_a_level_by_the_mapping(take_in):
    levels = 'levels: {mrd_status: {unknown: not_tested, "no": negative, "yes": positive}}\n'
    columns = "columns: {id: patient_id, lost: mrd_status}\n"
    intake = take_in("marked.sav", f"{columns}{levels}{KEPT % 'unknown'}")
    assert intake.table["mrd_status"].head(4).tolist() == [
        "negative", "positive", "not_tested", "negative",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "kept", "message"),
    [
        ("marked.dta", (".b",), "'.b', but marked.dta marks '.a', '.z', 'not asked', 'ref"),
        ("marked.xpt", (".A",), "cannot be had of a SAS transport file"),
        ("../../../data/cohort.csv", (".a",), "keep_missing is for files of SAS, SPSS and Stata"),
    ],
)
def test_a_mark_that_cannot_be_kept_is_refused(file, kept, message, folder):
    with pytest.raises(SourceError, match=message):
        read_table(folder / file, Reading(keep_missing=kept))


def test_a_transport_file_tells_its_kinds_of_missing_values_as_blanks(folder):
    assert read_table(folder / "marked.xpt")["lines"].tolist()[2:6] == ["", "3", "", ""]


def test_two_codes_of_one_label_are_told_apart(tmp_path):
    table = pd.DataFrame({"id": ["a", "b"], "why": [1.0, 2.0], "dose": [1.0, 2.0]})
    labels = {"why": {1: "Other", 2: "Other"}, "dose": {1: "2"}}
    pyreadstat.write_sav(table, str(tmp_path / "a.sav"), variable_value_labels=labels)
    read = read_table(tmp_path / "a.sav")
    assert read["why"].tolist() == ["Other (1)", "Other (2)"]
    assert read["dose"].tolist() == ["2 (1)", "2"]


def test_numbers_of_single_precision_and_times_read_as_they_are_shown(tmp_path):
    table = pd.DataFrame({"id": ["a", "b"], "age": pd.Series([45.3, 7], dtype="float32")})
    table["at"] = pd.to_datetime(["2022-01-02 03:04", "1959-12-31 00:00"])
    table.to_stata(tmp_path / "a.dta", write_index=False)
    read = read_table(tmp_path / "a.dta")
    assert read["age"].tolist() == ["45.3", "7"]
    assert read["at"].tolist() == ["2022-01-02 03:04:00", "1959-12-31"]


DAY, STATA, SPSS = dt.date(2023, 5, 15), dt.date(1960, 1, 1), dt.date(1582, 10, 14)


@pytest.mark.parametrize(
    ("file", "form", "number"),
    [
        ("day.dta", "%tdDD/NN/CCYY", (DAY - STATA).days),
        ("day.dta", "%-tdD_m_Y", (DAY - STATA).days),
        ("day.dta", "%tcDDmonCCYY", (DAY - STATA).days * 86_400_000),
        ("day.sav", "MOYR8", (DAY - SPSS).days * 86_400),
        ("day.xpt", "MONYY7", (DAY - STATA).days),
        ("day.xpt", "WORDDATE18", (DAY - STATA).days),
        ("day.xpt", "DTMONYY7", (DAY - STATA).days * 86_400),
    ],
)
def test_a_day_is_a_day_however_the_file_shows_it(file, form, number, tmp_path):
    write = {".dta": "write_dta", ".sav": "write_sav", ".xpt": "write_xport"}
    path = tmp_path / file
    written = pd.DataFrame({"patient": [1.0, 2.0], "infused": [float(number), None]})
    getattr(pyreadstat, write[path.suffix])(written, str(path), variable_format={"infused": form})
    assert read_table(path)["infused"].tolist() == [DAY.isoformat(), ""]


@pytest.mark.parametrize("form", ["%8.0g", "%tm", "%ty"])
def test_a_number_that_is_no_day_stays_a_number(form, tmp_path):
    path = tmp_path / "number.dta"
    pyreadstat.write_dta(pd.DataFrame({"x": [760.0]}), str(path), variable_format={"x": form})
    assert read_table(path)["x"].tolist() == ["760"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_that_may_be_declared_is_one_of_these_files_too(encoding, folder):
    table = read_table(folder / "marked.sas7bdat", Reading(encoding=encoding))
    assert table["id"].iloc[0] == "P1"


@pytest.mark.parametrize("file", COHORTS[:3])
def test_a_file_that_was_cut_off_is_refused(file, folder, tmp_path):
    content = (folder / file).read_bytes()
    (tmp_path / file).write_bytes(content[: len(content) // 3])
    with pytest.raises(SourceError, match="is no readable"):
        read_table(tmp_path / file)


def test_an_encoding_is_known_before_the_mapping_is_held_against_the_columns(mapped):
    assert (
        declared_reading(mapped("read: {encoding: latin-1}\ncolumns: {a: b}")).encoding == "latin-1"
    )
    assert declared_reading(mapped("columns: {a: b}")).encoding == ""


def test_a_proposal_offers_the_codes_behind_labels_of_what_is_a_number_with_us(tmp_path, capsys):
    table = pd.DataFrame({"pat": ["a", "b", "c"], "x1": [0.0, 1, 2], "geschlecht": [2.0, 1, 2]})
    pyreadstat.write_sav(
        table,
        str(tmp_path / "a.sav"),
        column_labels=["Patient", "CRS grade", "Sex"],
        variable_value_labels={
            "x1": {2: "Grade 2", 0: "None", 1: "Grade 1"},
            "geschlecht": {1: "male", 2: "Female"},
        },
    )
    assert main(["map", str(tmp_path / "a.sav")]) == 0
    proposed = capsys.readouterr().out
    assert "  pat: patient_id\n" in proposed
    assert "  x1: crs_grade\n" in proposed
    assert "    Female: female\n" in proposed
    assert '    None: "0"  # the code of this label: check\n' in proposed
    assert '    "Grade 2": "2"  # the code of this label: check\n' in proposed


@pytest.mark.parametrize(
    ("status", "sex"),
    [("{st: 2}, otherwise: {st: 1}", "{1: male, 2: female}"),
     ("{st: Dead}, otherwise: {st: Censored}", "{Man: male, Woman: female}")],
)  # fmt: skip
def test_a_mapping_names_codes_or_labels(status, sex, tmp_path, dictionary):
    table = pd.DataFrame(
        {"id": ["a", "b"], "t": [10.0, 20.0], "st": [1.0, 2.0], "s": [1.0, 2.0], "h": [0.0, 1.0]}
    )
    labels = {
        "st": {1: "Censored", 2: "Dead"}, "s": {1: "Man", 2: "Woman"}, "h": {0: "No", 1: "Yes"}
    }  # fmt: skip
    pyreadstat.write_sav(table, str(tmp_path / "a.sav"), variable_value_labels=labels)
    (tmp_path / "m.yaml").write_text(
        f"columns: {{id: patient_id, s: sex, h: prior_hct}}\nlevels: {{sex: {sex}}}\n"
        "dates_from_days:\n  zero: {column: infusion_date, date: 2020-01-01}\n"
        f"  death_date: {{days: t, where: {status}}}\n"
    )
    read = open_intake(tmp_path / "a.sav", dictionary, tmp_path / "m.yaml").table
    assert read["sex"].tolist() == ["male", "female"]
    assert read["prior_hct"].tolist() == ["no", "yes"]
    assert read["death_date"].tolist() == ["", "2020-01-21"]
