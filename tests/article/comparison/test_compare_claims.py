"""A claim is reproduced when the computed number would be printed as the article prints it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis_lib.article.audit.finding import Audit, Finding
from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.claims.read import read_claims
from analysis_lib.article.comparison.compare import Tally, compare
from analysis_lib.errors import ClaimsError
from analysis_lib.results.rows import Results

MakeClaim = Callable[..., Claim]
MakeResults = Callable[..., Results]


def impossible(*claims: str) -> Finding:
    return Finding("rule", "CRS", "impossible", "These numbers exclude each other.", claims)


def status_of(claim: Claim, results: Results) -> str:
    return compare([claim], results).claims[0].status


@pytest.mark.parametrize("denominator", [8, 40, 86, 87, 102, 160])
def test_percents_round_half_up_whatever_the_binary_fraction(
    claim: MakeClaim, results_with: MakeResults, denominator: int
) -> None:
    for count in range(denominator + 1):
        rounded = (200 * count + denominator) // (2 * denominator)
        for printed in {rounded, max(rounded - 1, 0), min(rounded + 1, 100)}:
            one = claim(value=str(printed))
            status = status_of(one, results_with(one, count / denominator))
            assert (status == "reproduced") == (printed == rounded), (count, printed)


@pytest.mark.parametrize(
    ("printed", "computed"),
    [("0.29", 0.285), ("0.03", 0.025), ("2.68", 2.675), ("1.20", 1.195), ("0.0002", 0.00015)],
)
def test_halves_round_up_at_the_printed_decimals(
    claim: MakeClaim, results_with: MakeResults, printed: str, computed: float
) -> None:
    decimals = str(len(printed) - 2)
    one = claim(value=printed, printed_decimals=decimals, unit="", statistic="hazard_ratio")
    assert status_of(one, results_with(one, computed, "")) == "reproduced"
    below = math.nextafter(computed, 0) - 1e-12
    assert status_of(one, results_with(one, below, "")) == "missed"


@pytest.mark.parametrize(
    ("comparator", "computed", "status"),
    [
        ("<", 0.00009, "reproduced"),
        ("<", 0.0001, "missed"),
        ("<=", 0.0001, "reproduced"),
        ("<=", 0.00011, "missed"),
        (">", 0.0001, "missed"),
        (">", 0.0002, "reproduced"),
        (">=", 0.0001, "reproduced"),
        (">=", 0.00009, "missed"),
        ("~", 0.00014, "reproduced"),
        ("~", 0.0002, "missed"),
        ("<", math.nan, "missed"),
        ("=", math.nan, "missed"),
    ],
)
def test_comparators_hold_for_the_unrounded_number(
    claim: MakeClaim, results_with: MakeResults, comparator: str, computed: float, status: str
) -> None:
    one = claim(
        value="0.0001",
        comparator=comparator,
        printed_decimals="4",
        unit="",
        statistic="p_value",
    )
    assert status_of(one, results_with(one, computed, "")) == status


def test_percents_are_compared_in_the_claims_unit(
    claim: MakeClaim, results_with: MakeResults
) -> None:
    one = claim(value="83")
    (result,) = compare([one], results_with(one, 71 / 86)).claims
    assert result.status == "reproduced"
    assert result.computed == pytest.approx(7100 / 86, rel=1e-15)
    assert result.difference == pytest.approx(7100 / 86 - 83, rel=1e-12)


def test_a_quantity_measured_in_percent_is_not_scaled(
    claim: MakeClaim, results_with: MakeResults
) -> None:
    one = claim(statistic="median", value="40")
    (result,) = compare([one], results_with(one, 40.2, "%")).claims
    assert (result.status, result.computed) == ("reproduced", 40.2)


def test_a_proportion_that_is_not_estimable_misses_its_claim(
    claim: MakeClaim, results_with: MakeResults
) -> None:
    one = claim()
    (result,) = compare([one], results_with(one, math.nan)).claims
    assert result.status == "missed"
    assert math.isnan(result.computed) and math.isnan(result.difference)


def test_a_claim_without_a_row_is_not_computable(
    claim: MakeClaim, results_with: MakeResults
) -> None:
    other = claim(population="infused")
    (result,) = compare([other], results_with(claim(), 0.83)).claims
    assert result.status == "not computable"
    assert math.isnan(result.computed)


def test_context_and_design_are_out_of_scope(claim: MakeClaim, results_with: MakeResults) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": "", "note": "beside"}
    for section in ("context", "design"):
        one = claim(section=section, **key)
        assert status_of(one, results_with(claim(), 0.83)) == "out of scope"


def test_different_units_are_refused(claim: MakeClaim, results_with: MakeResults) -> None:
    one = claim(statistic="median", unit="days")
    with pytest.raises(ClaimsError, match=r"crs_pct must be that of the result, 'months'.*'days'"):
        compare([one], results_with(one, 11.4, "months"))


def test_the_four_statuses_add_up_by_section_and_context_is_left_out(
    write_claims: Callable[..., Path], results_with: MakeResults
) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": "", "note": "beside"}
    claims = read_claims(
        write_claims(
            {},
            {"claim_id": "b", "value": "84"},
            {"claim_id": "c", "section": "relapse", "population": "infused"},
            {"claim_id": "d", "statistic": "count", "unit": "patients"},
            {"claim_id": "e", "section": "design", **key},
        )
    )
    audit = Audit((impossible("b", "d"),))
    comparison = compare(claims, results_with(claims[0], 0.83), audit=audit)
    assert comparison.tally() == Tally(1, 0, 1, 2)
    assert comparison.tally().total == 4
    assert comparison.tally(counts=False) == Tally(1, 0, 1, 1)
    assert comparison.sections == ("toxicity", "relapse")
    assert comparison.tally(section="toxicity") == Tally(1, 0, 1, 1)
    assert comparison.tally(section="design").total == 0
    assert [one.claim.claim_id for one in comparison.of_section("relapse")] == ["c"]


def test_a_number_printed_twice_counts_once_at_its_most_precise(
    write_claims: Callable[..., Path], results_with: MakeResults
) -> None:
    claims = read_claims(
        write_claims(
            {},
            {"claim_id": "again", "source": "Discussion"},
            {"claim_id": "precise", "value": "83.0", "printed_decimals": "1"},
            {"claim_id": "bound", "comparator": "<"},
            {"claim_id": "other", "value": "82"},
        )
    )
    first, *others = compare(claims, results_with(claims[0], 0.834)).claims
    assert first.claim.claim_id == "precise"
    assert [one.claim_id for one in first.repeats] == ["crs_pct", "again"]
    assert first.status == "missed"
    assert [one.claim.claim_id for one in others] == ["bound", "other"]


def test_numbers_without_a_key_are_never_one(write_claims: Callable[..., Path]) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": "", "note": "beside"}
    path = write_claims(*({"claim_id": name, "section": "context", **key} for name in "ab"))
    assert len(compare(read_claims(path), Results((), "")).claims) == 2


def test_only_what_is_not_reproduced_conflicts(claim: MakeClaim, results_with: MakeResults) -> None:
    one = claim()
    audit = Audit((impossible("crs_pct", "n"),))
    met = compare([one], results_with(one, 0.83), audit=audit)
    assert [x.status for x in met.claims] == ["reproduced"]
    assert met.conflict_sets == ()
    (unmet,) = compare([one], results_with(one, 0.84), audit=audit).claims
    assert (unmet.status, unmet.finding) == ("conflicting", audit.findings[0])
    consistent = Audit((replace(audit.findings[0], verdict="not checkable"),))
    assert compare([one], results_with(one, 0.84), audit=consistent).claims[0].status == "missed"


def test_a_repeat_in_a_finding_makes_its_number_conflict_and_the_set_is_named(
    write_claims: Callable[..., Path], results_with: MakeResults
) -> None:
    claims = read_claims(
        write_claims({}, {"claim_id": "again"}, {"claim_id": "n", "value": "85", "level": "x"})
    )
    audit = Audit((impossible("again", "crs_pct", "n"),))
    comparison = compare(claims, results_with(claims[0], 0.84), audit=audit)
    (conflict,) = comparison.conflict_sets
    assert conflict.finding.subject == "CRS"
    assert [one.claim.claim_id for one in conflict.members] == ["crs_pct", "n"]
    assert [one.claim.claim_id for one in conflict.unmet] == ["crs_pct"]


@pytest.mark.parametrize(
    ("printed", "decimals", "comparator", "computed", "apart"),
    [
        ("1.20", "2", "=", 1.5765, 38),
        ("1.20", "2", "=", 1.1949, -1),
        ("54", "0", "=", 51.34, -3),
        ("0.0001", "4", "<", 0.00026, 1.6),
        ("11.4", "1", "=", math.nan, math.nan),
    ],
)
def test_distance_is_in_units_of_the_last_printed_digit(
    claim: MakeClaim,
    results_with: MakeResults,
    printed: str,
    decimals: str,
    comparator: str,
    computed: float,
    apart: float,
) -> None:
    one = claim(
        statistic="median",
        value=printed,
        printed_decimals=decimals,
        comparator=comparator,
        unit="months",
    )
    (result,) = compare([one], results_with(one, computed, "months")).claims
    assert result.last_digits == pytest.approx(apart, nan_ok=True)
