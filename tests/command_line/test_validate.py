from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.command_line.main import main

Capture = pytest.CaptureFixture[str]
Write = Callable[[pd.DataFrame], Path]


@pytest.fixture
def few(extract: pd.DataFrame) -> pd.DataFrame:
    return extract.head(40).copy()


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    code = main(["validate", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_errors_end_with_2_and_are_listed_apart_from_warnings(
    capsys: Capture, few: pd.DataFrame, write_extract: Write
) -> None:
    few.loc[2, "age_years"] = "forty"
    few.loc[3, "death_date"] = "2022-11-01"
    code, out, error = run(capsys, write_extract(few.assign(colour="red")))
    assert code == 2 and "refused" in error
    parts = [out.index("ERRORS"), out.index("forty"), out.index("WARNINGS"), out.rindex("colour")]
    assert parts == sorted(parts)
    assert re.search(r"^  4 +SYN-003 +age_years +forty$", out, re.MULTILINE)
    assert "Date order (1): must not be before infusion_date 2022-11-15" in out
    assert re.search(r"^  5 +SYN-004 +death_date +2022-11-01$", out, re.MULTILINE)
    assert out.rstrip().splitlines()[-1].startswith("40 patients, ")


def test_warnings_end_with_1_only_where_asked_to_be_strict(
    capsys: Capture, few: pd.DataFrame, write_extract: Write
) -> None:
    path = write_extract(few)
    assert run(capsys, path)[0] == 0
    assert run(capsys, path, "--strict")[0] == 1


def test_long_tables_are_cut_and_counted(
    capsys: Capture, few: pd.DataFrame, write_extract: Write
) -> None:
    few.loc[:24, "hospital_days"] = "long"
    _, out, _ = run(capsys, write_extract(few))
    assert out.count(" long") == 10 and "and 15 more rows" in out


def test_lines_keep_to_the_width_of_the_terminal(
    capsys: Capture, few: pd.DataFrame, write_extract: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    few.loc[2, ["sex", "prior_hct", "death_date"]] = ["x", "y", "2021-01-01"]
    _, out, _ = run(capsys, write_extract(few))
    assert max(map(len, out.splitlines())) <= 80


def test_json_holds_every_finding_with_all_its_parts(
    capsys: Capture, few: pd.DataFrame, write_extract: Write, tmp_path: Path
) -> None:
    few.loc[:24, "hospital_days"] = "long"
    out = tmp_path / "findings.json"
    run(capsys, write_extract(few), "--out", out)
    record = json.loads(out.read_text(encoding="utf-8"))
    assert record["patients"] == 40 and record["errors"] == 25
    finding = next(x for x in record["findings"] if x["column"] == "hospital_days")
    assert finding["rule_name"] == "number" and finding["severity"] == "error"
    assert (finding["row"], finding["patient_id"], finding["value"]) == (2, "SYN-001", "long")
    assert finding["rule"] and finding["remedy"]


class Page(HTMLParser):
    """Counts tags and keeps the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_escapes_what_the_extract_says(
    capsys: Capture, few: pd.DataFrame, write_extract: Write, tmp_path: Path
) -> None:
    few.loc[2, "sex"] = "<script>alert(1)</script>"
    few.loc[2, "patient_id"] = "<b>bold</b>&amp;"
    out = tmp_path / "findings.html"
    run(capsys, write_extract(few.assign(**{"<img src=x>": "1"})), "--out", out)
    page = Page(out.read_text(encoding="utf-8"))
    assert not {"script", "b", "img", "link"} & set(page.tags)
    for text in ("<script>alert(1)</script>", "<b>bold</b>&amp;", "<img src=x>"):
        assert text in page.text
    assert page.tags.count("caption") == page.tags.count("table") > 0
    assert "default-src 'none'; script-src 'none';" in out.read_text(encoding="utf-8")


def test_control_characters_do_not_reach_the_terminal(
    capsys: Capture, few: pd.DataFrame, write_extract: Write
) -> None:
    few.loc[2, "sex"] = "\x1b[31mred"
    _, out, _ = run(capsys, write_extract(few))
    assert "\x1b" not in out and r"\x1b[31mred" in out


def test_identifiers_are_said_nowhere(
    capsys: Capture, few: pd.DataFrame, write_extract: Write, tmp_path: Path
) -> None:
    few.insert(1, "Nachname", "Mustermann")
    few.loc[2, "patient_id"] = few.loc[3, "patient_id"]
    few["patient_id"] = "Doe, J" + few["patient_id"].str[-3:]
    path = write_extract(few)
    told = ""
    for name in ("findings.json", "findings.html"):
        told += "".join(run(capsys, path, "--out", tmp_path / name)[1:])
        told += (tmp_path / name).read_text(encoding="utf-8")
    assert main(["results", "--cohort", str(path)]) == 2
    told += capsys.readouterr().err
    assert "column 2" in told and "must be unique" in told
    assert not re.search("Nachname|Mustermann|Doe", told)


def test_a_mapping_lets_findings_name_their_column_too(
    capsys: Capture, few: pd.DataFrame, write_extract: Write, tmp_path: Path
) -> None:
    few.loc[2, "age_years"] = "forty"
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("columns: {Alter: age_years}\n", encoding="utf-8")
    path = write_extract(few.rename(columns={"age_years": "Alter"}))
    code, out, _ = run(capsys, path, "--mapping", mapping)
    assert code == 2 and "age_years (yours: Alter)" in out


@pytest.mark.parametrize(
    ("target", "said"),
    [("findings.csv", "must end in"), ("no/findings.json", "choose another place")],
)
def test_an_unwritable_target_is_a_clear_error(
    capsys: Capture, few: pd.DataFrame, write_extract: Write, tmp_path: Path, target: str, said: str
) -> None:
    code, _, error = run(capsys, write_extract(few), "--out", tmp_path / target)
    assert code == 2 and said in error and "Traceback" not in error


def test_an_unreadable_extract_ends_with_2(capsys: Capture, tmp_path: Path) -> None:
    code, out, error = run(capsys, tmp_path / "none.csv")
    assert code == 2 and out == "" and "there is no file none.csv" in error
