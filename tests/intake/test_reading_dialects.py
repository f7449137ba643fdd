"""The first 30 patients, written in every dialect, are the same typed table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.extract import load_extract
from analysis_lib.intake.reading.kinds import Reading, is_known_encoding
from analysis_lib.intake.reading.read import read_table

PATIENTS = 30
NUMERIC = ["age_years", "marrow_blasts_percent", "response_marrow_blasts_percent"]


@pytest.fixture
def patients(extract: pd.DataFrame) -> pd.DataFrame:
    return extract.head(PATIENTS)


@pytest.fixture
def expected(patients: pd.DataFrame, write_extract, dictionary: Dictionary) -> pd.DataFrame:
    return load_extract(write_extract(patients), dictionary).patients


def typed(frame: pd.DataFrame, dictionary: Dictionary) -> pd.DataFrame:
    """Numbers, dates and texts as a program with types would hold them."""
    columns = {}
    for name in frame:
        text = frame[name].mask(frame[name] == "")
        variable = dictionary[name]
        if variable.type == "date":
            columns[name] = pd.to_datetime(text)
        else:
            columns[name] = pd.to_numeric(text) if variable.is_numeric else text
    return pd.DataFrame(columns)


def decimal_commas(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].str.replace(".", ",") for name in NUMERIC})


@pytest.mark.parametrize(
    "written",
    [
        lambda x: x.to_csv(index=False, sep=";").encode(),
        lambda x: x.to_csv(index=False, sep="\t").encode(),
        lambda x: x.to_csv(index=False, lineterminator="\r\n").encode(),
        lambda x: b"\xef\xbb\xbf" + x.to_csv(index=False).encode(),
        lambda x: decimal_commas(x).to_csv(index=False, sep=";").encode(),
        lambda x: b"sep=;\r\n" + x.to_csv(index=False, sep=";").encode(),
        lambda x: x.to_csv(index=False, quoting=1).encode(),
        lambda x: (x.map(lambda cell: f"\u00a0{cell}\u200b ")).to_csv(index=False).encode(),
        lambda x: x.to_csv(index=False).replace("\n", ",,\n").encode() + b",,\n\n",
        lambda x: x.sample(frac=1, axis=1, random_state=1).to_csv(index=False).encode(),
    ],
    ids=[
        "semicolon",
        "tab",
        "windows",
        "bom",
        "comma",
        "sep",
        "quoted",
        "spaces",
        "blank",
        "order",
    ],
)
def test_every_dialect_of_csv_is_the_same_typed_table(
    patients, expected, dictionary, tmp_path, written
):
    path = tmp_path / "dialect.csv"
    path.write_bytes(written(patients))
    pd.testing.assert_frame_equal(load_extract(path, dictionary).patients, expected)


def test_excel_is_the_same_typed_table(patients, expected, dictionary, tmp_path):
    path = tmp_path / "extract.xlsx"
    typed(patients, dictionary).to_excel(path, index=False)
    pd.testing.assert_frame_equal(load_extract(path, dictionary).patients, expected)


def test_parquet_is_the_same_typed_table(patients, expected, dictionary, tmp_path):
    path = tmp_path / "extract.parquet"
    typed(patients, dictionary).to_parquet(path, index=True)
    pd.testing.assert_frame_equal(load_extract(path, dictionary).patients, expected)


def test_the_index_is_the_row_that_a_spreadsheet_shows(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n2,x\n')
    table = read_table(path)
    assert table.index.tolist() == [2, 4]
    assert table["b"].tolist() == ["two\nlines", "x"]


def test_a_declared_encoding_is_read(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("id;città\nJosé;È vero\n".encode("windows-1252"))
    table = read_table(path, Reading(encoding="windows-1252"))
    assert table.columns.tolist() == ["id", "città"]
    assert table.iloc[0].tolist() == ["José", "È vero"]


def write_sheet(path: Path, *rows: list[object], name: str = "Data", more: str = "") -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    if more:
        book.create_sheet(more).append(["a"])
    book.save(path)
    return path


def test_cells_of_a_sheet_become_the_text_of_a_csv_export(tmp_path):
    path = write_sheet(
        tmp_path / "cells.xlsx",
        ["date", "time", "whole", "noise", "flag", "blank", "percent"],
        [dt.date(2023, 1, 31), dt.datetime(2023, 1, 31, 14, 30), 3.0, 0.1 + 0.2, True, None, 0.45],
    )
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.active["G2"].number_format = "0%"
    book.save(path)
    assert read_table(path).iloc[0].tolist() == [
        "2023-01-31",
        "2023-01-31 14:30:00",
        "3",
        "0.3",
        "TRUE",
        "",
        "45%",
    ]


def test_a_named_sheet_is_read_and_several_without_a_name_are_listed(tmp_path):
    from analysis_lib.errors import SourceError

    path = write_sheet(tmp_path / "two.xlsx", ["a"], [1], name="Main", more="Notes")
    with pytest.raises(SourceError, match="'Main', 'Notes'"):
        read_table(path)
    assert read_table(path, Reading(sheet="Main"))["a"].tolist() == ["1"]
    with pytest.raises(SourceError, match="did you mean 'Main'"):
        read_table(path, Reading(sheet="Mian"))


def test_an_encoding_goes_by_each_of_its_names(tmp_path):
    (tmp_path / "a.csv").write_bytes("id,site\n1,Köln\n".encode("cp1252"))
    for name in ("cp1252", "windows-1252", "latin1", "ISO-8859-1"):
        table = read_table(tmp_path / "a.csv", Reading(encoding=name))
        assert is_known_encoding(name) and table.loc[2, "site"] == "Köln"
    assert not is_known_encoding("utf-7")
