"""A person's mistake is one message and exit code 2; a reader who has enough is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis_lib.command_line.main import main

YAML = {
    "a date that no calendar has": "data_lock: 2023-02-30",
    "a date in a list": "landmarks: [2023-02-30]",
    "a list as key": "? [a, b]\n: 1",
    "a list as key further down": "include: {? [a] : b}",
    "an integer of 5,000 digits": "small_cell: " + "9" * 5000,
    "a number beyond a double": "minimum_age: " + "9" * 400,
    "deep nesting": "landmarks: " + "[" * 3000 + "]" * 3000,
    "a part that contains itself": "landmarks: &a [*a]",
    "a list in a list": "landmarks: [[1], [1]]",
    "no text": "\x01",
    "only a list": "- a",
    "Latin-1": "title: K\xf6ln",
}


@pytest.mark.parametrize("text", YAML.values(), ids=YAML)
def test_a_wrong_yaml_file_is_refused(text, tmp_path, capsys, root):
    path = tmp_path / "given.yaml"
    path.write_text(f"{text}\n", encoding="latin-1")
    assert main(["results", "-f", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cart-report: ") and "Traceback" not in said
    cohort = str(root / "data" / "cohort.csv")
    assert main(["validate", cohort, "--mapping", str(path)]) == 2
    assert capsys.readouterr().err.startswith("cart-report: mapping")


def test_aliases_are_read_where_they_stand_for_little(tmp_path, capsys):
    path = tmp_path / "given.yaml"
    path.write_text("a: &a [x, x]\nb: [*a, *a]\n")
    assert main(["results", "-f", str(path)]) == 2
    assert "unknown parameter" in capsys.readouterr().err


def run(root: Path, command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    python = f"{sys.executable} -m analysis_lib"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("cart-report", python)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("cart-report validate data/cohort.csv | true", 0, b""),
        ("cart-report map data/cohort.csv 2>&1 >&- | cat", 0, b""),
        ("cart-report map data/cohort.csv > /dev/full", 2, b"cannot be written (No space left"),
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_an_output_that_is_closed_or_full_is_no_traceback(root, command, code, said):
    done = run(root, command)
    assert b"Traceback" not in done.stderr + done.stdout
    assert b"Exception ignored" not in done.stderr + done.stdout
    assert done.returncode == code and said in done.stderr


def test_a_terminal_without_accents_shows_their_numbers(root, tmp_path):
    (tmp_path / "theirs.csv").write_text("Patient,Größe\n1,2\n2,3\n", encoding="utf-8")
    done = run(root, f"cart-report map {tmp_path / 'theirs.csv'}", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and b"Gr\\xf6\\xdfe" in done.stdout + done.stderr
