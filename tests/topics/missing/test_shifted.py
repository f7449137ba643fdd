"""Imputed values shifted: nothing moves without a shift, and the conclusion that turns is named."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan

import numpy as np
import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.stats.pooling import pool_estimates
from analysis_lib.study.study import Study
from analysis_lib.topics import missing
from analysis_lib.topics.missing import COMPARED, EVERYONE, SHIFTS
from analysis_lib.topics.missing.copies import complete_cases_only, completed_copies, imputed_models
from analysis_lib.topics.missing.imputed import exposure_in, followed
from analysis_lib.topics.missing.shifted import Shifted

StudyOf = Callable[..., Study]


@pytest.fixture(scope="module")
def found(study: Study) -> Shifted:
    made = missing.shifted(study)
    assert isinstance(made, Shifted)
    return made


def test_every_covariate_with_a_gap_is_shifted(study: Study, found: Shifted) -> None:
    gaps = study.patients[list(study.parameters.baseline_terms)].isna().any()
    assert set(found.covariates) == set(gaps.index[gaps])
    lines = missing.table_shifted(found).layout.lines
    assert len(lines) == len(found.outcomes) * len(found.covariates) * 2
    assert all(len(x.cells) == len(SHIFTS) for x in lines)


@pytest.mark.parametrize("scope", [EVERYONE, COMPARED])
def test_a_cell_is_the_pooled_model_of_shifted_copies(
    study: Study, found: Shifted, scope: str
) -> None:
    """Every copy is fitted, where the program fits those that the shift changes."""
    copies, among = completed_copies(study), complete_cases_only(study)
    model = next(x for _, x in imputed_models(among) if x.outcome == "os")
    of = followed(among, model)
    held = copies.table.loc[copies.table["active_marrow"].isna(), "ino"]
    shift = np.where((held == "exposed") | (scope == EVERYONE), 2.0, 0.0)
    names = list(dict.fromkeys(model.variables))
    columns = copies.shifted("active_marrow", shift).of(names, of.patients.index)
    fits = exposure_in(among.groups, of.time, of.event, columns)
    pooled = pool_estimates(
        fits.coefficients[:, 0],
        fits.std_errors[:, 0] ** 2,
        complete_degrees_of_freedom=int(of.event.sum()) - columns.shape[1],
    )
    key = found.key("os", "active_marrow", "exposed", scope, 2.0)
    got = found.results.values(key, "hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    expected = np.exp([pooled.estimate, pooled.ci_low, pooled.ci_high])
    np.testing.assert_allclose(got, expected, rtol=1e-9)


def test_without_a_shift_no_value_moves_and_only_gaps_do(study: Study) -> None:
    copies = completed_copies(study)
    gaps = copies.table["active_marrow"].isna().to_numpy()
    none, much = (copies.shifted("active_marrow", np.full(gaps.sum(), x)) for x in (0.0, 30.0))
    before = copies.columns["active_marrow"]
    np.testing.assert_array_equal(none.columns["active_marrow"], before)
    np.testing.assert_array_equal(much.columns["active_marrow"][:, :, ~gaps], before[:, :, ~gaps])
    assert (much.columns["active_marrow"][:, :, gaps] == 1).all()
    for name in ("age_decades", "race_ethnicity_collapsed"):
        assert much.columns[name] is copies.columns[name]


def test_the_sentence_says_whether_an_interval_turns(found: Shifted) -> None:
    words = str(missing.words_on_shifted(found))
    for outcome, label in (("pfs", "Progression-free"), ("os", "Overall")):
        start = found.results.values(
            found.unshifted(outcome, "exposed"), "hazard_ratio_ci_low", "hazard_ratio_ci_high"
        )
        inside = [
            low <= 1 <= high
            for name in found.covariates
            for scope in (EVERYONE, COMPARED)
            for shift in SHIFTS
            for low, high in [
                found.results.values(
                    found.key(outcome, name, "exposed", scope, shift),
                    "hazard_ratio_ci_low",
                    "hazard_ratio_ci_high",
                )
            ]
        ]
        told = next(x for x in words.split("\n\n") if x.startswith(label))
        turned = any(x != (start[0] <= 1 <= start[1]) for x in inside)
        assert ("turns first" in told) == turned
        assert ("Every interval" in told) != turned


def test_of_many_patients_the_first_copies_are_shifted(study: Study, found: Shifted) -> None:
    key = found.key("os", "active_marrow", "exposed", EVERYONE, 2.0)
    assert found.results.row(key, "hazard_ratio").method.endswith("100 imputations")
    first = completed_copies(study).first(3)
    assert len(first.columns["active_marrow"]) == len(first.copies.values["active_marrow"]) == 3
    gaps = first.table["active_marrow"].isna().to_numpy()
    moved = first.shifted("active_marrow", np.zeros(gaps.sum()))
    np.testing.assert_array_equal(moved.columns["active_marrow"], first.columns["active_marrow"])


def test_where_counts_are_small_the_ratios_are_rounded_or_withheld(study_of: StudyOf) -> None:
    made = missing.shifted(study_of(small_cell=11, imputations=2))
    for row in made.results:
        if row.key.statistic == "hazard_ratio" and not isnan(row.value):
            assert row.value == round(row.value, 2)


def test_where_nothing_is_imputed_nothing_is_shifted(study_of: StudyOf) -> None:
    terms = {x: ["age_decades"] for x in ("baseline_terms", "as_published_terms")}
    made = missing.shifted(study_of(**terms))
    assert isinstance(made, Omitted)
    assert "no imputed value can be shifted" in made.reason


def test_a_gap_of_the_other_model_alone_is_not_shifted(study_of: StudyOf) -> None:
    made = missing.shifted(study_of(baseline_terms=["age_decades"], imputations=2))
    assert isinstance(made, Omitted)
    assert "Every covariate of the primary model is recorded" in made.reason
