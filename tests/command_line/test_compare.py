"""`cart-report compare` prints scores, misses and conflicts, and ends with one line."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.words import comparison_words
from analysis_lib.command_line.article import HEADINGS, report_lines
from analysis_lib.command_line.main import main
from analysis_lib.dictionary import Dictionary

LAST = re.compile(
    r"reproduced (\d+) of (\d+) \(missed (\d+), conflicting (\d+), not computable (\d+)\)"
)

pytestmark = pytest.mark.usefixtures("computed_once")


def test_the_last_line_adds_up_and_the_file_holds_every_claim(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "claims.csv"
    assert main(["compare", "--out", str(target)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("reproduced ")] == lines[-1:]
    found = LAST.fullmatch(lines[-1])
    assert found is not None
    reproduced, total, *others = (int(number) for number in found.groups())
    assert reproduced + sum(others) == total > 300
    with target.open(encoding="utf-8", newline="") as handle:
        written = [x for x in csv.DictReader(handle) if not x["repeats"]]
    assert sum(x["status"] == "reproduced" for x in written) == reproduced
    assert sum(x["status"] == "missed" for x in written) == others[0]


def test_sections_are_printed_with_and_without_counts_and_add_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare"]) == 0
    lines = capsys.readouterr().out.splitlines()
    heads = [i for i, line in enumerate(lines) if line.split()[:2] == list(HEADINGS[:2])]
    sums = [i for i, line in enumerate(lines) if line.startswith("all ")]
    assert len(heads) == len(sums) == 2
    for head, end in zip(heads, sums, strict=True):
        rows = [[int(x) for x in line.split()[-5:]] for line in lines[head + 1 : end + 1]]
        assert all(sum(row[:4]) == row[4] for row in rows)
        assert [sum(column) for column in zip(*rows[:-1], strict=True)] == rows[-1]
        assert len({len(line) for line in lines[head : end + 1]}) == 1
    assert int(lines[sums[0]].split()[-1]) > int(lines[sums[1]].split()[-1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-p", "claims", ""], "No published numbers are given"),
        (["--exposure", "prior_blinatumomab"], "say nothing by prior blinatumomab"),
    ],
)
def test_without_a_comparison_a_sentence_says_why(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["compare", *arguments]) == 0
    out = capsys.readouterr().out
    assert sentence in out and len(out.splitlines()) == 1


def test_another_file_type_is_refused_before_anything_is_computed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", "--out", "claims.xlsx"]) == 2
    assert "--out: must end in .csv, but is 'claims.xlsx'" in capsys.readouterr().err


def test_misses_and_conflict_sets_are_named_with_their_distance(
    every_status: PublishedComparison, dictionary: Dictionary
) -> None:
    lines = list(report_lines(every_status, dictionary))
    misses = every_status.comparison.of_status("missed")
    start = lines.index("missed, with the distance in units of the last printed digit") + 1
    shown = lines[start : lines.index("", start)]
    assert len(shown) == len(misses) > 0
    for line, missed in zip(shown, misses, strict=True):
        assert line.endswith(f": {comparison_words(missed)}")
    title = lines.index("conflicting: printed numbers that no cohort can meet together")
    finding, unmet = lines[title + 1 : title + 3]
    assert finding == "  Sex: The percent of 1 of 2 is 50, but 99% is printed."
    assert "printed 99%, ours" in unmet
    assert lines[-1].endswith(", conflicting 1, not computable 1)")


def test_a_comparison_without_misses_prints_no_empty_heading(
    every_status: PublishedComparison, dictionary: Dictionary
) -> None:
    met = tuple(x for x in every_status.comparison.claims if x.status == "reproduced")
    spotless = replace(every_status.comparison, claims=met)
    lines = list(report_lines(replace(every_status, comparison=spotless), dictionary))
    assert not any(line.startswith(("missed", "conflicting")) for line in lines)
    assert lines[-1] == (
        f"reproduced {len(met)} of {len(met)} (missed 0, conflicting 0, not computable 0)"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seed", "-1"], "--seed: must not be negative, but is -1"),
        (["--attempts", "0"], "--attempts: must be at least 1, but is 0"),
        (["--report", "{folder}/nowhere/report.csv"], "its folder does not exist; make it first"),
    ],
)
def test_a_wrong_call_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: list[str], message: str
) -> None:
    out = tmp_path / "cohort.csv"
    options = [option.format(folder=tmp_path) for option in options]
    assert main(["synthesize", "--out", str(out), *options]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert "attempt 1 of" not in said.err
    assert not out.exists()


def test_a_folder_that_does_not_exist_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["synthesize", "--out", str(tmp_path / "nowhere" / "cohort.csv")]) == 2
    assert "its folder does not exist" in capsys.readouterr().err
