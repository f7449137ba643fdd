"""What is repeated by the thousand is computed in a random part of many patients, and says so."""

from __future__ import annotations

import pytest

from analysis_lib.estimates import random_part as of_part
from analysis_lib.estimates.random_part import DRAWN_FROM, origin_sentence, random_part
from analysis_lib.topics.consolidation.cloned import consolidation_strategies
from analysis_lib.topics.consolidation.simulated import consolidation_simulation_results
from analysis_lib.topics.consolidation.simulation_words import describe_consolidation_simulation
from analysis_lib.topics.consolidation.words import describe_strategies
from analysis_lib.topics.missing.imputed import imputed_effects
from analysis_lib.topics.missing.shifted import ANALYSIS, shifted_effects
from analysis_lib.topics.missing.words import describe_imputed
from analysis_lib.topics.screening.bootstrap import screen_bootstrap_results
from analysis_lib.topics.screening.numbers import (
    screen_coverage,
    screen_simulation_results,
    screen_stability,
)
from analysis_lib.topics.screening.words import describe_screen_coverage, describe_screen_stability
from analysis_lib.topics.specifications import numbers as specifications
from analysis_lib.topics.specifications.choices import all_choices
from analysis_lib.topics.specifications.words import describe_specification_curve
from analysis_lib.topics.standardised.numbers import standardised_survival
from analysis_lib.topics.standardised.words import describe_standardised

MOST = 150


@pytest.fixture
def many(study_of, monkeypatch):
    """The embedded cohort where it is more than can be taken."""
    monkeypatch.setattr(of_part, "MOST", MOST)
    return study_of(bootstrap_resamples=11, imputations=3)


def test_few_patients_are_all_taken(study) -> None:
    assert random_part(study) is study


def test_many_patients_are_drawn_once_without_replacement(many) -> None:
    part = random_part(many)
    assert part is random_part(many)
    assert len(part.patients) == MOST
    assert part.patients.index.is_unique
    assert part.patients.equals(many.patients.loc[part.patients.index])
    assert not part.patients.index.equals(many.patients.index[:MOST])


def test_what_is_computed_in_a_part_says_of_how_many(many) -> None:
    sentence = "This was computed in 150 drawn at random of 189 patients."
    standardised = standardised_survival(many, "os")
    strategies, imputed = consolidation_strategies(many, "os"), imputed_effects(many)
    assert standardised.results.value(standardised.whole, "n") <= MOST
    assert standardised.results.value(standardised.whole, DRAWN_FROM) == len(many.patients)
    assert imputed.patients == MOST
    shifted = shifted_effects(many)
    assert {row.n <= MOST for row in shifted.results if row.key.analysis == ANALYSIS} == {True}
    for text in (
        describe_standardised(standardised),
        describe_strategies(strategies),
        describe_imputed(imputed),
    ):
        assert str(text).count(sentence) == 1


def test_nothing_is_said_of_a_part_where_it_is_everyone(study_of) -> None:
    imputed = imputed_effects(study_of(imputations=3))
    assert origin_sentence(imputed.results, imputed.pairs[0].imputed.key) == ""
    assert not any(row.key.statistic == DRAWN_FROM for row in imputed.results)


def test_a_release_says_of_how_many_a_part_was_drawn(study_of, monkeypatch) -> None:
    """Everyone is counted in every release, and the part is as large as the method makes it."""
    monkeypatch.setattr(of_part, "MOST", MOST)
    imputed = imputed_effects(study_of(imputations=3, small_cell=11))
    sentence = origin_sentence(imputed.results, imputed.pairs[0].imputed.key)
    assert sentence == "This was computed in 150 drawn at random of 189 patients."


def test_what_is_repeated_says_of_how_many(many, study_of, monkeypatch) -> None:
    sentence = "This was computed in 150 drawn at random of 189 patients."
    simulated = consolidation_simulation_results(many, cohorts=6)
    coverage = screen_coverage(many, screen_simulation_results(many, cohorts=6))
    stability = screen_stability(many, screen_bootstrap_results(many))
    several = [choices for choices in all_choices() if choices.missing == "complete"]
    monkeypatch.setattr(specifications, "all_choices", lambda: several)
    curve = specifications.specification_curve(many)
    for text in (
        describe_consolidation_simulation(simulated),
        describe_screen_coverage(coverage),
        describe_screen_stability(stability),
        describe_specification_curve(curve),
    ):
        assert str(text).count(sentence) == 1
    assert max(point.n for point in curve.points) <= MOST
    assert {row.n is None or row.n <= MOST for row in simulated} == {True}
