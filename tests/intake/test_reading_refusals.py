"""A file that cannot be read rightly is refused in words that say what to do."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.reading.kinds import Reading
from analysis_lib.intake.reading.read import read_table

HEADER = b"patient_id,note\n"


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "a,b\n1,é\n".encode("utf-16"), "is UTF-16 text"),
        ("a.csv", "patient_id,note\nP1,x\n".encode("utf-16-le"), "is UTF-16 text"),
        ("a.csv", HEADER + b"P1,x\nP2,caf\xe9\n", "line 3 holds the byte 0xE9.*read: {encoding"),
        ("a.csv", HEADER + b"P1,\0\n", "NUL byte in line 2"),
        ("a.csv", HEADER + b'P1,"x\nP2,y\n', "row 2 opens a quotation mark"),
        ("a.csv", HEADER + b'P1,"x" y\n', "row 2 has text behind a closing quotation mark"),
        ("a.csv", HEADER + b"P1\nP2,x\n", "row 2 has 1; every row"),
        ("a.csv", HEADER + b"P1,x,y\n", "row 2 has 3"),
        ("a.csv", b",note\n1,x\n", r"column 1 \(A\) holds values but its header is blank"),
        ("a.csv", b"<!DOCTYPE html><html></html>", "is a web page"),
        ("a.csv", b"%PDF-1.7\n", "is a PDF document"),
        ("a.csv", zipped(), "an Excel workbook or another zip archive"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file"),
        ("a.csv", b"\n\n,,\n", "is empty"),
        ("a.xls", b"", "the Excel format before 2007"),
        ("a.por", b"", "is an SPSS portable file, which is not read"),
        ("a.sav", b"", "is no readable SPSS file"),
        ("a.dta", b"a,b\n1,2\n", "is no readable Stata file"),
        ("a.sas7bdat", b"PK\x03\x04", "is no readable SAS file"),
        ("a.xpt", b"HEADER", "is no readable SAS transport file"),
        ("a.xlsx", b"a,b\n1,2\n", "is text, not an Excel workbook"),
        ("a.xlsx", b"", "is empty, not an Excel workbook"),
        ("a.xlsx", zipped(), "is no readable Excel workbook"),
        ("a.xlsx", b"PK\x03\x04 damaged", "is no readable Excel workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", "is in the format before 2007"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0" + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password",
        ),
        ("a.parquet", b"a,b\n", "is no readable Parquet file"),
    ],
)
def test_a_file_is_refused_with_its_problem(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read_table(path)


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        ("a\né\n".encode(), "latin-1", "is UTF-8, but the mapping declares"),
        (b"a\n\x80\n", "latin-1", "line 2 holds a control character.*windows-1252"),
        (b"a\n\x81\n", "windows-1252", "line 2 holds the byte 0x81"),
    ],
)
def test_a_wrong_declaration_of_the_encoding_is_noticed(tmp_path, content, encoding, message):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read_table(path, Reading(encoding=encoding))


@pytest.mark.parametrize(
    ("cell", "message"),
    [("#N/A", "A2 holds the error #N/A"), ("=1+1", "A2 holds a formula whose value was never")],
)
def test_a_cell_without_a_value_is_named(tmp_path, cell, message):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append([cell, 1])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match=message):
        read_table(tmp_path / "a.xlsx")


def test_nested_columns_of_parquet_are_named(tmp_path):
    pd.DataFrame({"a": [1], "b": [[1, 2]]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(SourceError, match="'b' holds lists"):
        read_table(tmp_path / "a.parquet")


def test_options_of_another_kind_of_file_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("a\n1\n")
    with pytest.raises(SourceError, match=r"read\.sheet is for Excel workbooks"):
        read_table(tmp_path / "a.csv", Reading(sheet="x"))
