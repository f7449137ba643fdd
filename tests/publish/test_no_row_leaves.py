"""No patient's row, identifier or own date is in anything that a report holds."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import nbformat
import pytest

from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.results.store import results_csv, results_header, results_json
from analysis_lib.study.study import Study

DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@pytest.fixture(scope="module")
def rows(root: Path) -> list[dict[str, str]]:
    with (root / "data" / "cohort.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def outputs(root: Path, study: Study, every_status: PublishedComparison) -> dict[str, str]:
    """The results files and everything that the executed notebooks show, without their code."""
    results = every_status.results
    texts = {
        "results.csv": results_csv(results),
        "results.json": results_json(results, results_header(study)),
    }
    for path in sorted((root / "notebooks").glob("[0-9]*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        texts[path.name] = json.dumps([cell.get("outputs", []) for cell in cells])
    return texts


def test_no_patient_is_named(rows: list[dict[str, str]], outputs: dict[str, str]) -> None:
    names = {row["patient_id"] for row in rows}
    assert len(names) == len(rows) > 100
    for where, text in outputs.items():
        assert not names & set(re.findall(r"[\w-]+", text)), where


def test_no_date_of_a_patient_is_told(
    rows: list[dict[str, str]], outputs: dict[str, str], study: Study
) -> None:
    limits = {value for value in vars(study.parameters).values() if isinstance(value, str)}
    dates = {value for row in rows for value in row.values() if DATE.fullmatch(value)} - limits
    assert len(dates) > 500
    for where, text in outputs.items():
        assert not dates & set(DATE.findall(text)), where


def test_no_row_is_copied(rows: list[dict[str, str]], outputs: dict[str, str]) -> None:
    for where, text in outputs.items():
        cells = set(text.splitlines())
        assert not any(",".join(row.values()) in cells for row in rows), where
