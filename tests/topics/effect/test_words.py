"""Sentences on the ladder and the other choices follow the numbers, whatever these are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis_lib.article.words import describe_published_model
from analysis_lib.results.rows import Omitted
from analysis_lib.topics.effect.numbers import exposure_ladder, sensitivity_to_choices
from analysis_lib.topics.effect.words import (
    describe_baseline_terms,
    describe_ladder,
    describe_primary_models,
    describe_sensitivity,
)

CAUSAL = re.compile(r"\b(effect|causes?|caused|due to|because of|protects?|harms?)\b", re.I)
RATIO = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")


@pytest.fixture(scope="module")
def ladder(study):
    return exposure_ladder(study, "pfs")


def with_ratios(effect, ratio, low, high):
    """The effect with another hazard ratio in its results."""
    key = effect.contrast("exposed")
    changed = dict(zip([key._replace(statistic=x) for x in RATIO], (ratio, low, high), strict=True))
    rows = tuple(replace(r, value=changed.get(r.key, r.value)) for r in effect.results)
    return replace(effect, results=replace(effect.results, rows=rows))


def ladder_of(ladder, crude, among, adjusted):
    return replace(
        ladder,
        crude=with_ratios(ladder.crude, *crude),
        crude_among_adjusted=with_ratios(ladder.crude_among_adjusted, *among),
        baseline=with_ratios(ladder.baseline, *adjusted),
    )


@pytest.mark.parametrize(
    ("crude", "among", "adjusted", "phrases"),
    [
        (
            (1.6, 1.1, 2.4),
            (1.8, 1.2, 2.7),
            (1.4, 0.9, 2.2),
            (
                "first moves the estimate away from 1",
                "the adjustment moves the estimate towards 1",
                "Both crude intervals exclude 1 and the adjusted one contains it",
                "the interval includes a doubled hazard",
            ),
        ),
        (
            (1.2, 0.8, 1.8),
            (1.2, 0.8, 1.8),
            (0.9, 0.6, 1.4),
            (
                "first leaves the estimate where it is",
                "the adjustment moves the estimate to the other side of 1",
                "All three intervals contain 1, which is no evidence",
                "excludes both a halved and a doubled hazard",
            ),
        ),
        (
            (0.9, 0.6, 1.3),
            (0.7, 0.5, 0.95),
            (0.5, 0.3, 0.8),
            (
                "first moves the estimate away from 1, and so does the adjustment",
                "excludes 1 on the side of a lower hazard, though not every crude one",
            ),
        ),
        (
            (1.7, 1.1, 2.6),
            (1.5, 0.95, 2.4),
            (1.5, 0.9, 2.5),
            ("One crude interval and the adjusted one contain 1, which is no evidence",),
        ),
        (
            (1.7, 1.1, 2.6),
            (1.8, 1.2, 2.7),
            (2.0, 1.3, 3.0),
            ("on the side of a higher hazard, as do both crude ones",),
        ),
    ],
)
def test_the_ladder_reads_every_pattern_of_intervals(ladder, crude, among, adjusted, phrases):
    text = str(describe_ladder(ladder_of(ladder, crude, among, adjusted)))
    text = text.replace("without a covariate ", "first ")
    for phrase in phrases:
        assert phrase in text


def test_errors_by_centre_say_whether_they_decide_otherwise(ladder):
    own = str(describe_ladder(ladder))
    low, high = (
        ladder.results.value(ladder.baseline.contrast("exposed")._replace(statistic=x))
        for x in ("robust_ci_low", "robust_ci_high")
    )
    assert f"({ladder.errors.clusters} centres)" in own
    assert f"95% CI {low:.2f}–{high:.2f}" in own
    inside = (1.1, 1.05, 1.2) if low <= 1 <= high else (1.1, 0.9, 1.2)
    changed = ladder_of(ladder, inside, inside, inside)
    assert "and decides otherwise about 1" in str(describe_ladder(changed))
    without = replace(ladder, errors=Omitted("The extract records no centre."))
    assert "The extract records no centre." in str(describe_ladder(without))


def test_no_sentence_claims_a_cause(study, ladder):
    ladders = [ladder, exposure_ladder(study, "os")]
    for prose in (
        describe_ladder(*ladders),
        describe_published_model(study, *ladders),
        describe_sensitivity(sensitivity_to_choices(study)),
    ):
        assert not CAUSAL.search(str(prose))
        assert not re.search(r"\bnan\b|None", str(prose))


def test_the_articles_own_estimate_stands_beside_ours_where_it_is_about_this_exposure(
    study, study_of, ladder
):
    assert "the article prints 1.20 (0.71–2.03)" in str(describe_published_model(study, ladder))
    for parameters in ({"claims": ""}, {"exposure": "prior_blinatumomab"}):
        other = study_of(**parameters)
        text = str(describe_published_model(other, exposure_ladder(other, "pfs")))
        assert "the article prints" not in text
        named = "fixed-term" if "exposure" in parameters else "article's"
        assert f"{named} model (" in text


def test_an_interval_that_contains_1_is_never_read_as_equality(study, ladder):
    wide = replace(ladder, as_published=with_ratios(ladder.as_published, 1.2, 0.4, 3.1))
    text = str(describe_published_model(study, wide))
    assert "no evidence that there is no difference" in text
    assert "includes a halved and a doubled hazard" in text
    clear = replace(ladder, as_published=with_ratios(ladder.as_published, 1.8, 1.1, 3.1))
    assert "Our interval excludes 1" in str(describe_published_model(study, clear))


def test_without_the_articles_endpoint_its_model_is_left_out(study):
    found = describe_published_model(study, exposure_ladder(study, "os"))
    assert isinstance(found, Omitted)


def test_the_terms_and_the_missing_are_counted(study, ladder, dictionary):
    text = str(describe_baseline_terms(ladder))
    effect = ladder.baseline
    assert f"{effect.fit.n} of {len(study.patients)} infused patients" in text
    for name, count in effect.excluded.items():
        assert f": {count}" in text and dictionary[name].label.lower()[1:] in text.lower()
    same = replace(ladder, left_out=("ph_positive",))
    assert "The same in every patient, and so left out: Ph+ disease." in str(
        describe_baseline_terms(same)
    )


def test_choices_that_decide_otherwise_are_named(study, ladder):
    sensitivity = sensitivity_to_choices(study)
    family = sensitivity.families[1]
    chosen = with_ratios(family.chosen, 1.5, 0.9, 2.4)
    others = [with_ratios(x, 1.4 + i / 10, 0.9, 2.4) for i, x in enumerate(family.others)]
    others[1] = with_ratios(family.others[1], 1.9, 1.1, 3.0)
    changed = replace(family, chosen=chosen, others=tuple(others))
    text = str(describe_sensitivity(replace(sensitivity, families=(changed,))))
    assert "under 5 other choices it lies between 1.40 and 1.90" in text
    assert "contains 1; it excludes it under: a missing category is a level." in text
    alike = replace(changed, others=(with_ratios(family.others[0], 1.5, 0.9, 2.4),))
    text = str(describe_sensitivity(replace(sensitivity, families=(alike,), left_out=("So.",))))
    assert "The interval" not in text
    name = "Assessed non-response is an event (event-free survival)"
    assert f"{name}: this changes neither patients nor events." in text
    assert text.endswith("\n\nSo.")
    moved = replace(changed, others=(with_ratios(family.others[0], 1.6, 0.9, 2.8),))
    text = str(describe_sensitivity(replace(sensitivity, families=(moved,))))
    assert "The interval contains 1 under each of them." in text


def test_groups_without_an_estimate_are_named_together(study_of):
    """Nobody died in two of these centres."""
    parameters = {"exposure": "centre", "candidates": ["sex"], "as_published_terms": []}
    parameters |= {"baseline_terms": ["age_decades"], "endpoints": ["os"]}
    parameters |= {"include": {"centre": ["C08", "C11", "C14", "C20"]}}
    study = study_of(**parameters)
    ladder = exposure_ladder(study, "os")
    text = str(describe_ladder(ladder))
    assert text.count("for C11 and C20, so the rungs cannot be compared") == 1
    sensitivity = sensitivity_to_choices(study)
    text = str(describe_sensitivity(sensitivity))
    assert text.count("there is no estimate to compare for C11 and C20.") == 2


def test_each_primary_model_says_what_it_rests_on(study, ladder):
    ladders = [ladder, exposure_ladder(study, "os")]
    texts = str(describe_primary_models(*ladders)).split("\n\n")
    for text, one in zip(texts, ladders, strict=True):
        fit = one.baseline.fit
        assert text.startswith(f"{one.outcome_label}: the model spends {fit.degrees_of_freedom} ")
        assert f"on {fit.events} events" in text
        assert "roportional hazards" in text
