"""Files that are damaged as a whole: each is refused with a reason, or read for what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.command_line.main import main
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import SourceError
from analysis_lib.intake.check import check_extract, of_severity
from analysis_lib.intake.extract import open_intake

PATIENTS = 40


@dataclass(frozen=True)
class Damage:
    """One damage of the bytes of a CSV file, and a part of what is said of it."""

    what: str
    change: Callable[[bytes], bytes]
    said: str
    name: str = "extract.csv"


def lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda data: b"\n".join(change(data.splitlines())) + b"\n"


REFUSED = [
    Damage("empty", lambda data: b"", "is empty"),
    Damage("blank", lambda data: b"\n \n\n", "is empty"),
    Damage("header only", lines(lambda rows: rows[:1]), "no patients"),
    Damage("truncated in a row", lambda data: data[: len(data) // 2], "is not a table"),
    Damage("two rows merged", lines(lambda x: [*x[:3], x[3] + b"," + x[4], *x[5:]]), "row 4 has"),
    Damage("a row cut in two", lines(lambda x: [*x[:3], x[3][:60], x[3][60:]]), "row 4 has"),
    Damage("a column twice", lines(lambda x: [x[0].replace(b"sex", b"centre"), *x[1:]]), "twice"),
    Damage("a column unnamed", lines(lambda x: [x[0].replace(b"sex", b""), *x[1:]]), "is blank"),
    Damage("an open quotation mark", lambda x: x.replace(b"flow", b'"flow', 1), "quotation mark"),
    Damage("a NUL byte", lambda data: data.replace(b"flow", b"fl\0w", 1), "NUL byte in line 2"),
    Damage("UTF-16", lambda data: data.decode().encode("utf-16"), "UTF-16"),
    Damage("Latin-1", lambda data: data.replace(b"C10", b"K\xf6ln"), "not UTF-8 text: line 2"),
    Damage("a web page", lambda data: b"<!DOCTYPE html><html><body>Log in", "web page"),
    Damage("JSON", lambda data: b'[{"patient_id": "P1"}]', "JSON"),
    Damage("a PDF", lambda data: b"%PDF-1.7\n" + bytes(range(256)), "PDF"),
    Damage("a zip archive", lambda data: b"PK\x03\x04" + bytes(64), "zip archive"),
    Damage("random bytes", lambda data: bytes(range(1, 256)) * 9, "not UTF-8 text"),
    Damage("CSV named xlsx", lambda data: data, "not an Excel workbook", "extract.xlsx"),
    Damage("a broken workbook", lambda x: b"PK\x03\x04" + bytes(64), "no readable", "extract.xlsx"),
    Damage("CSV named parquet", lambda data: data, "no readable Parquet", "extract.parquet"),
    Damage("an SPSS file", lambda data: data, "SPSS", "extract.sav"),
    Damage("a decimal comma, unquoted", lambda x: x.replace(b"45.3", b"45,3", 1), "row 2 has"),
]
READ = [
    Damage("a byte order mark", lambda data: b"\xef\xbb\xbf" + data, ""),
    Damage("Windows line ends", lambda data: data.replace(b"\n", b"\r\n"), ""),
    Damage("semicolons", lambda data: data.replace(b",", b";"), ""),
    Damage("tabs", lambda data: data.replace(b",", b"\t"), ""),
    Damage("blank rows at the end", lambda data: data + b",,,\n\n" * 3, ""),
    Damage("spaces around values", lambda data: data.replace(b",", b" , "), ""),
]


@pytest.fixture(scope="module")
def good(root: Path) -> bytes:
    return lines(lambda rows: rows[: PATIENTS + 1])((root / "data" / "cohort.csv").read_bytes())


@pytest.mark.parametrize("damage", REFUSED, ids=lambda x: x.what)
def test_a_damaged_file_is_refused_with_a_reason(
    damage: Damage, good: bytes, tmp_path: Path, dictionary: Dictionary
) -> None:
    path = tmp_path / damage.name
    path.write_bytes(damage.change(good))
    with pytest.raises(SourceError) as raised:
        open_intake(path, dictionary)
    assert damage.said in str(raised.value) and damage.name in str(raised.value)


@pytest.mark.parametrize("damage", READ, ids=lambda x: x.what)
def test_a_file_that_is_merely_written_otherwise_is_read(
    damage: Damage, good: bytes, tmp_path: Path, dictionary: Dictionary
) -> None:
    path = tmp_path / damage.name
    path.write_bytes(good)
    as_it_was = open_intake(path, dictionary).table
    path.write_bytes(damage.change(good))
    pd.testing.assert_frame_equal(open_intake(path, dictionary).table, as_it_was)


def test_fields_cut_at_the_wrong_sign_are_findings(
    good: bytes, tmp_path: Path, dictionary: Dictionary
) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(good.replace(b",", b"^"))
    intake = open_intake(path, dictionary)
    errors = of_severity(check_extract(intake.table, dictionary), "error")
    assert {x.rule_name for x in errors} == {"missing_column"}


COMMANDS = [
    ("results", "--out", "results.csv"),
    ("build", "--out", "report"),
]
OF_THE_COMMAND_LINE = [
    Damage("truncated", lambda data: data[: len(data) // 2], "is not a table"),
    Damage("web page", lambda data: b"<html>", "web page"),
    Damage("unreadable date", lambda x: x.replace(b"2023-04-12", b"12.04.2023"), "ISO date"),
    Damage("no infusions", lambda x: x.replace(b"infusion_date", b"infused"), "is missing"),
    Damage(
        "header again", lambda data: data + data.splitlines()[0] + b"\n", "names of the columns"
    ),
    Damage("patient twice", lambda data: data + data.splitlines()[1] + b"\n", "must be unique"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda x: x[0])
@pytest.mark.parametrize("damage", OF_THE_COMMAND_LINE, ids=lambda x: x.what)
def test_the_command_line_refuses_and_writes_nothing(
    damage: Damage,
    command: tuple[str, str, str],
    good: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / damage.name
    path.write_bytes(damage.change(good))
    name, option, target = command
    code = main([name, "--cohort", str(path), option, str(tmp_path / target)])
    error = capsys.readouterr().err
    assert code == 2 and damage.said in error
    assert "Traceback" not in error
    assert [x.name for x in tmp_path.iterdir()] == [damage.name]
