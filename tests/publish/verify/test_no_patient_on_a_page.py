"""No identifier and no date of a patient is on a page, of the browser or of the PDF."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from analysis_lib.publish.passages import pdf_text
from analysis_lib.study.study import Study
from tests.publish.verify.conftest import Built

DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@pytest.mark.parametrize("of", ["page", "pdf"])
def test_no_patient_is_on_a_page(of: str, built: Built, root: Path, study: Study) -> None:
    with (root / "data" / "cohort.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    limits = {value for value in vars(study.parameters).values() if isinstance(value, str)}
    dates = {value for row in rows for value in row.values() if DATE.fullmatch(value)} - limits
    names = {row["patient_id"] for row in rows}
    assert len(names) > 100 and len(dates) > 500
    text = built.page.read_text(encoding="utf-8") if of == "page" else pdf_text(built.pdf)
    assert "SYNTHETIC DATA" in text and len(text) > 20_000
    assert not names & set(re.findall(r"[\w-]+", text))
    assert not dates & set(DATE.findall(text))
