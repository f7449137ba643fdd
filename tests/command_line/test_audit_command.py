from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.article.audit.finding import VERDICTS
from analysis_lib.command_line.main import main

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = main(["audit", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def counts_in(text: str) -> dict[str, int]:
    """The numbers of the last line, by verdict."""
    last = text.rstrip().splitlines()[-1]
    return {v: int(n[1]) for v in VERDICTS if (n := re.search(rf"{v} (\d+)", last))}


def test_the_audit_prints_a_line_a_finding_under_its_verdict_and_ends_with_the_counts(
    capsys: Capture,
) -> None:
    code, out, error = run(capsys)
    assert code == 1 and "auditing" in error
    assert all(len(line) <= 100 for line in out.splitlines())
    counts = counts_in(out)
    assert counts["impossible"] == 2 and counts["consistent"] > 200
    total = int(out.rstrip().splitlines()[-1].split()[0])
    assert total == sum(counts.values())
    headings = [line for line in out.splitlines() if line.startswith(VERDICTS)]
    assert [line.rpartition(" (")[0] or line for line in headings][:3] == list(VERDICTS[:3])
    assert "63/102 is 61.8%" in out


def findings_in(out: str) -> list[str]:
    return [line for line in out.splitlines() if re.match(r" *\d+ (=>|  ) ", line)]


def test_all_prints_every_finding_and_those_of_consequence_come_first(capsys: Capture) -> None:
    _, few, _ = run(capsys)
    _, everything, _ = run(capsys, "--all")
    shown = [len(findings_in(text)) for text in (few, everything)]
    assert shown[0] < shown[1] == sum(counts_in(everything).values())
    for part in few.split("\n\n"):
        arrows = ["=>" in line[:8] for line in findings_in(part)]
        assert arrows == sorted(arrows, reverse=True)


def test_a_finding_is_explained_by_its_number_with_its_numbers(capsys: Capture) -> None:
    _, out, _ = run(capsys)
    number = findings_in(out)[0].split()[0]
    code, text, _ = run(capsys, "--explain", number)
    assert code == 1 and text.startswith(f"{number}  impossible (percent)")
    assert "62 of 102 would print it" in " ".join(text.split())
    assert re.search(r"    \w+: 61% \(", text)
    _, everything, _ = run(capsys, "--explain", "all")
    assert len(re.findall(r"^\d+  ", everything, re.MULTILINE)) == len(findings_in(out))
    code, out, error = run(capsys, "--explain", "none")
    assert (code, out) == (2, "") and "--explain: must be a finding's number" in error


def test_findings_are_a_page_of_their_own(capsys: Capture, tmp_path: Path) -> None:
    page = tmp_path / "audit.html"
    _, out, _ = run(capsys, "--out", str(page))
    text = page.read_text(encoding="utf-8")
    assert text.count("<tr id=") == sum(counts_in(out).values())
    assert "Content-Security-Policy" in text and "<script" not in text
    assert text.index("<h2>impossible (2)</h2>") < text.index("<h2>consistent")


def test_findings_are_written_as_csv_and_as_json(capsys: Capture, tmp_path: Path) -> None:
    table, document = tmp_path / "audit.csv", tmp_path / "audit.json"
    _, out, _ = run(capsys, "--out", str(table))
    run(capsys, "--out", str(document))
    with table.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    content = json.loads(document.read_text(encoding="utf-8"))
    assert content["counts"] == counts_in(out)
    assert len(rows) == len(content["findings"]) == sum(counts_in(out).values())
    for row, finding in zip(rows, content["findings"], strict=True):
        assert row["claims"].split() == finding["claims"]
        assert row["explanation"] == finding["explanation"]


def test_another_article_is_audited(capsys: Capture, write_claims: Callable[..., Path]) -> None:
    shared = {
        "population": "crs_evaluable[ino=naive]",
        "denominator": "86",
        "denominator_source": "printed",
    }
    count = {"claim_id": "n", "statistic": "count", "value": "71", "unit": "patients"}
    percent = {"claim_id": "p", "value": "84"}
    path = write_claims({**shared, **count}, {**shared, **percent})
    code, out, _ = run(capsys, "--claims", str(path))
    assert code == 0
    assert "71/86 is 82.6%, not the printed 84%" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--claims", "none.csv"], "none.csv"),
        (["--dictionary", "none.csv"], "none.csv"),
        (["--out", "audit.txt"], "--out: must end in .csv, .json or .html"),
    ],
)
def test_a_wrong_call_ends_with_one_message_and_code_2(
    capsys: Capture, arguments: list[str], message: str
) -> None:
    code, out, error = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in error and "Traceback" not in error
