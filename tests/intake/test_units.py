"""A value in another unit becomes ours exactly: 216 months are 18 years, not nearly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis_lib.errors import SourceError
from analysis_lib.intake.check import RULES
from analysis_lib.intake.extract import open_intake
from analysis_lib.intake.mapping.numbers import times

STAY = "variables: {stay: {type: decimal, unit: weeks}}\n"


@pytest.fixture
def intake(tmp_path, dictionary):
    def taken_in(column: str, values: list[str], mapping: str):
        (tmp_path / "theirs.csv").write_text(
            "\n".join([f"p,{column}", *(f"a,{x}" for x in values)])
        )
        (tmp_path / "mapping.yaml").write_text(mapping)
        return open_intake(tmp_path / "theirs.csv", dictionary, tmp_path / "mapping.yaml")

    return taken_in


@pytest.mark.parametrize("unit", ["months", "month", "1/12", "1 / 12", "0.5/6"])
def test_months_are_twelfths_of_a_year(intake, unit):
    taken = intake("age_years", ["216", "217", "215.5", "", "?"], f"units: {{age_years: {unit}}}")
    assert taken.table["age_years"].tolist() == [
        "18", "18.083333333333332", "17.958333333333332", "", "?",
    ]  # fmt: skip
    assert "multiplied into our units: age_years (by 1/12)" in taken.notes


@pytest.mark.parametrize(
    "factor", ["0.083", "0.0833", "0.083333", "0.08333333333", "8.3333e-2", f"0.08{'3' * 60}"]
)
def test_a_rounded_twelfth_is_a_twelfth(intake, factor):
    taken = intake("age_years", ["216"], f"units: {{age_years: {factor}}}")
    assert taken.table["age_years"].tolist() == ["18"]


@pytest.mark.parametrize(
    ("column", "mapping", "theirs", "ours"),
    [
        ("age_years", "units: {age_years: days}", "1461", "4"),
        ("age_years", "units: {age_years: weeks}", "1461", "28"),
        ("age_years", "units: {age_years: 0.00274}", "1461", "4"),
        ("age_years", "units: {age_years: years}", "18", "18"),
        ("age_years", "units: {age_years: 0.09}", "200", "18"),
        ("hospital_days", "units: {hospital_days: weeks}", "3", "21"),
        ("hospital_days", "units: {hospital_days: 30.44}", "1", "30.44"),
        ("stay", STAY + "units: {stay: days}", "21", "3"),
        ("response_platelets_per_ul", "units: {response_platelets_per_ul: 1/3}", "9", "3"),
    ],
)
def test_units_by_name(intake, column, mapping, theirs, ours):
    assert intake(column, [theirs], mapping).table[column].tolist() == [ours]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("units: {age_years: monts}", "a fraction like 1/12, or one of years, .* mean 'months'"),
        ("units: {age_years: 1/0}", "must be a number above 0"),
        ("units: {age_years: 1/2/3}", "must be a number above 0"),
        ("units: {age_years: 1e999999}", "must be a number above 0"),
        ("units: {age_years: nan}", "must be a number above 0"),
        ("units: {marrow_blasts_percent: months}", "is in %, which is no unit of time"),
    ],
)
def test_a_unit_that_cannot_be_meant_is_refused(intake, mapping, said):
    with pytest.raises(SourceError, match=said):
        intake("age_years", ["216"], mapping)


@pytest.mark.parametrize(("unit", "eighteen"), [("months", "216"), ("days", "6574.5")])
def test_the_remedy_for_an_age_in_another_unit_is_exact(intake, unit, eighteen):
    remedy = next(rule.remedy for rule in RULES if rule.name == f"age_in_{unit}")
    units = remedy.partition("mapping: ")[2].replace("{{", "{").replace("}}", "}")
    assert intake("age_years", [eighteen], f"units: {units}").table["age_years"].tolist() == ["18"]


@given(st.decimals("-1e9", "1e9", places=4), st.integers(1, 500))
def test_a_product_is_the_nearest_number(value, divisor):
    exact = Fraction(value) / divisor
    assert float(times(str(value), Fraction(1, divisor))) == float(exact)
    assert Fraction(times(str(value * divisor), Fraction(1, divisor))) == Fraction(value)


def test_a_number_beyond_all_measure_stays_for_the_checks():
    assert times("1e999999", Fraction(1, 12)) == "1e999999"
