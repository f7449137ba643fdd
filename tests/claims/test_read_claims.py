"""Malformed claims files are refused with the line, the column, the rule and the remedy."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.analyses.results import Key
from analysis_lib.claims import read_claims
from analysis_lib.errors import ClaimsError

WriteClaims = Callable[..., Path]


def test_a_line_becomes_a_typed_claim(write_claims: WriteClaims) -> None:
    (claim,) = read_claims(write_claims({"denominator": "86", "time_months": "6"}))
    assert claim.key == Key("toxicity", "crs", "crs_evaluable", "", "", "", 6.0, "proportion")
    assert (claim.value, claim.decimals, claim.denominator) == (83.0, 0, 86)
    assert claim.in_scope


def test_a_design_line_may_hold_a_date(write_claims: WriteClaims) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": ""}
    dates = [
        {**key, "claim_id": text, "section": "design", "unit": "date", "value": text}
        for text in ("2023-10-30", "2023-08")
    ]
    claims = read_claims(write_claims(*dates))
    assert [claim.printed for claim in claims] == ["2023-10-30", "2023-08"]
    assert all(math.isnan(claim.value) and not claim.in_scope for claim in claims)


def test_a_byte_order_mark_is_read_over(write_claims: WriteClaims) -> None:
    path = write_claims({})
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_claims(path)[0].claim_id == "crs_pct"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "83%"}, "value must be a number as printed, but is '83%'; drop signs"),
        ({"value": ""}, "value must be a number as printed, but is ''"),
        ({"value": "nan"}, "value must be a number as printed, but is 'nan'"),
        ({"unit": "date", "value": "2023-10-30"}, "value must be a number as printed"),
        (
            {"value": "83.0"},
            "value must be written with its 0 printed decimals, but is '83.0'",
        ),
        ({"value": "0.2", "printed_decimals": "2"}, "restore zeros that a spreadsheet dropped"),
        ({"printed_decimals": "none"}, "printed_decimals must be a whole number from 0 on"),
        ({"comparator": "=="}, "comparator must be one of =, <, <=, >, >=, ~, but is '=='"),
        ({"denominator": "86?"}, "denominator must be a whole number, but is '86?'"),
        ({"denominator_source": "guess"}, "denominator_source must be one of empty, printed"),
        ({"analysis": "toxcity"}, "analysis must be a word of the results' vocabulary"),
        ({"statistic": "percent"}, "statistic must be a word of the results' vocabulary"),
        ({"time_months": "6mo"}, "time_months must be a number of months or empty"),
        ({"section": ""}, "section must not be empty"),
        ({"section": "context"}, "analysis must be empty in section 'context'"),
    ],
)
def test_a_broken_rule_is_named_with_line_and_claim(
    write_claims: WriteClaims, change: dict[str, str], message: str
) -> None:
    path = write_claims({"claim_id": "first"}, change)
    with pytest.raises(ClaimsError) as refused:
        read_claims(path)
    assert "claims.csv line 3 (crs_pct): " in str(refused.value)
    assert message in str(refused.value)
    assert "(first)" not in str(refused.value)


@pytest.mark.parametrize("text", ["30.10.2023", "2023-13", "2023"])
def test_a_design_date_must_be_iso(write_claims: WriteClaims, text: str) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": ""}
    path = write_claims({**key, "section": "design", "unit": "date", "value": text})
    with pytest.raises(ClaimsError, match=f"value must be an ISO date, but is '{text}'"):
        read_claims(path)


def test_all_findings_are_reported_at_once(write_claims: WriteClaims) -> None:
    path = write_claims({"value": "x", "comparator": "is"}, {"claim_id": ""})
    with pytest.raises(ClaimsError) as refused:
        read_claims(path)
    lines = str(refused.value).splitlines()
    assert len(lines) == 3
    assert "line 3 (no claim_id): claim_id must not be empty" in lines[2]


def test_a_repeated_claim_id_is_refused(write_claims: WriteClaims) -> None:
    path = write_claims({}, {"value": "84"})
    with pytest.raises(ClaimsError, match="claim_id must be unique, but 'crs_pct' stands in 2"):
        read_claims(path)


def test_a_missing_column_is_named(write_claims: WriteClaims) -> None:
    path = write_claims({}, drop="comparator")
    with pytest.raises(ClaimsError, match=r"column 'comparator' is missing from claims\.csv"):
        read_claims(path)


def test_a_file_that_is_absent_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimsError, match=r"absent\.csv cannot be read"):
        read_claims(tmp_path / "absent.csv")
    (tmp_path / "latin.csv").write_bytes("claim_id,naïve\n".encode("latin-1"))
    with pytest.raises(ClaimsError, match=r"latin\.csv is not UTF-8"):
        read_claims(tmp_path / "latin.csv")
