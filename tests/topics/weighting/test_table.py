"""Tables of estimands, roles, weighting and E-values say what the results hold."""

from __future__ import annotations

import pytest

from analysis_lib.format import format_fixed, format_number
from analysis_lib.results.rows import Omitted
from analysis_lib.topics.weighting.numbers import weigh_groups
from analysis_lib.topics.weighting.survival import weighted_survival
from analysis_lib.topics.weighting.table import table_e_values, table_weighting
from analysis_lib.topics.weighting.unmeasured import e_values


def lines(table):
    return {line.label: line.cells for line in table.layout.lines}


@pytest.fixture(scope="module")
def weighting(study):
    return weigh_groups(study)


@pytest.fixture(scope="module")
def weighted(study, weighting):
    return [weighted_survival(study, x) for x in ("pfs", "os")]


def test_the_weights_table_shows_sizes_differences_and_both_ratios(study, weighting, weighted):
    table = table_weighting(weighting, *weighted)
    found = lines(table)
    assert list(found) == ["Unweighted", "Inverse probability", "Overlap"]
    sizes = [
        format_number(row.value)
        for row in weighting.results
        if row.key.analysis == "weighting_overlap" and row.key.statistic == "effective_sample_size"
    ]
    assert found["Overlap"][:3] == (*sizes, "0.00")
    for cell, one in zip(found["Overlap"][3:], weighted, strict=True):
        ratio = one.effects[-1].fit.coefficient("ino", "exposed").hazard_ratio
        assert cell.startswith(format_fixed(ratio, 2))


def test_an_interval_that_contains_1_has_an_e_value_of_1(study, weighted):
    values = e_values(study)
    for one, line in zip(values.lines, table_e_values(values).layout.lines, strict=True):
        low, high = (
            one.source.value(one.key._replace(statistic=f"hazard_ratio_ci_{x}"))
            for x in ("low", "high")
        )
        assert (line.cells[2] == "1.00") == (low <= 1 <= high)


def test_three_groups_have_a_line_each_and_omitted_weights_their_reason(study_of):
    study = study_of(exposure="disease_subtype")
    weighting = weigh_groups(study)
    weighted = [weighted_survival(study, x) for x in ("pfs", "os")]
    table = table_weighting(weighting, *weighted)
    assert [line.level for line in table.layout.lines] == [0, 1, 1] * 3
    gone = Omitted("Nothing to weigh by.")
    assert table_weighting(gone, gone) is gone
