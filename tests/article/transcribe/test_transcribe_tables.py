"""Printed tables of several layouts as claims files that the program reads and audits."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.claims.read import read_claims
from analysis_lib.article.transcribe.cells import P_VALUE, RATIO, read_cell
from analysis_lib.article.transcribe.grid import read_grid
from analysis_lib.article.transcribe.layout import find_layout
from analysis_lib.command_line.main import main
from analysis_lib.dictionary import Dictionary

TABLES = Path(__file__).parents[2] / "data" / "tables"


def claims_of(name: str, tmp_path: Path, *options: str) -> tuple[int, tuple[Claim, ...]]:
    out = tmp_path / "claims.csv"
    code = main(["claims", str(TABLES / name), "--out", str(out), *options])
    return code, read_claims(out)


def printed(claims: tuple[Claim, ...], **parts: object) -> list[str]:
    return [
        claim.printed
        for claim in claims
        if all(getattr(claim.key, name) == value for name, value in parts.items())
    ]


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("37 (43)", "number", [("count", "37"), ("proportion", "43")]),
        ("37/86 (43.0%)", "number", [("count", "37"), ("proportion", "43.0")]),
        ("1,204 (12)", "number", [("count", "1204"), ("proportion", "12")]),
        ("48 (18–79)", "median", [("median", "48"), ("minimum", "18"), ("maximum", "79")]),
        ("48 [4, 6]", "quartiles", [("median", "48"), ("quartile_1", "4"), ("quartile_3", "6")]),
        ("812 ± 340", "mean", [("mean", "812"), ("standard_deviation", "340")]),
        ("5.2 (1.4)", "mean", [("mean", "5.2"), ("standard_deviation", "1.4")]),
        ("<.0001", P_VALUE, [("p_value", "0.0001")]),
        ("0,05", P_VALUE, [("p_value", "0.05")]),
        (".05*", P_VALUE, [("p_value", "0.05")]),
        ("–", "number", []),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_people_write_it(
    text: str, kind: str, numbers: list[tuple[str, str]]
) -> None:
    cell = read_cell(text, kind)
    assert [(one.statistic, one.value) for one in cell.numbers] == numbers and not cell.left


def test_signs_bounds_that_are_not_estimable_and_words_are_told_apart() -> None:
    assert read_cell("≤0.001", P_VALUE).numbers[0].comparator == "<="
    ratio = read_cell("1.41 (0.90-NE)", RATIO)
    assert [one.value for one in ratio.numbers] == ["1.41", "0.90"] and ratio.left == "NE"
    assert read_cell("NS", P_VALUE).left == "NS"


def test_a_table_with_levels_under_headings(
    tmp_path: Path, dictionary: Dictionary, capsys: pytest.CaptureFixture[str]
) -> None:
    code, claims = claims_of("one_row_of_heads.csv", tmp_path, "--source", "Table 1")
    out = capsys.readouterr().out
    assert code == 1 and "row 12, Ferritin, mean ± SD: 'NS': no P value can be told" in out
    exposed = {"population": "infused[ino=exposed]"}
    assert printed(claims, statistic="n") == ["50", "70"]
    assert printed(claims, variable="sex", level="female", **exposed) == ["22", "44"]
    assert printed(claims, variable="disease_subtype", statistic="p_value") == ["0.001"]
    assert printed(claims, variable="age_years", **exposed) == ["48", "18", "79"]
    assert printed(claims, outcome="pfs", time_months=12.0, **exposed) == ["45", "30", "59"]
    assert printed(claims, variable="ferritin", statistic="mean") == ["812", "790"]
    assert {claim.key.contrast for claim in claims if claim.p_scope} == {"exposed_vs_naive"}
    assert audit_claims(claims, dictionary).of_verdict(IMPOSSIBLE) == ()


def test_a_table_with_counts_and_percents_in_columns_of_their_own(tmp_path: Path) -> None:
    code, claims = claims_of("two_rows_of_heads.csv", tmp_path, "--groups", "group")
    assert code == 0 and printed(claims, statistic="n") == ["50", "70"]
    assert printed(claims, outcome="crs", population="infused[group=exposed]") == ["40", "80"]
    assert [claim.denominator for claim in claims if claim.key.statistic == "count"] == [
        *(50, 70, 50, 70),
    ]


def test_a_table_of_hazard_ratios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, claims = claims_of("hazard_ratios.csv", tmp_path, "--outcome", "pfs")
    assert code == 1 and "not estimable, not recorded" in capsys.readouterr().out
    assert printed(claims, variable="age_decades") == ["0.91", "0.80", "1.05", "0.20"]
    assert printed(claims, variable="sex", contrast="female_vs_male") == [
        *("1.08", "0.70", "1.66", "0.73"),
    ]
    code, _ = claims_of("two_rows_of_heads.csv", tmp_path)
    assert main(["claims", str(TABLES / "hazard_ratios.csv")]) == 2
    assert "no number of hazard_ratios found a place" in capsys.readouterr().err


def test_a_table_of_numbers_at_risk(tmp_path: Path, dictionary: Dictionary) -> None:
    code, claims = claims_of("numbers_at_risk.csv", tmp_path, "--outcome", "pfs")
    exposed = {"population": "infused[ino=exposed]"}
    assert code == 0 and printed(claims, statistic="at_risk", **exposed) == ["50", "31", "12"]
    found = audit_claims(claims, dictionary).findings
    assert {one.verdict for one in found if one.rule == "numbers at risk"} == {CONSISTENT}


def test_what_breaks_a_rule_of_claims_is_listed_and_the_rest_is_a_claims_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "claims.csv"
    table.write_text(
        "Characteristic,Drug\nA (n = 50),Odds ratio,P\nTocilizumab,5 (120),1.2,.3\n"
        "Anakinra,1 (<1),1.1,.4\n".replace("Drug\nA", '"Drug\nA').replace("50)", '50)"'),
        encoding="utf-8",
    )
    assert main(["claims", str(table), "--out", str(out)]) == 1
    said = capsys.readouterr().out
    assert "value must be from 0 to 100 in %, but is '120'" in said
    assert "the column 'Odds ratio' is not read" in said
    claims = read_claims(out)
    assert [(c.comparator, c.printed) for c in claims if c.key.statistic == "proportion"] == [
        ("<", "1")
    ]
    assert {c.key.population for c in claims if c.key.outcome} == {"infused[group=drug_a]"}


def test_a_workbook_keeps_the_zeros_that_its_format_shows(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["", "InO-exposed (n=50)", "InO-naïve (n=70)", "P"],
        ["Prior HCT", "22 (44)", "31 (44)", 0.9],
    ):
        book.active.append(row)
    book.active["D2"].number_format = "0.00"
    path = tmp_path / "table.xlsx"
    book.save(path)
    assert find_layout(read_grid(path), path.name).rows[0][1][3] == "0.90"


def read_sentence(sentence: str, tmp_path: Path) -> list[Claim]:
    out = tmp_path / "claims.csv"
    assert main(["claims", "--sentence", sentence, "--groups", "ino", "--out", str(out)]) == 0
    return list(read_claims(out))


def test_a_sentence_on_survival_is_seven_numbers(tmp_path: Path) -> None:
    claims = read_sentence(
        "12-month PFS was 45% (95% CI, 30-59) in InO-exposed vs 60% (48-70) in InO-naïve, P = .03",
        tmp_path,
    )
    assert [claim.printed for claim in claims] == ["45", "30", "59", "60", "48", "70", "0.03"]
    assert {claim.key.outcome for claim in claims} == {"pfs"}


@pytest.mark.parametrize(
    ("sentence", "statistic", "populations", "printed"),
    [
        (
            "At 24 months, the OS was 61% (95% CI, 52%-71%) in the exposed group (n = 50) and 70% "
            "(95% CI 60-79) in the InO-naive group (P=.12).",
            "survival",
            ["infused[ino=exposed]", "infused[ino=naive]"],
            ["61", "70"],
        ),
        (
            "Median PFS was 8.1 months (95% CI 5.2-11.4) in InO-exposed patients",
            "median",
            ["infused[ino=exposed]"],
            ["8.1"],
        ),
        ("1-year EFS 55.2% (44.0–66.4) for all patients", "survival", ["infused"], ["55.2"]),
        (
            "12-month relapse incidence 30% (22-39) in InO-naïve vs 25% in InO-exposed, P = .4",
            "incidence",
            ["infused[ino=naive]", "infused[ino=exposed]"],
            ["30", "25"],
        ),
    ],
)
def test_a_sentence_is_placed_as_it_is_meant(
    sentence: str, statistic: str, populations: list[str], printed: list[str], tmp_path: Path
) -> None:
    claims = read_sentence(sentence, tmp_path)
    estimates = [claim for claim in claims if claim.key.statistic == statistic]
    assert [claim.key.population for claim in estimates] == populations
    assert [claim.printed for claim in estimates] == printed
    contrasts = [claim.key.contrast for claim in claims if claim.key.statistic == "p_value"]
    assert set(contrasts) <= {"exposed_vs_naive"}


@pytest.mark.parametrize(
    ("sentence", "lost"),
    [
        ("6- and 12-month PFS 54% (43-63) and 39% (29-50) in InO-exposed", "6 and 54% (43-63)"),
        ("12-month OS 54% in InO-exposed (HR 1.5; 1.1-2.2)", "1.1-2.2) found no place"),
        ("12-month OS was 54% (42-64)", "after each estimate its group"),
    ],
)
def test_a_sentence_that_would_lose_a_number_is_refused(
    sentence: str, lost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "--sentence", sentence]) == 2
    assert lost in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [("1,2,3\n4,5,6\n", "has no row of heads"), ("", "has no row of heads")],
)
def test_what_is_no_table_is_refused(
    content: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    assert main(["claims", str(path)]) == 2
    assert words in capsys.readouterr().err
    (tmp_path / "table.xlsx").write_text("no workbook", encoding="utf-8")
    assert main(["claims", str(tmp_path / "table.xlsx")]) == 2
    assert main(["claims", str(tmp_path / "absent.csv")]) == 2
    assert main(["claims", "--sentence", "PFS was good"]) == 2
