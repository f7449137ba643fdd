"""What the search measures is what the report prints of the same cohort."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis.association import (
    ENTERED,
    INTERVAL,
    LEFT_OUT,
    MODEL_B,
    AssociationMeasure,
    association_goals,
)
from analysis_lib.study.study import Study
from analysis_lib.topics.regression.numbers import as_published_models, screen_candidates

NAMED = {"active": "active_marrow", "male": "sex"}


@pytest.fixture(scope="module")
def parts(study: Study) -> list[np.ndarray]:
    patients = study.patients
    columns = pd.DataFrame(
        {
            "responded": patients["cr_cri"] == "yes",
            "dead": patients["os_event"],
            "end_day": (patients["os_months"] * 30.4375).round(),
            "relapse_day": (patients["relapse_date"] - patients["infusion_date"]).dt.days,
            "stratum": patients["ino_exposure_response"].astype(object),
            "age_years": patients["age_years"].astype(float),
            "prior_lines": patients["prior_lines"].astype(float),
        }
    )
    for name in ("race_ethnicity", "marrow_status", "disease_subtype", "consolidation", "sex"):
        columns[name] = patients[name].astype(object).fillna("")
    for name in (
        "prior_hct",
        "bridging_therapy",
        "extramedullary_disease",
        "cns_involvement",
        "prior_blinatumomab",
    ):
        columns[name] = patients[name] == "yes"
    arrays = {name: columns[name].to_numpy() for name in columns}
    return list(AssociationMeasure().parts(arrays))


@pytest.fixture(scope="module")
def measured(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts)


def test_ratios_and_intervals_are_those_of_the_as_published_models(
    measured: np.ndarray, study: Study
) -> None:
    model_a, model_b, *_ = as_published_models(study).models
    terms = [model_a.fit.coefficient("ino", "exposed")]
    terms += [model_b.fit.coefficient(variable, level) for variable, level, _ in MODEL_B.values()]
    expected = [x for term in terms for x in (term.hazard_ratio, term.ci_low, term.ci_high)]
    np.testing.assert_allclose(measured[: len(expected)], expected, rtol=1e-5)
    assert len(expected) == len(INTERVAL) * 7


def test_score_tests_of_the_screen_are_near_its_likelihood_ratio_tests(
    measured: np.ndarray, study: Study
) -> None:
    screened = {one.variable: one.p_value for one in screen_candidates(study).candidates}
    found = dict(zip(ENTERED + LEFT_OUT, measured[-len(ENTERED + LEFT_OUT) :], strict=True))
    for name, p_value in found.items():
        if name == "allo_hct":  # one level of the factor that the screen tests as a whole
            continue
        assert p_value == pytest.approx(screened[NAMED.get(name, name)], abs=0.06), name


def test_the_committed_cohort_meets_every_goal_of_the_models_and_the_screen(
    parts: list[np.ndarray], claims: tuple[Claim, ...]
) -> None:
    goals = association_goals(claims)
    distances = np.concatenate([a.distances(b) for a, b in zip(goals, parts, strict=True)])
    # A hundredth of a percent of a ratio: within the margin that goals keep to the printed digit.
    assert distances.max() < 0.01
