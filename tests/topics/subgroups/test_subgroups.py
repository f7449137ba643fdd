"""The effect in subgroups: against R, named by parameters, and left out where it cannot be had."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest

from analysis_lib.errors import CohortError
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import Study
from analysis_lib.topics import subgroups
from analysis_lib.topics.subgroups.numbers import Interactions
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module", params=["pfs", "os"])
def found(study: Study, request: pytest.FixtureRequest) -> Interactions:
    made = subgroups.interactions(study, request.param)
    assert isinstance(made, Interactions)
    return made


def test_every_ratio_and_test_is_that_of_r(root, found) -> None:
    path = root / "tests" / "reference" / "golden" / "drug.csv"
    outcome = found.variables[0].key.outcome
    with path.open(encoding="utf-8", newline="") as file:
        rows = [x for x in csv.DictReader(file) if x["analysis"] == "cox_interaction"]
    rows = [x for x in rows if x["outcome"] == outcome]
    assert len(rows) == 7 * 4 + 4 + 3
    by = {one.variable: one for one in found.variables}
    for row in rows:
        one = by[row["variable"]]
        key = one.of(row["level"], "exposed") if row["level"] else one.test_key
        expected = pytest.approx(float(row["value"]), rel=1e-6)
        assert found.results.value(key, row["statistic"]) == expected, row


def test_subgroups_part_the_patients_of_the_model(study, found) -> None:
    check_vocabulary(found.results, study.dictionary)
    for one in found.variables:
        n, events = found.results.values(one.test_key, "n", "events")
        keys = [one.of(level, "exposed") for level in one.levels]
        assert sum(found.results.value(key, "n_at_level") for key in keys) == n
        assert sum(found.results.value(key, "events_at_level") for key in keys) == events


def test_forest_and_words_show_them_with_the_warning(study, see) -> None:
    both = [subgroups.interactions(study, x) for x in study.parameters.endpoints]
    seen = see(subgroups.figure(*both))
    assert seen.overlapping == seen.outside == []
    assert seen.written.count("P for interaction") == 6
    assert sum("(" in text and "–" in text for text in seen.written) == 2 * 7
    said = str(subgroups.words(*both))
    assert "These are 6 tests of interaction, exploratory and not adjusted" in said
    assert "none of them is below 0.05" in said


def test_three_groups_have_a_ratio_each_and_a_level_without_one_is_named(
    study_of: Callable[..., Study], see
) -> None:
    found = subgroups.interactions(study_of(exposure="marrow_status"), "pfs")
    assert isinstance(found, Interactions)
    # Active marrow disease is a level of this exposure: no group has patients at both.
    assert "so left out: active marrow disease before apheresis" in found.left_out[0]
    assert [x.variable for x in found.variables] == ["ph_positive", "age_group"]
    seen = see(subgroups.figure(found))
    assert seen.overlapping == seen.outside == []
    assert "not estimable" in seen.written
    assert str(subgroups.words(found)).count("for interaction") == 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"subgroup_terms": []}, "No subgroups are named"),
        ({"subgroup_terms": ["disease_subtype"], "include": {"disease_subtype": ["ph_negative"]}},
         "No variable of the subgroups has two levels"),
    ],
)  # fmt: skip
def test_without_subgroups_a_sentence_says_so(study_of, given, reason) -> None:
    found = subgroups.interactions(study_of(**given), "os")
    assert isinstance(found, Omitted)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("age_years", "subgroup_terms: 'age_years' is decimal and has no levels"),
        ("consolidation", "subgroup_terms: must be known before time zero"),
        ("ph_positiv", "subgroup_terms: 'ph_positiv' is not a variable of the dictionary"),
    ],
)
def test_a_subgroup_must_have_levels_and_be_known_at_time_zero(study_of, name, message) -> None:
    with pytest.raises(CohortError, match=message):
        study_of(subgroup_terms=[name])


def test_small_counts_withhold_what_rests_on_them(study_of, see) -> None:
    found = subgroups.interactions(study_of(small_cell=11), "os")
    assert isinstance(found, Interactions)
    assert "HR (95% CI)" in see(subgroups.figure(found)).written
    assert str(subgroups.words(found))
