"""The level that a covariate is compared with, as a mapping file chooses it."""

from __future__ import annotations

import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.likeness import match_levels
from analysis_lib.topics.regression.numbers import screen_candidates

TERMS = ["sex", "race_ethnicity_collapsed", "prior_hct", "centre"]


@pytest.fixture
def contrasts(study_of, root, tmp_path):
    """The contrasts of the screen of these covariates, under a mapping's variables."""

    def screen(mapping: str) -> set[str]:
        (tmp_path / "mapping.yaml").write_text(mapping)
        study = study_of(mapping=str(tmp_path / "mapping.yaml"), candidates=TERMS, forced_terms=[])
        keys = (row.key for row in screen_candidates(study).results)
        return {f"{key.variable} {key.contrast}" for key in keys if key.statistic == "hazard_ratio"}

    return screen


def test_a_mapping_chooses_the_reference_of_any_covariate(contrasts):
    chosen = contrasts(
        "variables:\n  sex: {reference: female}\n  prior_hct: {reference: 'yes'}\n"
        "  race_ethnicity_collapsed: {reference: hispanic}\n  centre: {reference: C10}\n"
    )
    assert {"sex male_vs_female", "prior_hct no_vs_yes", "centre C01_vs_C10"} <= chosen
    assert "race_ethnicity_collapsed other_vs_hispanic" in chosen
    assert not any(one.endswith(("vs_male", "vs_no", "vs_C01")) for one in chosen)


def test_without_a_choice_the_dictionary_and_the_first_code_are_the_reference(contrasts):
    chosen = contrasts("{}\n")
    assert {"sex female_vs_male", "prior_hct yes_vs_no", "centre C10_vs_C01"} <= chosen


@pytest.mark.parametrize(
    ("variable", "message"),
    [("sex: {reference: femal}", "did you mean 'female'"),
     ("centre: {reference: C99}", "reference must be a code that a patient has, but is 'C99'")],
)  # fmt: skip
def test_a_reference_that_nobody_has_is_refused(contrasts, variable, message):
    with pytest.raises(SourceError, match=message):
        contrasts(f"variables:\n  {variable}\n")


@pytest.mark.parametrize(
    ("variable", "theirs", "ours"),
    [
        ("disease_subtype", "Ph-", "ph_negative"),
        ("disease_subtype", "Ph+", "ph_positive"),
        ("disease_subtype", "Ph\u2212", "ph_negative"),
        ("mrd_status", "MRD-", "negative"),
        ("mrd_status", "MRD+", "positive"),
    ],
)
def test_a_sign_at_the_end_of_a_level_is_never_lost(dictionary, variable, theirs, ours):
    (match,) = match_levels([theirs], dictionary[variable])
    assert match.ours == ours
