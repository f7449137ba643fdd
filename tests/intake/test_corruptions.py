from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from corrupt import Corruption
from corruptions import CORRUPTIONS

from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.check import RULES, check_extract, of_severity
from analysis_lib.intake.mapping.apply import apply_mapping
from analysis_lib.intake.mapping.document import MappingFile
from analysis_lib.intake.reading.read import read_table

PATIENTS = 40


@pytest.fixture(scope="module")
def good(root: Path) -> pd.DataFrame:
    """The first patients of the embedded cohort, as text."""
    return read_table(root / "data" / "cohort.csv").head(PATIENTS)


@pytest.fixture(scope="module")
def warned_before(good: pd.DataFrame, dictionary: Dictionary) -> set[tuple[str, str]]:
    return {(x.rule_name, x.column) for x in check_extract(good, dictionary)}


def test_the_good_extract_has_no_error_and_only_small_levels_to_warn_of(
    warned_before: set[tuple[str, str]], good: pd.DataFrame, dictionary: Dictionary
) -> None:
    assert of_severity(check_extract(good, dictionary), "error") == []
    assert {rule for rule, _ in warned_before} == {"small_levels"}


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda x: x.what)
def test_a_corruption_is_found_by_its_rule(
    corruption: Corruption, good: pd.DataFrame, dictionary: Dictionary
) -> None:
    spoilt = corruption.spoil(good.copy())
    table = apply_mapping(spoilt, MappingFile(), dictionary).table
    findings = check_extract(table, dictionary, header=tuple(spoilt.columns))
    found = [x for x in findings if (x.rule_name, x.column) == (corruption.rule, corruption.column)]
    assert found, [(x.rule_name, x.column) for x in findings]
    assert {x.severity for x in found} == {corruption.severity}
    for finding in found:
        assert finding.rule and finding.remedy
        assert not re.search(r"[{}](?!\w+: )|\s{2}", finding.rule)


def test_every_rule_is_broken_by_a_corruption() -> None:
    assert {rule.name for rule in RULES} - {x.rule for x in CORRUPTIONS} == set()


def test_the_names_of_rules_and_corruptions_are_unique() -> None:
    for names in ([rule.name for rule in RULES], [x.what for x in CORRUPTIONS]):
        assert len(names) == len(set(names))


def test_a_rule_is_checked_for_every_variable_of_its_kind(
    good: pd.DataFrame, dictionary: Dictionary
) -> None:
    spoilt = good.copy()
    dates = [v.name for v in dictionary.extract() if v.type == "date"]
    spoilt.loc[3, dates] = "soon"
    found = {x.column for x in check_extract(spoilt, dictionary) if x.rule_name == "iso_date"}
    assert found == set(dates)


def test_a_wrong_column_is_said_once_and_its_values_are_not_judged(
    good: pd.DataFrame, dictionary: Dictionary
) -> None:
    months = good.assign(age_years=[f"{float(x) * 12:.0f}" for x in good["age_years"]])
    found = [x for x in check_extract(months, dictionary) if x.column == "age_years"]
    assert [(x.row, x.rule_name) for x in found] == [(0, "age_in_months")]


def test_a_wrong_date_is_not_compared_with_others(
    good: pd.DataFrame, dictionary: Dictionary
) -> None:
    spoilt = good.copy()
    spoilt.loc[2, "infusion_date"] = "2034-01-01"
    errors = of_severity(check_extract(spoilt, dictionary), "error")
    assert [x.rule_name for x in errors] == ["date_in_the_future"]


def test_dates_outside_the_study_are_no_finding(good: pd.DataFrame, dictionary: Dictionary) -> None:
    later = good.copy()
    later.loc[2, "last_contact_date"] = "2024-06-01"
    assert of_severity(check_extract(later, dictionary), "error") == []
