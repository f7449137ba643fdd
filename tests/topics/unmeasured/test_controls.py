"""Negative controls: against R, by parameter, and what is said of them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from math import isnan
from pathlib import Path

import pytest

from analysis_lib.errors import CohortError, ParameterError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import Study
from analysis_lib.topics import unmeasured
from analysis_lib.topics.unmeasured.controls import Controls

StudyOf = Callable[..., Study]


@pytest.fixture(scope="module")
def found(study: Study) -> Controls:
    made = unmeasured.controls(study)
    assert isinstance(made, Controls)
    return made


def test_every_ratio_of_a_control_is_that_of_r(root: Path, found: Controls) -> None:
    path = root / "tests" / "reference" / "golden" / "unmeasured.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["analysis"].startswith("control")]
    assert len(rows) == 6
    for row in rows:
        crude = row["analysis"].endswith("_crude")
        if row["outcome"] == "icans":
            key, name = found.of_outcome("exposed", crude=crude), "odds_ratio"
        else:
            key, name = found.of_exposure(row["outcome"], "yes", crude=crude), "hazard_ratio"
        got = found.results.values(key, name, f"{name}_ci_low", f"{name}_ci_high")
        expected = [float(row[x]) for x in ("value", "ci_low", "ci_high")]
        assert got == pytest.approx(expected, rel=1e-6), row


def test_the_unadjusted_odds_ratio_is_that_of_the_counts(found: Controls) -> None:
    (a, n), (b, m) = (
        found.results.values(found.of_outcome(x), "events_at_level", "n_at_level")
        for x in ("exposed", "naive")
    )
    crude = found.results.value(found.of_outcome("exposed", crude=True), "odds_ratio")
    assert crude == pytest.approx((a / (n - a)) / (b / (m - b)))


def test_an_interval_that_holds_one_shows_nothing_either_way(found: Controls) -> None:
    words = str(unmeasured.words_on_controls(found))
    assert words.count("which shows neither confounding nor its absence") == 2
    assert words.count("the interval contains 1 as well") == 1
    assert "ICANS of any grade: 52 of 91 in the InO-exposed group" in words
    assert words.count("no negative control") == 2


def test_an_interval_without_one_has_two_explanations(study_of: StudyOf) -> None:
    """Whoever has responded lives longer: as a control exposure it is refused, as outcome shown."""
    made = unmeasured.controls(study_of(exposure="prior_hct", negative_control_outcome="relapse"))
    key = made.of_outcome("yes")
    low, high = made.results.values(key, "odds_ratio_ci_low", "odds_ratio_ci_high")
    words = str(unmeasured.words_on_controls(made))
    told = "the exposure bears on it, or something that is not recorded goes with both"
    assert (told in words) == (low > 1 or high < 1)


def test_one_alone_is_shown_and_the_other_said_to_be_missing(study_of: StudyOf) -> None:
    made = unmeasured.controls(study_of(negative_control_exposure=""))
    assert isinstance(made, Controls)
    assert made.exposure is None
    assert "No negative control exposure is named" in str(unmeasured.words_on_controls(made))
    assert len(unmeasured.table_controls(made).layout.lines) == 1


def test_without_either_it_is_said(study_of: StudyOf) -> None:
    made = unmeasured.controls(study_of(negative_control_exposure="", negative_control_outcome=""))
    assert isinstance(made, Omitted)
    assert "No negative control outcome is named" in made.reason


def test_hardly_any_events_are_no_comparison(study_of: StudyOf) -> None:
    made = unmeasured.controls(study_of(negative_control_outcome="sos_death"))
    assert made.outcome is None
    assert "in fewer than 10 patients" in " ".join(made.left_out)


def test_what_the_covariates_tell_without_exception_has_no_ratio(study_of: StudyOf) -> None:
    made = unmeasured.controls(study_of(negative_control_outcome="death_30d"))
    assert isnan(made.results.value(made.of_outcome("exposed"), "odds_ratio"))
    assert "is not estimable" in str(unmeasured.words_on_controls(made))


def test_where_counts_are_small_no_ratio_rests_on_few(study_of: StudyOf) -> None:
    made = unmeasured.controls(study_of(small_cell=11))
    for row in made.results:
        if row.key.statistic == "odds_ratio" and not isnan(row.value):
            assert row.value == round(row.value, 2)


def test_another_cohort_has_none_unless_it_names_them() -> None:
    other = parse_parameters({"cohort": "elsewhere.csv"})
    assert (other.negative_control_exposure, other.negative_control_outcome) == ("", "")
    moved = parse_parameters({"exposure": "prior_blinatumomab"})
    assert moved.negative_control_exposure == ""


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"negative_control_exposure": "prior_blina"}, CohortError, "'prior_blinatumomab'"),
        ({"negative_control_exposure": "age_decades"}, CohortError, "must have levels"),
        ({"negative_control_exposure": "icans"}, CohortError, "known before time zero"),
        ({"negative_control_outcome": "response"}, CohortError, "must be of type yes_no"),
        ({"negative_control_outcome": "prior_hct"}, CohortError, "one of baseline_terms"),
        (
            {"exposure": "prior_hct", "negative_control_exposure": "prior_hct"},
            ParameterError,
            "its own control",
        ),
    ],
)
def test_what_can_be_no_control_is_refused(
    study_of: StudyOf, given: dict[str, str], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        study_of(**given)
