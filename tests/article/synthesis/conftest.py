"""The committed cohort and one from another seed, read as plain text rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.cohort import Effort, synthesize, write_cohort

DATA = Path(__file__).parents[3] / "data"
COMMITTED = DATA / "cohort.csv"
Row = dict[str, str]
# Searches too short to reach anything: what must hold does not depend on them.
SHORT = Effort(survival=2000, associations=500, joint=500, attempts=1)


@pytest.fixture(scope="session", params=["committed", "another seed"])
def rows(
    request: pytest.FixtureRequest,
    claims: tuple[Claim, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Row]:
    path = COMMITTED
    if request.param != "committed":
        path = tmp_path_factory.mktemp("cohort") / "cohort.csv"
        frame = synthesize(20240101, claims=claims, effort=SHORT)
        write_cohort(frame, path)
    return read_rows(path)


@pytest.fixture(scope="session")
def committed() -> list[Row]:
    return read_rows(COMMITTED)


@pytest.fixture(scope="session")
def naive(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not exposed_to_ino(row)]


@pytest.fixture(scope="session")
def exposed(rows: list[Row]) -> list[Row]:
    return [row for row in rows if exposed_to_ino(row)]


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def exposed_to_ino(row: Row) -> bool:
    return int(row["ino_doses_preapheresis"]) + int(row["ino_doses_bridging"]) > 0
