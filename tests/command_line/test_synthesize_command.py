"""`cart-report synthesize` refuses before it searches for minutes."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.command_line.main import main


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
