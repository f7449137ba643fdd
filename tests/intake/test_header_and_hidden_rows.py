"""What stands above the header is named with its row, and what a sheet hides is counted."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import open_intake
from analysis_lib.intake.reading.read import read_table

NAMES = ["patient_id", "sex", "age_years", "infusion_date", "prior_lines"]
PATIENTS = [[f"P{i}", "male", 40 + i, f"2023-01-{i + 10}", i] for i in range(1, 7)]
TITLES = [["Registry, May 2024"], ["Confidential"]]
GROUPS = [["Patient", "", "", "Course", ""]]
REPEATED = [["Patient", "Patient", "Patient", "Course", "Course"]]
LABELS = ["Patient", "Sex", "Age", "Infusion", "Lines"]
UNITS = ["", "", "years", "date", "number"]


def text(rows, separator=","):
    return "\n".join(
        separator.join(f'"{x}"' if separator in str(x) else str(x) for x in row) for row in rows
    )


@pytest.fixture
def sheet(tmp_path):
    def write(rows, *, rows_hidden=(), columns_hidden=""):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        for number in rows_hidden:
            book.active.row_dimensions[number].hidden = True
        for letter in columns_hidden:
            book.active.column_dimensions[letter].hidden = True
        book.save(tmp_path / "extract.xlsx")
        return tmp_path / "extract.xlsx"

    return write


@pytest.mark.parametrize(
    ("above", "row"),
    [(TITLES, 3), (TITLES[:1], 2), ([*TITLES, [], ["Printed", "2024-05-03"]], 5), (GROUPS, 2),
     (REPEATED, 2), ([["", "", "", "", "Registry"]], 2)],
)  # fmt: skip
def test_the_row_of_the_header_is_named(sheet, tmp_path, above, row):
    rows = [*above, NAMES, *PATIENTS]
    said = f"row {row} looks like the header: take away what stands above it"
    with pytest.raises(SourceError, match=said):
        read_table(sheet(rows))
    padded = [[*line, *[""] * (5 - len(line))] for line in rows]
    for separator in ",;\t":
        for lines in (rows, padded):
            (tmp_path / "a.csv").write_text(text(lines, separator), encoding="utf-8")
            with pytest.raises(SourceError, match=said):
                read_table(tmp_path / "a.csv")


@pytest.mark.parametrize("second", [LABELS, UNITS])
def test_a_second_header_is_no_patient(sheet, second):
    with pytest.raises(SourceError, match="row 2 looks like a second header, words above numbers"):
        read_table(sheet([NAMES, second, *PATIENTS]))


@pytest.mark.parametrize(
    "first",
    [["PX", "female", "NA", "NA", "NA"], ["PX", "female", "", "", ""],
     ["PX", "female", "unknown", "2023-01-05", "none"]],
)  # fmt: skip
def test_a_first_patient_of_whom_little_is_known_is_a_patient(sheet, first):
    assert len(read_table(sheet([NAMES, first, *PATIENTS]))) == 7


def test_a_decimal_comma_is_still_what_a_long_row_is_about(tmp_path):
    (tmp_path / "a.csv").write_text("patient_id,age\nP1,45,3\nP2,46,1\n", encoding="utf-8")
    with pytest.raises(SourceError, match="quote values that hold the separator"):
        read_table(tmp_path / "a.csv")


def test_hidden_rows_and_columns_are_counted(sheet, dictionary):
    rows = [NAMES, *PATIENTS]
    path = sheet(rows, rows_hidden=(1, 3, 4, 6, 20), columns_hidden="BK")
    notes = open_intake(path, dictionary).notes
    assert notes[:2] == (
        "3 rows are hidden in the sheet and read like the others: row 3, 4, 6; delete them if a "
        "filter was meant to leave them out",
        "1 column is hidden in the sheet and read like the others",
    )
    assert len(open_intake(path, dictionary).table) == 6


def test_nothing_is_said_of_a_sheet_that_hides_nothing(sheet, dictionary):
    assert open_intake(sheet([NAMES, *PATIENTS]), dictionary).notes == ()


def test_the_sheet_of_the_patients_is_the_one_that_is_looked_at(tmp_path, dictionary):
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["x"])
    patients = book.create_sheet("Patients")
    for row in [NAMES, *PATIENTS]:
        patients.append(row)
    book.active.row_dimensions[2].hidden = True
    book.save(tmp_path / "a.xlsx")
    assert open_intake(tmp_path / "a.xlsx", dictionary).notes == ()
    patients.row_dimensions[2].hidden = True
    book.save(tmp_path / "a.xlsx")
    (note,) = open_intake(tmp_path / "a.xlsx", dictionary).notes
    assert note.startswith("1 row is hidden in the sheet")
