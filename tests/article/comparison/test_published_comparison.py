"""A comparison is made where the claims can be about the patients, and named in plain words."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.comparison.compare import NOT_COMPUTABLE, compare, section_title
from analysis_lib.article.comparison.published import (
    PublishedComparison,
    compared_with_claims,
    is_default_claims,
    published_comparison,
)
from analysis_lib.article.comparison.scores import comparison_csv
from analysis_lib.article.comparison.words import (
    ClaimWords,
    computed_text,
    distance_text,
    printed_text,
)
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Omitted, Results
from analysis_lib.study.study import Study
from analysis_lib.topics.survival.numbers import survival_by_exposure

StudyOf = Callable[..., Study]
ResultsOf = Callable[[Study], Results]
MakeClaim = Callable[..., Claim]
MakeResults = Callable[..., Results]

pytestmark = pytest.mark.usefixtures("computed_once")


@pytest.fixture
def unlabelled(study: Study, results_of: ResultsOf) -> Results:
    """The results as if they were of patients: neither label nor claims change a number."""
    return replace(results_of(study), label="")


def test_the_embedded_cohort_is_compared_with_the_claims_of_the_project(
    published: PublishedComparison, study: Study
) -> None:
    assert published.source == "published.csv"
    assert published.label == study.label != ""
    assert published.departures == ()
    assert published.audit.findings
    assert published.comparison.tally().reproduced > 200


def test_without_claims_there_is_no_comparison(study_of: StudyOf) -> None:
    left_out = published_comparison(study_of(claims=""))
    assert left_out == Omitted(
        "No published numbers are given; the comparison with them is left out."
    )


def test_other_patients_are_not_compared_with_the_claims_of_the_project(
    study: Study, unlabelled: Results
) -> None:
    left_out = compared_with_claims(replace(study, is_synthetic=False), unlabelled)
    assert isinstance(left_out, Omitted)
    assert left_out.reason.startswith("The published numbers are of other patients than these")


def test_other_patients_are_compared_with_claims_that_are_given_for_them(
    study: Study, unlabelled: Results, tmp_path: Path, root: Path
) -> None:
    given = tmp_path / "another.csv"
    given.write_bytes((root / "data" / "published.csv").read_bytes())
    parameters = replace(study.parameters, claims=str(given))
    others = replace(study, is_synthetic=False, parameters=parameters)
    made = compared_with_claims(others, unlabelled)
    assert isinstance(made, PublishedComparison)
    assert (made.source, made.label, made.departures) == ("another.csv", "", ())


def test_claims_by_another_exposure_are_left_out_with_its_name(study_of: StudyOf) -> None:
    left_out = published_comparison(study_of(exposure="prior_blinatumomab"))
    assert isinstance(left_out, Omitted)
    assert "say nothing by prior blinatumomab" in left_out.reason


def test_parameters_that_are_not_the_articles_are_named(study: Study) -> None:
    """Beside the curves alone, which are what landmarks change."""
    parameters = replace(study.parameters, landmarks=[3.0, 9.0], seed=1, title="Ours")
    others = replace(study, parameters=parameters)
    made = compared_with_claims(others, survival_by_exposure(others, "pfs").results)
    assert isinstance(made, PublishedComparison)
    assert made.departures == ("landmarks",)
    keys = {x.claim.key: x.status for x in made.comparison.of_section("survival")}
    of_curves = [x for x in keys if (x.analysis, x.outcome) == ("survival_by_exposure", "pfs")]
    assert len(of_curves) > 12
    for key in of_curves:
        assert (keys[key] == NOT_COMPUTABLE) is (key.time_months is not None), key


@pytest.mark.parametrize(
    ("name", "default"),
    [("data/published.csv", True), ("data/../data/published.csv", True), ("other.csv", False)],
)
def test_the_claims_of_the_project_are_known_by_their_place(
    root: Path, name: str, default: bool
) -> None:
    assert is_default_claims(root, name) is default
    assert is_default_claims(root, str(root / name)) is default


@pytest.mark.parametrize(
    ("change", "computed", "texts"),
    [
        ({}, 0.8256, ("83%", "83%", "")),
        ({}, 0.8149, ("83%", "81%", "−2")),
        ({"comparator": "<="}, 0.5, ("≤83%", "≤83%", "")),
        ({"comparator": "<=", "value": "10"}, 0.104, ("≤10%", "10.4%", "+0.4")),
        ({"comparator": "~"}, 0.84, ("about 83%", "84%", "+1")),
        ({}, math.nan, ("83%", "not estimable", "")),
    ],
)
def test_numbers_are_written_as_the_article_prints_them(
    claim: MakeClaim,
    results_with: MakeResults,
    change: dict[str, str],
    computed: float,
    texts: tuple[str, str, str],
) -> None:
    one = claim(**change)
    (result,) = compare([one], results_with(one, computed)).claims
    assert (printed_text(one), computed_text(result), distance_text(result)) == texts


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({}, "CRS of any grade, percent, patients with a CRS grade"),
        (
            {"population": "crs_affected[ino=exposed]", "variable": "crs_grade_group",
             "level": "grade_1_2", "statistic": "count", "unit": "patients"},
            "CRS grade group: Grade 1–2, patients, InO-exposed, with CRS of any grade",
        ),
        (
            {"analysis": "flow", "outcome": "", "population": "infused", "variable": "infused",
             "statistic": "count", "unit": "patients"},
            "Patients",
        ),
        (
            {"analysis": "cox_as_published_b", "outcome": "pfs", "population": "responders",
             "variable": "consolidation", "level": "tki", "contrast": "tki_vs_none",
             "statistic": "hazard_ratio_ci_low", "unit": ""},
            "Consolidation or maintenance: TKI vs none, model B, hazard ratio, lower limit, "
            "patients in CR or CRi after infusion",
        ),
        (
            {"analysis": "survival_by_response", "outcome": "os", "population": "infused",
             "contrast": "refractory_vs_responder", "statistic": "p_value", "unit": "",
             "value": "0.002", "printed_decimals": "3"},
            "Overall survival, P, InO-refractory vs InO-responsive",
        ),
        (
            {"analysis": "exposure_doses", "outcome": "", "statistic": "median", "unit": "doses",
             "population": "infused[ino_doses_preapheresis=some]",
             "variable": "ino_doses_preapheresis"},
            "InO doses before apheresis, median (doses), "
            "InO doses before apheresis: at least one dose",
        ),
        (
            {"analysis": "survival_by_exposure", "outcome": "pfs", "time_months": "6",
             "population": "infused[ino=naive]", "statistic": "survival"},
            "Progression-free survival, at 6 months, estimate, InO-naïve",
        ),
    ],
)  # fmt: skip
def test_claims_are_named_in_the_words_of_the_dictionary(
    claim: MakeClaim, dictionary: Dictionary, change: dict[str, str], label: str
) -> None:
    assert ClaimWords(dictionary).label(claim(**change)) == label


def test_no_label_shows_a_code_and_no_two_claims_share_one(
    published: PublishedComparison, dictionary: Dictionary
) -> None:
    words = ClaimWords(dictionary)
    labels: dict[str, Claim] = {}
    for one in published.comparison.counted:
        label = words.label(one.claim)
        assert "_" not in label and "=" not in label
        twin = labels.setdefault(f"{one.claim.section} {label}", one.claim)
        assert twin.key == one.claim.key


def test_sections_go_as_a_report_does_and_unknown_ones_say_their_name(
    published: PublishedComparison,
) -> None:
    assert published.comparison.sections[:2] == ("flow", "table1")
    assert published.comparison.sections[-1] == "cox"
    assert section_title("late_effects") == "Late effects"


def test_the_file_holds_every_printed_number_with_ours(
    published: PublishedComparison, dictionary: Dictionary, claims: tuple[Claim, ...]
) -> None:
    text = comparison_csv(published.comparison, dictionary)
    lines = list(csv.DictReader(io.StringIO(text)))
    assert sorted(line["claim_id"] for line in lines) == sorted(one.claim_id for one in claims)
    counted = [x for x in lines if x["status"] != "out of scope" and not x["repeats"]]
    assert len(counted) == published.comparison.tally().total
    assert all(float(x["computed"]) == 189 for x in lines if x["claim_id"] == "abs_n_all")
