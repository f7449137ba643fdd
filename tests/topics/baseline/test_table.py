"""Table 1 against counts made by hand from the extract."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from analysis_lib.topics.baseline.table import table_age_groupings, table_baseline

LEVELS = {
    "Female": ("sex", "female"),
    "Male": ("sex", "male"),
    "Hispanic": ("race_ethnicity", "hispanic"),
    "Asian": ("race_ethnicity", "asian"),
    "Ph-like": ("disease_subtype", "ph_like"),
    "Active disease, >5% blasts": ("marrow_status", "active"),
    "CR, MRD-negative": ("marrow_status", "cr_mrd_negative"),
    "CNS involvement at apheresis": ("cns_involvement", "yes"),
    "Prior blinatumomab therapy": ("prior_blinatumomab", "yes"),
    "Prior allogeneic HCT": ("prior_hct", "yes"),
    "Any bridging therapy": ("bridging_therapy", "yes"),
}


@pytest.fixture
def groups(extract: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """All patients, the never exposed, the exposed: from the doses as they stand in the file."""
    doses = extract[["ino_doses_preapheresis", "ino_doses_bridging"]].replace("", "0").astype(int)
    exposed = doses.sum(axis=1) > 0
    return extract, extract[~exposed], extract[exposed]


def share(count: int, size: int) -> str:
    percent = (Decimal(100 * count) / Decimal(size)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{count} ({percent}%)"


@pytest.mark.parametrize("label", LEVELS)
def test_counts_equal_a_hand_count_of_the_extract(label, tables, groups, cells):
    column, level = LEVELS[label]
    expected = [share(int((group[column] == level).sum()), len(group)) for group in groups]
    assert list(cells(tables["baseline"], label)[:3]) == expected


def test_median_and_range_of_a_quantity_equal_the_extract(tables, groups, cells):
    lines = [group["prior_lines"].astype(int) for group in groups]
    expected = [f"{x.median():g} ({x.min()}–{x.max()})" for x in lines]
    assert list(cells(tables["baseline"], "Prior lines of therapy, median (range)")[:3]) == expected


def test_ages_have_one_decimal_everywhere(tables, cells):
    for cell in cells(tables["baseline"], "Age, years, median (range)")[:3]:
        median, _, bounds = cell.partition(" ")
        assert all("." in x for x in (median, *bounds.strip("()").split("–")))


def test_headings_name_the_groups_with_their_sizes(tables, groups):
    labels = [column.label for column in tables["baseline"].layout.columns[1:4]]
    sizes = [label.rpartition("=")[2].strip("\u00a0)") for label in labels]
    assert sizes == [str(len(group)) for group in groups]


def test_missing_stands_under_the_variables_that_lack_values_and_no_others(tables, extract):
    lines = tables["baseline"].layout.lines
    heading, missing = "", set()
    for line in lines:
        heading = heading if line.level else line.label
        if line.label == "Missing":
            missing.add(heading)
    columns = {
        "Race/ethnicity": "race_ethnicity",
        "Marrow status before apheresis": "marrow_status",
        "Marrow blasts before apheresis": "marrow_blasts_percent",
        "Sex": "sex",
        "Disease subtype": "disease_subtype",
        "Prior allogeneic HCT": "prior_hct",
    }
    assert missing & set(columns) == {x for x, y in columns.items() if (extract[y] == "").any()}
    assert missing <= set(columns)


def test_notes_say_how_missing_values_enter_the_tests(tables):
    notes = " ".join(tables["baseline"].layout.notes)
    assert "missing is a level of the test for marrow status before apheresis" in notes.lower()
    assert "missing is left out of the test for race/ethnicity" in notes
    assert "Pearson chi-square test without continuity correction for categories" in notes
    assert "Wilcoxon rank-sum test" in notes


def test_a_quantity_with_missing_values_states_its_evaluable_patients(analyses):
    baseline = analyses.baseline
    rows = tuple(
        replace(row, value=5.0)
        if row.key.variable == "prior_lines"
        and (row.key.level, row.key.statistic) == ("missing", "count")
        else row
        for row in baseline.results
    )
    changed = replace(baseline, results=replace(baseline.results, rows=rows))
    labels = [line.label for line in table_baseline(changed).layout.lines]
    at = labels.index("Prior lines of therapy, median (range)")
    assert labels[at + 1 : at + 3] == ["Evaluable, n", "Missing"]


def test_the_articles_age_groups_have_their_own_table(tables):
    shown = [line.label for line in tables["baseline"].layout.lines]
    assert "Age group, integer bounds" not in " ".join(shown)
    assert any("integer bounds" in note for note in tables["baseline"].layout.notes)


def test_integer_bounds_leave_patients_in_no_group(tables, extract):
    ages = extract["age_years"].astype(float)
    between = int((((ages > 39) & (ages < 40)) | ((ages > 59) & (ages < 60))).sum())
    lost = [line.cells[0] for line in tables["ages"].layout.lines if line.label == "In no group"]
    assert [cell.split()[0] for cell in lost] == ["0", str(between)]


def test_age_groupings_without_the_variable_are_omitted(analyses):
    kept = tuple(v for v in analyses.baseline.variables if v.name != "age_group_as_published")
    table = table_age_groupings(replace(analyses.baseline, variables=kept))
    assert "Age groups" in table.reason
    unknown = replace(analyses.baseline, variables=())
    assert "records no age" in table_age_groupings(unknown).reason
