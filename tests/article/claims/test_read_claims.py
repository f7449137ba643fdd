"""Malformed claims files are refused with the line, the column, the rule and the remedy."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.article.claims.read import read_claims
from analysis_lib.errors import ClaimsError
from analysis_lib.results.rows import Key

WriteClaims = Callable[..., Path]


def test_a_line_becomes_a_typed_claim(write_claims: WriteClaims) -> None:
    (claim,) = read_claims(
        write_claims({"denominator": "86", "denominator_source": "printed", "time_months": "6"})
    )
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


WRITING = [
    ({"value": "83%"}, "value must be a number as printed, but is '83%'; drop signs"),
    ({"value": ""}, "value must be a number as printed, but is ''"),
    ({"value": "nan"}, "value must be a number as printed, but is 'nan'"),
    ({"value": "0,83"}, "value must be a number as printed, but is '0,83'"),
    ({"value": "1" * 5000}, "value must be a number as printed"),
    ({"value": ".83", "printed_decimals": "2"}, "write 0.05 for .05"),
    ({"unit": "date", "value": "2023-10-30"}, "value must be a number as printed"),
    ({"value": "83.0"}, "value must be written with its 0 printed decimals, but is '83.0'"),
    ({"value": "0.2", "printed_decimals": "2"}, "restore zeros that a spreadsheet dropped"),
    ({"printed_decimals": "none"}, "printed_decimals must be a whole number from 0 on"),
    ({"printed_decimals": "-1"}, "printed_decimals must be a whole number from 0 on"),
]
WORDS = [
    ({"comparator": "=="}, "must be one of =, <, <=, >, >=, ~, but is '=='; write ="),
    ({"comparator": "≤"}, "must be one of =, <, <=, >, >=, ~, but is '≤'; write <="),
    ({"comparator": "is"}, "must be one of =, <, <=, >, >=, ~, but is 'is'"),
    ({"analysis": "toxcity"}, "but is 'toxcity'; did you mean 'toxicity'?"),
    ({"statistic": "percent"}, "statistic must be a word of the results' vocabulary"),
    ({"unit": "percent"}, "unit must be a unit of the results table, but is 'percent'"),
    ({"section": ""}, "section must not be empty"),
]
KEYS = [
    ({"section": "context"}, "analysis must be empty in section 'context', but is 'toxicity'"),
    ({"population": "crs_evaluable[ino]"}, "population must be base or base[variable=level]"),
    ({"population": "crs evaluable"}, "population must be base or base[variable=level]"),
    ({"base": "infused"}, "base must be that of the population, 'crs_evaluable'"),
    ({"contrast": "exposed v naive"}, "contrast must be <level>_vs_<reference> or empty"),
    ({"time_months": "6mo"}, "time_months must be a number of months or empty"),
    ({"time_months": "-6"}, "time_months must be a number of months or empty"),
    ({"p_scope": "as printed"}, "p_scope must be empty in a line that is no P value"),
    (
        {"statistic": "p_value", "unit": "", "value": "0", "level": "yes"},
        "level must be empty in a P value, but is 'yes'; key it to the factor",
    ),
]
PRINTED = {"denominator_source": "printed"}
COUNT = {"statistic": "count", "unit": "patients"}
DENOMINATORS = [
    ({**PRINTED, "denominator": "86?"}, "denominator must be a whole number above 0, but is '86?'"),
    ({**PRINTED, "denominator": "-86"}, "denominator must be a whole number above 0, but is '-86'"),
    ({**PRINTED, "denominator": "0"}, "denominator must be a whole number above 0, but is '0'"),
    ({"denominator_source": "guess"}, "denominator_source must be one of printed, derived"),
    ({"denominator": "86"}, "is '' beside denominator '86'; give both"),
    (PRINTED, "is 'printed' beside denominator ''; give both"),
    (
        {**COUNT, **PRINTED, "denominator": "71"},
        "denominator must be at least the count, 83, but is '71'",
    ),
]
P_VALUE = {"statistic": "p_value", "unit": ""}
RATIO = {"statistic": "hazard_ratio", "unit": ""}
VALUES = [
    ({"value": "101"}, "value must be from 0 to 100 in %, but is '101'"),
    ({"value": "-1"}, "value must be from 0 to 100 in %, but is '-1'"),
    ({"unit": "proportion"}, "value must be from 0 to 1 in proportion, but is '83'"),
    ({"unit": "months"}, "unit must be % or proportion for proportion, but is 'months'"),
    (
        {**P_VALUE, "value": "1.2", "printed_decimals": "1"},
        "value must be a P value from 0 to 1, but is '1.2'",
    ),
    ({**P_VALUE, "value": "-1"}, "value must be a P value from 0 to 1, but is '-1'"),
    ({"statistic": "p_value", "value": "1"}, "unit must be empty for a P value, but is '%'"),
    ({**RATIO, "value": "0"}, "value must be above 0 for a hazard ratio, but is '0'"),
    ({**RATIO, "value": "-1"}, "value must be above 0 for a hazard ratio, but is '-1'"),
    (
        {**COUNT, "value": "8.5", "printed_decimals": "1"},
        "value must be a whole number of patients, but is '8.5'",
    ),
    ({**COUNT, "value": "-8"}, "value must be a whole number of patients, but is '-8'"),
]


@pytest.mark.parametrize(("change", "message"), WRITING + WORDS + KEYS + DENOMINATORS + VALUES)
def test_a_broken_rule_is_named_with_line_and_claim(
    write_claims: WriteClaims, change: dict[str, str], message: str
) -> None:
    path = write_claims({"claim_id": "first"}, change)
    with pytest.raises(ClaimsError) as refused:
        read_claims(path)
    found = [text for text in str(refused.value).splitlines() if "(crs_pct)" in text]
    assert any("claims.csv line 3 (crs_pct): " in text and message in text for text in found)
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
    with pytest.raises(ClaimsError, match="unique, but 'crs_pct' stands in lines 2, 3; rename"):
        read_claims(path)


@pytest.mark.parametrize(
    "change",
    [
        {"value": "0", "statistic": "p_value", "unit": ""},
        {"value": "1", "statistic": "p_value", "unit": ""},
        {"value": "0"},
        {"value": "100"},
        {"value": "0.83", "printed_decimals": "2", "unit": "proportion"},
        {"value": "-3", "statistic": "median", "unit": "days"},
        {**COUNT, **PRINTED, "denominator": "83"},
        {**COUNT, "value": "0"},
        {"denominator_source": "unknown"},
        {"base": "model"},
        {"level": "yes", "analysis": "cox_univariable", **P_VALUE, "value": "1"},
        {**P_VALUE, "value": "1", "p_scope": "grade 3 or higher"},
    ],
)
def test_the_ends_of_every_range_are_read(
    write_claims: WriteClaims, change: dict[str, str]
) -> None:
    assert len(read_claims(write_claims(change))) == 1


def test_a_line_of_context_needs_a_note(write_claims: WriteClaims) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": ""}
    path = write_claims({**key, "section": "context", "note": ""})
    with pytest.raises(ClaimsError, match="note must say what the number is in section 'context'"):
        read_claims(path)


def test_one_number_may_not_stand_in_two_sections(write_claims: WriteClaims) -> None:
    path = write_claims({}, {"claim_id": "b", "section": "response"}, {"claim_id": "c"})
    with pytest.raises(ClaimsError) as refused:
        read_claims(path)
    assert str(refused.value) == (
        "claims: claims.csv (b): section must be the same for one key, 'toxicity' as in crs_pct, "
        "but is 'response'; correct the section or the key"
    )
