"""The same seed gives the same cohort; the extract that is written, and the ineligible fixture."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_from import COHORT, made_from, recorded, searched_again

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.cohort import Effort, extract_text, synthesize, write_cohort
from analysis_lib.errors import ClaimsError, OutputError

SMALL = Effort(survival=400, associations=300, joint=300, attempts=1)


def test_committed_cohort_is_the_embedded_seeds_to_the_byte() -> None:
    """By the record of the last whole search, which takes ten minutes and is part of the soak."""
    record, today = recorded(), made_from()
    libraries = record.pop("libraries"), today.pop("libraries")
    assert today == record, "changed since the cohort was made; run: make synthesis"
    if len(set(libraries)) > 1:
        assert searched_again() == COHORT.read_bytes(), "other libraries give another cohort"


def test_same_seed_gives_the_same_cohort_and_another_seed_another(
    claims: tuple[Claim, ...],
) -> None:
    first, again, other = (
        extract_text(synthesize(seed, claims=claims, effort=SMALL)) for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_progress_hears_every_step_and_the_searches(claims: tuple[Claim, ...]) -> None:
    heard: list[str] = []
    synthesize(5, claims=claims, effort=SMALL, progress=heard.append)
    assert heard[0] == "baseline"
    assert sum("moves, distance" in text for text in heard) >= 10
    assert "distance" in heard[heard.index("consolidation and covariates") - 1]


def test_a_missing_printed_number_is_named(claims: tuple[Claim, ...]) -> None:
    fewer = tuple(claim for claim in claims if claim.key.analysis != "followup")
    with pytest.raises(ClaimsError, match="reverse_kaplan_meier"):
        synthesize(5, claims=fewer, effort=SMALL)


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "who": ["a", ""],
            "when": [pd.Timestamp("2022-02-03"), pd.NaT],
            "flag": pd.Series([True, None], dtype=object),
            "share": [12.5, np.nan],
            "count": [3.0, 100000.0],
        }
    )


def test_cells_are_written_as_the_dictionary_wants_them(
    frame: pd.DataFrame, tmp_path: Path
) -> None:
    write_cohort(frame, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == (
        b"who,when,flag,share,count\na,2022-02-03,yes,12.5,3\n,,,,100000\n"
    )


def test_only_the_finished_file_is_left_and_it_replaces_the_old_one(
    frame: pd.DataFrame, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")
    write_cohort(frame, target)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_text(encoding="utf-8").startswith("who,")


def test_a_missing_folder_is_named(frame: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"out\.csv"):
        write_cohort(frame, tmp_path / "nowhere" / "out.csv")


FOLDER = Path(__file__).parents[2] / "data"
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
