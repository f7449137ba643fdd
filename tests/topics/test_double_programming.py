"""The results table against an independent derivation from the same cohort file in R.

tests/reference/cohort.R derives exposure, endpoints and every number below from data/cohort.csv by
the definitions of the variable dictionary, without this library.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.results.rows import Key, Results
from analysis_lib.study.study import Study

Numbers = dict[Key, float]
ResultsOf = Callable[[Study], Results]

ANALYSES = (
    "baseline_by_exposure", "baseline_by_response", "baseline_by_timing", "toxicity", "response",
    "survival_by_exposure", "survival_by_response", "survival_by_timing", "followup",
    "cox_univariable", "cox_as_published_a", "cox_as_published_b", "cox_as_published_b_unknown",
    "cox_screened_a", "cox_screened_b", "cox_screened_b_unknown",
    "cox_ladder_crude", "cox_ladder_crude_adjusted_population", "cox_ladder_baseline",
    "cox_ladder_frailty", "cox_ladder_stratified", "cox_ladder_calendar", "cox_ladder_volume",
    "cox_ladder_as_published", "cox_sensitivity_as_published_nonresponse",
    "cox_sensitivity_as_published_missing", "cox_sensitivity_as_published_population",
    "cox_sensitivity_as_published_followup", "cox_sensitivity_baseline_nonresponse",
    "cox_sensitivity_baseline_missing", "cox_sensitivity_baseline_population",
    "cox_sensitivity_baseline_followup", "cox_sensitivity_baseline_bridging",
    "proportional_hazards_crude", "cox_before_cut", "cox_after_cut", "cox_change_at_cut",
    "restricted_mean", "cox_response_crude", "cox_response_before_exposure",
    "cox_response_baseline", "cox_response_as_published",
    "competing_risks", "toxicity_onset", "cause_specific_crude", "cause_specific_baseline",
    "subdistribution_crude", "subdistribution_baseline",
    "consolidation_fixed", "consolidation_fixed_adjusted", "consolidation_time_varying",
    "consolidation_time_varying_adjusted", "consolidation_landmark",
    "consolidation_landmark_adjusted", "simon_makuch_any", "simon_makuch_kind",
    "propensity", "weighting_none", "weighting_iptw", "weighting_overlap", "leave_one_centre_out",
    "difference_crude",
    "cox_complete_baseline", "cox_complete_as_published", "cox_every_candidate",
    "cox_unknown_response_responded", "cox_unknown_response_refractory",
    "cox_unknown_response_widest", "cox_unknown_response_narrowest",
    "response_evaluable_only", "response_none", "response_all", "response_best", "response_worst",
)  # fmt: skip
# Of these, R derives every row that the results table holds in those analyses.
INFERENTIAL = frozenset(
    {
        "fisher_p_value", "frailty_variance",
        "p_value", "lr_p_value", "ph_p_value", "chi_square", "hazard_ratio", "hazard_ratio_ci_low",
        "hazard_ratio_ci_high", "coefficient", "std_error", "log_likelihood", "survival",
        "survival_ci_low", "survival_ci_high", "median_ci_low", "median_ci_high",
        "survival_difference", "survival_difference_ci_low", "survival_difference_ci_high",
        "robust_std_error", "robust_ci_low", "robust_ci_high", "robust_p_value",
        "minimum_detectable_hazard_ratio", "hazard_ratio_change", "hazard_ratio_change_ci_low",
        "hazard_ratio_change_ci_high", "restricted_mean", "restricted_mean_std_error",
        "restricted_mean_ci_low", "restricted_mean_ci_high", "restricted_mean_difference",
        "restricted_mean_difference_std_error", "restricted_mean_difference_ci_low",
        "restricted_mean_difference_ci_high", "completeness", "incidence", "incidence_ci_low",
        "incidence_ci_high", "e_value", "e_value_limit", "effective_sample_size",
    }
)  # fmt: skip
# Of these, it derives the rows of the main comparisons.
DESCRIPTIVE = {
    "baseline_by_exposure": {"median"},
    "baseline_by_response": {"median"},
    "baseline_by_timing": {"median"},
    "toxicity": {"median", "count"},
    "response": {"count"},
    "survival_by_exposure": {"n", "events", "median", "at_risk"},
    "survival_by_response": {"n", "events", "median", "at_risk"},
    "survival_by_timing": {"n", "events", "median", "at_risk"},
    "followup": {"n", "events", "median"},
    **{name: {"n", "events"} for name in ANALYSES if name.startswith("cox_")},
    "cox_ladder_baseline": {"n", "events", "clusters"},
    **{
        f"consolidation_{way}": {"n", "events", "n_at_level", "events_at_level"}
        for estimator in ("fixed", "time_varying", "landmark")
        for way in (estimator, f"{estimator}_adjusted")
    },
    "simon_makuch_any": {"n", "events", "at_risk"},
    "simon_makuch_kind": {"n", "events", "at_risk"},
    "propensity": {
        "n",
        "excluded",
        "parameters",
        "extreme",
        "n_evaluable",
        "median",
        "quartile_1",
        "quartile_3",
        "minimum",
        "maximum",
    },
    **{
        f"weighting_{x}": {"n", "events", "largest_weight", "standardized_difference", "median"}
        for x in ("none", "iptw", "overlap")
    },
    "leave_one_centre_out": {"events", "minimum", "maximum"},
    "difference_crude": set(),
    **{
        f"response_{x}": {"count", "difference", "difference_ci_low", "difference_ci_high"}
        for x in ("evaluable_only", "none", "all", "best", "worst")
    },
    "proportional_hazards_crude": set(),
    "cox_change_at_cut": set(),
    "restricted_mean": {"at_risk", "events_to_date"},
    **{
        name: {"n", "events", "competing_events", "events_to_date", "at_risk"}
        for name in ("competing_risks", "toxicity_onset")
    },
    **{
        f"{scale}_{adjustment}": {"n", "events", "competing_events"}
        for scale in ("cause_specific", "subdistribution")
        for adjustment in ("crude", "baseline")
    },
}


def _key(row: dict[str, str]) -> Key:
    time = row["time_months"]
    parts = {name: row[name] for name in Key._fields if name != "time_months"}
    return Key(**parts, time_months=float(time) if time else None)


PENALISED = {
    *(f"penalised_hazard_ratio{end}" for end in ("", "_ci_low", "_ci_high")),
    "penalised_p_value",
}


@pytest.fixture(scope="module")
def golden(root: Path) -> Numbers:
    path = root / "tests" / "reference" / "golden" / "cohort.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    values = {_key(row): float(row["value"] or "nan") for row in rows}
    assert len(values) == len(rows)
    return values


@pytest.fixture(scope="module")
def computed(study: Study, results_of: ResultsOf) -> Numbers:
    return {row.key: row.value for row in results_of(study)}


def test_every_key_that_r_wrote_is_a_row_of_the_results_table(
    golden: Numbers, computed: Numbers
) -> None:
    assert golden.keys() - computed.keys() == set()


def test_r_covers_the_analyses_named_and_no_other(golden: Numbers) -> None:
    assert {key.analysis for key in golden} == set(ANALYSES)


@pytest.mark.parametrize("analysis", ANALYSES)
def test_r_derives_every_inferential_number_of_an_analysis(
    golden: Numbers, computed: Numbers, analysis: str
) -> None:
    expected = {
        key for key in computed if key.analysis == analysis and key.statistic in INFERENTIAL
    }
    assert expected - golden.keys() == set()
    assert expected


@pytest.mark.parametrize("analysis", ANALYSES)
def test_r_derives_counts_and_medians_beside_them(golden: Numbers, analysis: str) -> None:
    statistics = {key.statistic for key in golden if key.analysis == analysis}
    has_penalised = analysis in ("cox_as_published_a", "cox_screened_a")
    assert statistics & PENALISED == (PENALISED if has_penalised else set())
    assert statistics - INFERENTIAL - PENALISED == DESCRIPTIVE[analysis]


@pytest.mark.parametrize("analysis", ANALYSES)
def test_numbers_agree_with_r(golden: Numbers, computed: Numbers, analysis: str) -> None:
    expected = {key: value for key, value in golden.items() if key.analysis == analysis}
    actual = {key: computed[key] for key in expected}
    assert actual == pytest.approx(expected, rel=1e-6, abs=0, nan_ok=True)
