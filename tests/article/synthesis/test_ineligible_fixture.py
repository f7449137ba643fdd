"""The fixture of ineligible patients fails exactly the rules its README states."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "data"
COHORT = Path(__file__).parents[3] / "data" / "cohort.csv"
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def broken_rules(row: Row) -> list[str]:
    infusion, last = (date.fromisoformat(row[c]) for c in ("infusion_date", "last_contact_date"))
    rules = {
        "minimum age": float(row["age_years"]) >= 18,
        "product access": row["product_access"] == "standard_of_care",
        "infusion window": date(2021, 10, 1) <= infusion <= date(2023, 8, 31),
        "minimum follow-up": row["death_date"] != "" or (last - infusion).days >= 90,
    }
    return [rule for rule, met in rules.items() if not met]


def stated() -> dict[str, list[str]]:
    lines = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if "| SYN-" in line]
    return {cell[1]: [] if cell[2] == "nothing" else [cell[2]] for cell in cells}


def test_each_patient_breaks_the_one_rule_the_readme_states() -> None:
    found = {row["patient_id"]: broken_rules(row) for row in read(FOLDER / "ineligible.csv")}
    assert found == stated()
    assert sorted(map(len, found.values())) == [0] * 3 + [1] * 12


def test_every_rule_is_broken_by_someone() -> None:
    rules = {rule for broken in stated().values() for rule in broken}
    assert rules == {"minimum age", "product access", "infusion window", "minimum follow-up"}


@pytest.mark.parametrize("column", ["patient_id", "data_origin"])
def test_fixture_can_be_appended_to_the_cohort(column: str) -> None:
    extra, cohort = read(FOLDER / "ineligible.csv"), read(COHORT)
    assert list(extra[0]) == list(cohort[0])
    if column == "patient_id":
        assert not {row[column] for row in extra} & {row[column] for row in cohort}
    else:
        assert {row[column] for row in extra} == {"synthetic"}
