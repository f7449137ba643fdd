"""Sentences on estimands, balance, positivity and the unmeasured follow the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.topics.weighting.numbers import exposure_propensity, weigh_groups
from analysis_lib.topics.weighting.positivity import EmptyCell, check_positivity
from analysis_lib.topics.weighting.positivity_words import describe_positivity
from analysis_lib.topics.weighting.survival import weighted_survival
from analysis_lib.topics.weighting.unmeasured import e_values, leave_one_centre_out
from analysis_lib.topics.weighting.words import (
    describe_balance,
    describe_e_values,
    describe_leave_one_out,
    describe_propensity,
    describe_weighted_survival,
)


@pytest.fixture(scope="module")
def propensity(study):
    return exposure_propensity(study)


@pytest.fixture(scope="module")
def weighting(study, propensity):
    return weigh_groups(study)


def with_values(part, statistic, value, **where):
    """The part with some numbers of its results changed."""
    rows = tuple(
        replace(r, value=value)
        if r.key.statistic == statistic
        and all(getattr(r.key, name) == x for name, x in where.items())
        else r
        for r in part.results
    )
    return replace(part, results=replace(part.results, rows=rows))


def test_balance_names_what_still_differs(weighting):
    text = str(describe_balance(weighting))
    assert "Under overlap weights none does (largest 0.00)" in text
    where = {"analysis": "weighting_overlap", "variable": "prior_hct"}
    worse = with_values(weighting, "standardized_difference", 0.2, **where)
    assert "1 of them still does: prior allogeneic HCT (largest 0.20)" in str(
        describe_balance(worse)
    )


@pytest.mark.parametrize(
    ("low", "high", "phrase"),
    [
        (1.1, 2.4, "excludes 1 on the side of a higher hazard"),
        (0.3, 0.9, "excludes 1 on the side of a lower hazard"),
        (0.9, 2.2, "no clear difference: the interval includes a doubled hazard"),
    ],
)
def test_the_reading_follows_the_overlap_weighted_interval(study, weighting, low, high, phrase):
    one = weighted_survival(study, "pfs")
    *others, overlap = one.effects
    for limit, value in (("low", low), ("high", high)):
        overlap = with_values(overlap, f"hazard_ratio_ci_{limit}", value)
    text = str(describe_weighted_survival(replace(one, effects=(*others, overlap))))
    assert phrase in text


def test_flags_name_levels_groups_and_counts(study, propensity):
    positivity = check_positivity(study)
    text = str(describe_positivity(positivity))
    assert "Every level of every categorical covariate occurs in every group." in text
    assert "with timing of InO: bridging InO have any bridging therapy" in text
    assert "below 5% or above 95%" in text
    cells = (
        EmptyCell("cns_involvement", "yes", "exposed", 30, 1e-6),
        EmptyCell("prior_hct", "yes", "naive", 1, 0.5),
    )
    flagged = str(describe_positivity(replace(positivity, empty=cells)))
    assert "CNS involvement at apheresis (30 patients) in the InO-exposed group." in flagged
    assert "1 level is missing in a group where chance could leave it out." in flagged
    none = replace(positivity, nested=(), propensity=Omitted("Too few."))
    assert "No level of one covariate lies within" in str(describe_positivity(none))


def test_e_values_say_whether_the_interval_contains_1_already(study):
    values = e_values(study)
    where = {"analysis": "cox_ladder_baseline"}
    inside = with_values(values, "e_value_limit", 1.0, **where)
    assert "its interval contains 1 already" in str(describe_e_values(inside))
    outside = with_values(values, "e_value_limit", 1.25, **where)
    assert "by 1.25 each to move its interval to 1" in str(describe_e_values(outside))


def test_leaving_a_centre_out_says_how_many_change_the_verdict(study):
    part = leave_one_centre_out(study, "os")
    one, other, *_ = part.without["exposed"]
    wide = replace(one, coefficient=0.3, std_error=0.4)
    clear = replace(other, coefficient=0.9, std_error=0.1)
    effect = part.effect
    for limit, value in (("low", 1.2), ("high", 3.0)):
        effect = with_values(effect, f"hazard_ratio_ci_{limit}", value)
    changed = replace(part, effect=effect, without={"exposed": (wide, clear)})
    assert "without one of them the interval says otherwise" in str(describe_leave_one_out(changed))
    same = replace(changed, without={"exposed": (clear, clear)})
    assert "whichever centre is left out" in str(describe_leave_one_out(same))


def test_what_is_left_out_is_returned_in_place_of_the_sentence(study):
    gone = Omitted("Nothing to weigh by.")
    assert describe_balance(gone) is gone
    assert describe_propensity(gone) is gone
    assert describe_weighted_survival(gone, gone) is gone
    assert describe_leave_one_out(gone) is gone
