"""Every printed count, recounted from the rows: (naive, exposed) of Aldoss et al. 2024."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

Row = dict[str, str]
Rule = Callable[[Row], bool]


def level(column: str, *values: str) -> Rule:
    return lambda row: row[column] in values


def age(low: float, high: float) -> Rule:
    return lambda row: low <= float(row["age_years"]) <= high


def blasts(low: float, high: float) -> Rule:
    return lambda row: (
        row["marrow_blasts_percent"] != "" and (low <= float(row["marrow_blasts_percent"]) < high)
    )


def days_to(column: str, row: Row) -> int:
    return (date.fromisoformat(row[column]) - date.fromisoformat(row["infusion_date"])).days


def early_death(row: Row) -> bool:
    return row["death_date"] != "" and days_to("death_date", row) <= 30


def assessed(row: Row) -> bool:
    return row["response_marrow_blasts_percent"] != ""


def remission(row: Row) -> bool:
    return (
        assessed(row)
        and float(row["response_marrow_blasts_percent"]) < 5
        and row["response_circulating_blasts"] == "no"
        and row["response_extramedullary_disease"] == "no"
    )


def mrd_negative_remission(row: Row) -> bool:
    return remission(row) and row["mrd_status"] == "negative"


TABLE_1: dict[str, tuple[Rule, int, int]] = {
    "age 18-39": (age(18, 39), 33, 44),
    "age 40-59": (age(40, 59), 28, 30),
    "age 60+": (age(60, 120), 25, 28),
    "age between two groups": (lambda r: age(39.01, 39.99)(r) or age(59.01, 59.99)(r), 1, 0),
    "female": (level("sex", "female"), 37, 45),
    "male": (level("sex", "male"), 50, 57),
    "white": (level("race_ethnicity", "non_hispanic_white"), 49, 55),
    "hispanic": (level("race_ethnicity", "hispanic"), 26, 30),
    "black": (level("race_ethnicity", "black"), 6, 7),
    "asian": (level("race_ethnicity", "asian"), 4, 8),
    "other race": (level("race_ethnicity", "other"), 2, 1),
    "race missing": (level("race_ethnicity", ""), 0, 1),
    "Ph+": (level("disease_subtype", "ph_positive"), 36, 19),
    "Ph-like": (level("disease_subtype", "ph_like"), 14, 20),
    "Ph-negative": (level("disease_subtype", "ph_negative"), 37, 63),
    "active": (level("marrow_status", "active"), 35, 59),
    "CR MRD+": (level("marrow_status", "cr_mrd_positive_or_unknown"), 32, 19),
    "CR MRD-": (level("marrow_status", "cr_mrd_negative"), 14, 14),
    "status missing": (level("marrow_status", ""), 6, 10),
    "blasts <25": (blasts(0, 25), 59, 41),
    "blasts 25-74": (blasts(25, 75), 8, 25),
    "blasts >=75": (blasts(75, 101), 5, 9),
    "blasts missing": (level("marrow_blasts_percent", ""), 15, 27),
    "EMD": (level("extramedullary_disease", "yes"), 17, 26),
    "CNS": (level("cns_involvement", "yes"), 18, 16),
    "blinatumomab": (level("prior_blinatumomab", "yes"), 53, 59),
    "prior HCT": (level("prior_hct", "yes"), 39, 39),
    "any bridging (calibrated, not printed)": (level("bridging_therapy", "yes"), 43, 63),
}
TABLE_2: dict[str, tuple[Rule, int, int]] = {
    "CRS evaluable": (lambda r: r["crs_grade"] != "", 86, 101),
    "CRS any": (level("crs_grade", "1", "2", "3", "4"), 71, 86),
    "CRS 1-2": (level("crs_grade", "1", "2"), 66, 71),
    "CRS 3-4": (level("crs_grade", "3", "4"), 5, 15),
    "ICANS evaluable": (lambda r: r["icans_grade"] != "", 87, 101),
    "ICANS any": (level("icans_grade", "1", "2", "3", "4"), 50, 55),
    "ICANS 1-2": (level("icans_grade", "1", "2"), 28, 18),
    "ICANS 3-4": (level("icans_grade", "3", "4"), 22, 37),
    "tocilizumab": (level("tocilizumab", "yes"), 61, 68),
    "steroids": (level("steroids", "yes"), 58, 63),
    "anakinra": (level("anakinra", "yes"), 17, 27),
    "death within 30 days": (early_death, 3, 10),
}
RESPONSE: dict[str, tuple[Rule, int, int]] = {
    "evaluable": (assessed, 83, 85),
    "CR/CRi": (remission, 76, 75),
    "MRD-negative remission": (mrd_negative_remission, 55, 64),
    "HCT": (level("consolidation", "allo_hct"), 20, 10),
    "TKI": (level("consolidation", "tki"), 11, 7),
    "other maintenance": (level("consolidation", "other"), 6, 3),
    "relapse after response": (lambda r: remission(r) and r["relapse_date"] != "", 24, 37),
    "relapse": (lambda r: r["relapse_date"] != "", 24, 37),
    "SOS death after HCT": (
        lambda r: r["cause_of_death"] == "sos" and r["consolidation"] == "allo_hct",
        1,
        3,
    ),
    "SOS death": (level("cause_of_death", "sos"), 1, 3),
}


def test_cohort_has_87_naive_and_102_exposed(naive: list[Row], exposed: list[Row]) -> None:
    assert (len(naive), len(exposed)) == (87, 102)


@pytest.mark.parametrize("row_name", [*TABLE_1, *TABLE_2, *RESPONSE])
def test_count_is_the_printed_one(row_name: str, naive: list[Row], exposed: list[Row]) -> None:
    rule, in_naive, in_exposed = (TABLE_1 | TABLE_2 | RESPONSE)[row_name]
    assert (sum(map(rule, naive)), sum(map(rule, exposed))) == (in_naive, in_exposed)


def test_flow_counts_are_the_printed_ones(exposed: list[Row]) -> None:
    before = [row["ino_doses_preapheresis"] != "0" for row in exposed]
    during = [row["ino_doses_bridging"] != "0" for row in exposed]
    pairs = list(zip(before, during, strict=True))
    assert pairs.count((True, False)) == 74
    assert pairs.count((True, True)) == 16
    assert pairs.count((False, True)) == 12
    responses = [row["ino_response"] for row in exposed]
    assert [responses.count(r) for r in ("responder", "refractory", "not_reported")] == [62, 27, 13]


@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        (level("disease_subtype", "ph_positive"), (17, 1, 1)),
        (level("marrow_status", "active"), (29, 24, 6)),
        (level("prior_hct", "yes"), (30, 2, 7)),
    ],
)
def test_cells_by_response_to_ino(
    rule: Rule, printed: tuple[int, int, int], exposed: list[Row]
) -> None:
    groups = ("responder", "refractory", "not_reported")
    found = [sum(rule(r) for r in exposed if r["ino_response"] == group) for group in groups]
    assert tuple(found) == printed


@pytest.mark.parametrize(
    ("rule", "printed"),
    [
        (level("marrow_status", "active"), (22, 37)),
        (level("extramedullary_disease", "yes"), (11, 15)),
    ],
)
def test_cells_by_timing_of_ino(rule: Rule, printed: tuple[int, int], exposed: list[Row]) -> None:
    bridging = sum(rule(row) for row in exposed if row["ino_doses_bridging"] != "0")
    earlier = sum(rule(row) for row in exposed if row["ino_doses_bridging"] == "0")
    assert (bridging, earlier) == printed
