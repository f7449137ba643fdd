"""Medians, ranges and recomputable P values of the article, from the rows."""

from __future__ import annotations

from datetime import date
from statistics import median

import numpy as np
import pytest
from scipy.stats import chi2_contingency, mannwhitneyu

Row = dict[str, str]


def numbers(rows: list[Row], column: str) -> list[float]:
    return [float(row[column]) for row in rows if row[column] != ""]


def days(rows: list[Row], start: str, end: str) -> list[int]:
    return [
        (date.fromisoformat(row[end]) - date.fromisoformat(row[start])).days
        for row in rows
        if row[start] and row[end]
    ]


def by(rows: list[Row], column: str, *values: str) -> list[Row]:
    return [row for row in rows if row[column] in values]


def bridged(rows: list[Row]) -> list[Row]:
    return [row for row in rows if int(row["ino_doses_bridging"]) > 0]


def not_bridged(rows: list[Row]) -> list[Row]:
    return [row for row in rows if int(row["ino_doses_bridging"]) == 0]


def rank_sum(first: list[float], second: list[float]) -> float:
    return float(mannwhitneyu(first, second, method="asymptotic", use_continuity=False).pvalue)


def chi_square(groups: list[list[Row]], column: str) -> float:
    levels = sorted({row[column] for rows in groups for row in rows})
    table = [[sum(row[column] == one for row in rows) for one in levels] for rows in groups]
    return float(chi2_contingency(np.array(table), correction=False).pvalue)


def summary(values: list[float]) -> tuple[float, float, float]:
    return median(values), min(values), max(values)


def test_ages_print_as_in_table_1(naive: list[Row], exposed: list[Row]) -> None:
    for rows, printed in ((naive, (48, 18, 79)), (exposed, (45, 21, 81))):
        assert tuple(int(value + 0.5) for value in summary(numbers(rows, "age_years"))) == printed
    assert rank_sum(numbers(naive, "age_years"), numbers(exposed, "age_years")) == pytest.approx(
        0.79, abs=0.005
    )


def test_prior_lines_print_as_in_the_tables(naive: list[Row], exposed: list[Row]) -> None:
    assert summary(numbers(naive, "prior_lines")) == (3, 2, 9)
    assert summary(numbers(exposed, "prior_lines")) == (4, 2, 12)
    groups = [
        by(exposed, "ino_response", "responder"),
        by(exposed, "ino_response", "refractory"),
        bridged(exposed),
        not_bridged(exposed),
    ]
    lines = [numbers(rows, "prior_lines") for rows in groups]
    assert [median(values) for values in lines] == [4, 3, 2, 4]
    assert lines[2].count(2) >= 15
    arms = rank_sum(numbers(naive, "prior_lines"), numbers(exposed, "prior_lines"))
    assert arms == pytest.approx(0.02, abs=0.005)
    assert rank_sum(lines[0], lines[1]) == pytest.approx(0.002, abs=0.0005)
    assert rank_sum(lines[2], lines[3]) == pytest.approx(0.01, abs=0.005)


def test_ino_doses_and_intervals_print_as_in_the_text(exposed: list[Row]) -> None:
    before = [n for n in numbers(exposed, "ino_doses_preapheresis") if n > 0]
    during = [n for n in numbers(exposed, "ino_doses_bridging") if n > 0]
    total = [
        float(row["ino_doses_preapheresis"]) + float(row["ino_doses_bridging"]) for row in exposed
    ]
    assert (len(before), len(during)) == (90, 28)
    assert summary(before) == (3, 1, 22)
    assert summary(during) == (2, 1, 3)
    assert median(total) == 3
    to_apheresis = days(exposed, "last_ino_preapheresis_date", "apheresis_date")
    to_infusion = days(exposed, "last_ino_bridging_date", "infusion_date")
    assert (len(to_apheresis), len(to_infusion)) == (90, 28)
    assert summary(to_apheresis) == (62, 9, 1190)
    assert summary(to_infusion) == (20, 1, 108)


def test_hospital_days_and_onsets_print_as_in_table_2(naive: list[Row], exposed: list[Row]) -> None:
    stays = [numbers(rows, "hospital_days") for rows in (naive, exposed)]
    assert [summary(values) for values in stays] == [(14, 4, 91), (15, 0, 95)]
    assert rank_sum(*stays) == pytest.approx(0.24, abs=0.005)
    for column, size, p_value in (
        ("crs_onset_date", (71, 86), 0.47),
        ("icans_onset_date", (50, 55), 0.52),
    ):
        onset = [days(rows, "infusion_date", column) for rows in (naive, exposed)]
        assert tuple(len(values) for values in onset) == size
        assert rank_sum(*onset) == pytest.approx(p_value, abs=0.005)


def test_subgroup_tests_print_as_in_the_text(exposed: list[Row]) -> None:
    response = [by(exposed, "ino_response", r) for r in ("responder", "refractory")]
    timing = [bridged(exposed), not_bridged(exposed)]
    assert chi_square(response, "disease_subtype") == pytest.approx(0.03, abs=0.005)
    assert chi_square(response, "marrow_status") < 0.0001
    assert chi_square(response, "prior_hct") == pytest.approx(0.0002, abs=0.00005)
    assert chi_square(timing, "marrow_status") == pytest.approx(0.07, abs=0.005)
    assert chi_square(timing, "extramedullary_disease") == pytest.approx(0.05, abs=0.005)
