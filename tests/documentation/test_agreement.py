"""The table of agreement with R, as `tests/agreement_with_r.py` wrote it and the page shows it."""

from __future__ import annotations

import csv
from pathlib import Path


def test_the_page_on_statistics_shows_how_far_each_estimate_is_from_r(root: Path) -> None:
    with (root / "tests" / "reference" / "agreement.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    page = (root / "docs" / "explanation" / "statistics.md").read_text(encoding="utf-8")
    assert {x["script"] for x in rows} == {"standardised.R", "cloned.R", "unmeasured.R"}
    for row in rows:
        drawn = row["unit"] == "Monte Carlo errors"
        assert float(row["apart_at_most"]) < (4 if drawn else 1e-6), row
        said = f"{row['apart_at_most']}{' Monte Carlo errors' if drawn else ''}"
        line = f"| {row['estimate']} | `{row['script']}` | {row['numbers']} | {said} |"
        assert line in page
