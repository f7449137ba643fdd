"""Three printed tables of published articles: what is found, each recomputed by R.

`tests/data/articles/README.md` names the sources and says what was checked by hand.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Audit
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.read import read_claims
from analysis_lib.article.transcribe.grid import read_grid
from analysis_lib.article.transcribe.keys import Asked
from analysis_lib.article.transcribe.layout import find_layout
from analysis_lib.article.transcribe.propose import claims_csv, propose_claims
from analysis_lib.dictionary import Dictionary

TESTS = Path(__file__).parents[2]
ARTICLES = TESTS / "data" / "articles"
HEMATOTOX, EUROPE, EXTRANODAL = (
    *("car_hematotox_table_2", "car_t_in_europe_table_1", "car_t_by_extranodal_site_table_1"),
)
Golden = dict[str, list[tuple[int, float, float]]]


@pytest.fixture(scope="module")
def golden() -> Golden:
    """Count, printed percent (or the other count) and value, by what it is of."""
    found: Golden = {}
    path = TESTS / "reference" / "golden" / "published_tables.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            numbers = int(row["count"]), float(row["printed"]), float(row["value"])
            found.setdefault(row["what"], []).append(numbers)
    return found


def audited(name: str, dictionary: Dictionary) -> Audit:
    return audit_claims(read_claims(ARTICLES / f"{name}.claims.csv"), dictionary)


@pytest.mark.parametrize("name", [HEMATOTOX, EUROPE, EXTRANODAL])
def test_the_claims_are_those_that_the_table_gives(name: str, dictionary: Dictionary) -> None:
    path = ARTICLES / f"{name}.csv"
    layout = find_layout(read_grid(path), path.name)
    proposed = propose_claims(layout, Asked("Table", "product"), dictionary)
    assert claims_csv(proposed.lines) == (ARTICLES / f"{name}.claims.csv").read_text("utf-8")


def test_two_sizes_and_one_count_of_the_first_table_contradict_the_rest(
    dictionary: Dictionary, golden: Golden
) -> None:
    audit = audited(HEMATOTOX, dictionary)
    (wrong,) = audit.of_verdict(IMPOSSIBLE)
    assert "22/76 is 28.9%, not the printed 28%" in wrong.explanation
    sizes = [f.explanation for f in audit.findings if f.rule == "size of a column"]
    assert "7 of its 8 percents are those of 74 patients, 0 those of the 76" in sizes[0]
    assert "8 of its 8 percents are those of 161 patients, 1 those of the 159" in sizes[1]
    agreeing = {
        what: sum(abs(value - printed) <= 0.5 for _, printed, value in golden[what])
        for what in golden
    }
    assert [agreeing[f"{HEMATOTOX} {x}"] for x in ("3 76", "3 74", "4 159", "4 161")] == [
        0,
        7,
        1,
        8,
    ]
    tests = [f for f in audit.of_verdict(NEEDS_ANOTHER) if f.rule == "P value"]
    assert sum("as the columns are" in f.explanation for f in tests) == 5
    printed = [0.31, 0.13, 0.001, 0.0, 0.007, 0.01, 0.11]
    digits = [2, 2, 3, 3, 3, 2, 2]
    of_74 = [value for _, _, value in golden["fisher 74 161"]][:7]
    assert [round(p, n) for p, n in zip(of_74, digits, strict=True)] == printed


def test_every_number_of_the_second_table_agrees(dictionary: Dictionary, golden: Golden) -> None:
    audit = audited(EUROPE, dictionary)
    assert len(audit.findings) > 20
    assert {finding.verdict for finding in audit.findings} == {CONSISTENT}
    assert all(abs(value - printed) <= 0.5 for _, printed, value in golden[f"{EUROPE} 2 389"])


def test_the_percents_of_the_third_table_are_of_those_whose_value_is_known(
    dictionary: Dictionary, golden: Golden
) -> None:
    audit = audited(EXTRANODAL, dictionary)
    assert len(audit.findings) > 100
    assert {finding.verdict for finding in audit.findings} == {CONSISTENT}
    of_known = [one for one in audit.findings if "whose value is known" in one.explanation]
    assert any("178/283 is 62.9%; printed 64% is of the 279" in x.explanation for x in of_known)
    of_r = {what: rows for what, rows in golden.items() if what.startswith(EXTRANODAL)}
    assert [len(rows) for rows in of_r.values()] == [7, 2, 2, 2]
    assert all(abs(x - printed) <= 0.5 for rows in of_r.values() for _, printed, x in rows)
