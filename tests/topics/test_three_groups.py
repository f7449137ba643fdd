"""Of three groups each is compared with the reference."""

from __future__ import annotations

import pytest

from analysis_lib.topics.baseline.numbers import baseline_by_exposure
from analysis_lib.topics.baseline.table import table_baseline
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.table import table_response
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.survival.table import table_survival
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.table import table_toxicity


@pytest.fixture(scope="session")
def three_groups(study_of):
    return study_of(exposure="disease_subtype")


def test_three_groups_share_one_p_value_and_have_a_difference_each(three_groups):
    baseline = table_baseline(baseline_by_exposure(three_groups)).layout
    toxicity = table_toxicity(toxicity_by_exposure(three_groups)).layout
    response = table_response(response_by_exposure(three_groups)).layout
    for layout in (baseline, toxicity, response):
        labels = [column.label.partition("\n")[0] for column in layout.columns]
        assert labels[1:] == ["All", "Ph-negative", "Ph+", "Ph-like", "P", "Ph+", "Ph-like"]
        spanners = {column.spanner for column in layout.columns[-2:]}
        assert len(spanners) == 1
        assert spanners.pop().endswith("against Ph-negative")
    tested = [line for line in baseline.lines if line.cells[4]]
    assert all(line.cells[5] and line.cells[6] for line in tested)


def test_three_groups_have_a_hazard_ratio_each_against_the_reference(three_groups):
    lines = table_survival(survival_by_exposure(three_groups, "pfs")).layout.lines
    assert lines[0].cells[-2] == "reference"
    assert all("(" in line.cells[-2] for line in lines[1:])
    assert [bool(line.cells[-1]) for line in lines] == [True, False, False]
