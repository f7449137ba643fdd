"""A claim is reproduced when the computed number would be printed as the article prints it."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.analyses.results import Results
from analysis_lib.claims import Claim, read_claims
from analysis_lib.comparison import Tally, compare
from analysis_lib.errors import ClaimsError

MakeClaim = Callable[..., Claim]
MakeResults = Callable[..., Results]


def status_of(claim: Claim, results: Results) -> str:
    return compare([claim], results).claims[0].status


@pytest.mark.parametrize("denominator", [8, 40, 86, 87, 102, 160])
def test_percents_round_half_up_whatever_the_binary_fraction(
    claim: MakeClaim, results_with: MakeResults, denominator: int
) -> None:
    for count in range(denominator + 1):
        rounded = (200 * count + denominator) // (2 * denominator)
        for printed in {rounded, max(rounded - 1, 0), rounded + 1}:
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
    one = claim(value=printed, printed_decimals=decimals, unit="", statistic="p_value")
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


def test_a_claim_without_a_row_is_not_computed(claim: MakeClaim, results_with: MakeResults) -> None:
    other = claim(population="infused")
    (result,) = compare([other], results_with(claim(), 0.83)).claims
    assert result.status == "not_computed"
    assert math.isnan(result.computed)


def test_context_and_design_are_out_of_scope(claim: MakeClaim, results_with: MakeResults) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": ""}
    for section in ("context", "design"):
        one = claim(section=section, **key)
        assert status_of(one, results_with(claim(), 0.83)) == "out_of_scope"


def test_different_units_are_refused(claim: MakeClaim, results_with: MakeResults) -> None:
    one = claim(statistic="median", unit="days")
    with pytest.raises(ClaimsError, match=r"crs_pct must be that of the result, 'months'.*'days'"):
        compare([one], results_with(one, 11.4, "months"))


def test_tallies_count_by_section_and_statistic(
    write_claims: Callable[..., Path], results_with: MakeResults
) -> None:
    key = {"analysis": "", "outcome": "", "population": "", "statistic": ""}
    claims = read_claims(
        write_claims(
            {},
            {"claim_id": "b", "value": "84"},
            {"claim_id": "c", "section": "response", "population": "infused"},
            {"claim_id": "d", "statistic": "p_value", "unit": ""},
            {"claim_id": "e", "section": "design", **key},
        )
    )
    comparison = compare(claims, results_with(claims[0], 0.83))
    assert comparison.label == "label"
    assert comparison.tally() == Tally(reproduced=1, missed=1, not_computed=2, out_of_scope=1)
    assert (comparison.tally().compared, comparison.tally().total) == (2, 5)
    assert comparison.tally(sections=["toxicity"], statistics=["proportion"]).total == 2
    assert comparison.tally(statistics=["p_value"]) == Tally(0, 0, 1, 0)
    assert list(comparison.counts_by_section()) == ["toxicity", "response", "design"]
    assert comparison.counts_by_section()["toxicity"] == Tally(1, 1, 1, 0)
    assert comparison.tally(sections=[]).total == 0
