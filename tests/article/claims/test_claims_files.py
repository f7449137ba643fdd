"""A file that is not a claims file as a whole is refused in one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.claims.read import read_claims
from analysis_lib.errors import ClaimsError

WriteClaims = Callable[..., Path]
HEADER = ",".join(COLUMNS)


@pytest.fixture
def line(write_claims: WriteClaims) -> str:
    return write_claims({}).read_text(encoding="utf-8").splitlines()[1]


def refusal(path: Path, content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(raw)
    with pytest.raises(ClaimsError) as refused:
        read_claims(path)
    return str(refused.value)


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", ",,,\n"])
def test_an_empty_file_is_told_its_header(tmp_path: Path, content: str) -> None:
    message = refusal(tmp_path / "c.csv", content)
    assert message == f"claims: c.csv is empty; its first line must be {HEADER}"


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path / "c.csv", HEADER + "\n")
    assert message == "claims: c.csv has a header and no claim; add one line per number"


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_named(tmp_path: Path, line: str, mark: str, name: str) -> None:
    content = f"{HEADER}\n{line}\n".replace(",", mark)
    assert refusal(tmp_path / "c.csv", content) == (
        f"claims: c.csv is separated by {name}; save it separated by commas"
    )


def test_a_missing_a_foreign_and_a_double_column_are_named(tmp_path: Path, line: str) -> None:
    missing = f"{HEADER}\n{line}\n".replace("comparator", "sign", 1)
    assert refusal(tmp_path / "c.csv", missing).startswith(
        "claims: column 'comparator' is missing from c.csv; its header must be claim_id,section,"
    )
    foreign = f"{HEADER},checked\n{line},yes\n"
    assert "column 'checked' of c.csv is not known; remove it" in refusal(
        tmp_path / "c.csv", foreign
    )
    double = f"{HEADER},value\n{line},84\n"
    assert "column 'value' stands twice in c.csv" in refusal(tmp_path / "c.csv", double)


def test_cells_that_a_comma_split_are_not_dropped(tmp_path: Path, line: str) -> None:
    content = f"{HEADER}\n{line}\n{line}, of all infused\nb,flow\n"
    first, second = refusal(tmp_path / "c.csv", content).splitlines()
    width = len(COLUMNS)
    assert first.startswith(
        f"claims: c.csv line 3 must have {width} cells, as the header has, but has {width + 1}; "
        "quote a text that holds a comma"
    )
    assert second.startswith(f"c.csv line 4 must have {width} cells, as the header has, but has 2;")


def test_another_encoding_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    content = f"{HEADER}\n{line}\n".replace("as printed", "naïve").encode("latin-1")
    assert refusal(tmp_path / "c.csv", content) == (
        "claims: c.csv is not UTF-8 (line 2); save it as UTF-8"
    )
    utf16 = f"{HEADER}\n".encode("utf-16")
    assert "is not UTF-8 (line 1)" in refusal(tmp_path / "c.csv", utf16)


def test_an_unclosed_quote_is_refused(tmp_path: Path, line: str) -> None:
    content = f'{HEADER}\n{line}"\n"{line}\n'
    message = refusal(tmp_path / "c.csv", content)
    assert message.startswith("claims: c.csv line ")
    assert message.endswith("close every quoted text and double the quotes inside it")


def test_a_file_that_is_absent_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(ClaimsError, match=r"cannot be read .*; give a readable CSV file"):
            read_claims(path)


def test_line_numbers_are_those_of_the_file(tmp_path: Path, line: str) -> None:
    broken = line.replace(",83,", ",83%,")
    content = f"{HEADER}\n\n{line}\n,,,\n{broken.replace('crs_pct', 'b')}\n"
    assert "c.csv line 5 (b): value must be a number" in refusal(tmp_path / "c.csv", content)


def test_a_quoted_line_break_counts_as_a_line(tmp_path: Path, line: str) -> None:
    note = line.replace("as printed", '"two\nlines"')
    broken = line.replace(",83,", ",83%,").replace("crs_pct", "b")
    content = f"{HEADER}\n{note}\n{broken}\n"
    assert "c.csv line 4 (b): value must be a number" in refusal(tmp_path / "c.csv", content)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, line: str, ending: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(f"\ufeff{HEADER}\n{line}\n".replace("\n", ending).encode())
    assert read_claims(path)[0].claim_id == "crs_pct"


def test_columns_may_stand_in_any_order(tmp_path: Path, line: str) -> None:
    turned = [",".join(reversed(text.split(","))) for text in (HEADER, line)]
    path = tmp_path / "c.csv"
    path.write_text("\n".join(turned), encoding="utf-8")
    assert read_claims(path)[0].printed == "83"
