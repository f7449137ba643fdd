"""Sentences on hazards over time, means and the response contrast follow the numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from math import nan

import pytest

from analysis_lib.results.rows import Omitted
from analysis_lib.shown import inert
from analysis_lib.topics.over_time.numbers import (
    CHANGE,
    hazard_periods,
    proportionality,
    restricted_means,
)
from analysis_lib.topics.over_time.words import (
    describe_hazard_periods,
    describe_proportionality,
    describe_restricted_means,
)
from analysis_lib.topics.regression.response_contrast import response_contrast
from analysis_lib.topics.regression.words import describe_response_contrast

CAUSAL = re.compile(r"\b(effect|causes?|caused|due to|because of|protects?|harms?)\b", re.I)


def changed(analysis, key, **values):
    """The analysis with other numbers under one key."""
    new = {key._replace(statistic=name): value for name, value in values.items()}
    assert all(analysis.results.has(one) for one in new)
    rows = tuple(replace(row, value=new.get(row.key, row.value)) for row in analysis.results)
    return replace(analysis, results=replace(analysis.results, rows=rows))


@pytest.fixture(scope="module")
def periods(study):
    return hazard_periods(study, "pfs")


@pytest.fixture(scope="module")
def means(study):
    return restricted_means(study, "os")


@pytest.mark.parametrize(
    ("value", "low", "high", "phrase"),
    [
        (1.2, 0.5, 3.0, "by a factor of 1.20 (95% CI 0.50–3.00), P = .040: no clear change, and "),
        (2.5, 1.1, 5.0, "It rises after the cut by a factor of 2.50"),
        (0.4, 0.2, 0.9, "It falls after the cut by a factor of 0.40"),
        (nan, nan, nan, "By how much it changes at the cut cannot be estimated."),
    ],
)
def test_a_change_is_read_by_its_interval(periods, value, low, high, phrase):
    other = changed(
        periods,
        periods.contrast(CHANGE, "exposed"),
        hazard_ratio_change=value,
        hazard_ratio_change_ci_low=low,
        hazard_ratio_change_ci_high=high,
        p_value=0.04,
    )
    text = str(describe_hazard_periods(other))
    assert phrase in text
    assert "nan" not in text


@pytest.mark.parametrize(
    ("low", "high", "phrase"),
    [
        (-2.0, -0.5, "It is shorter in the InO-exposed group than in the InO-naïve group"),
        (0.5, 2.0, "It is longer in the InO-exposed group than in the InO-naïve group"),
        (-1.0, 2.0, "It does not differ clearly between the InO-exposed group and the InO-naïve"),
        (nan, nan, "no interval of the difference is estimable"),
    ],
)
def test_a_difference_of_means_is_read_by_its_interval(means, low, high, phrase):
    name = "restricted_mean_difference"
    key = means.contrast_key("exposed", 12.0)
    other = changed(means, key, **{f"{name}_ci_low": low, f"{name}_ci_high": high})
    first = str(describe_restricted_means(other)).split("Up to 18 months")[0]
    assert phrase in first
    assert first.startswith("Overall survival: up to 12 months, the mean time alive is ")


def test_an_event_is_said_as_it_was_written(study):
    named = replace(restricted_means(study, "pfs"), event=r"\input{x} or death")
    text = describe_restricted_means(named).text
    assert r"the mean time without \\input\{x\} or death is" in text
    assert inert(text) == text


def test_a_mean_beyond_the_follow_up_names_the_group(study_of):
    # A default time beyond a short follow-up is shown as not estimable; a chosen one is refused.
    short = study_of(data_lock="2022-08-30")
    text = str(describe_restricted_means(restricted_means(short, "pfs")))
    assert "the InO-exposed group follow-up ends before 18 months, so that the mean" in text
    assert "not estimable" in text


@pytest.mark.parametrize(
    ("p", "phrase"),
    [
        (0.3, "which is no proof that there is none"),
        (0.01, "a single one is an average over the follow-up"),
        (nan, "proportional hazards cannot be tested"),
    ],
)
def test_the_score_test_is_no_proof_of_proportional_hazards(study, p, phrase):
    found = proportionality(study, "os")
    checks = tuple(changed(check, check.key, ph_p_value=p) for check in found.checks)
    text = str(describe_proportionality(replace(found, checks=checks)))
    assert phrase in text
    assert "nan" not in text


def test_a_change_of_one_ratio_is_not_said_of_both(study):
    found = proportionality(study, "os")
    alone, beside = found.checks
    checks = (
        changed(alone, alone.key, ph_p_value=0.04),
        changed(beside, beside.key, ph_p_value=0.6),
    )
    text = str(describe_proportionality(replace(found, checks=checks)))
    assert "changes with time for the exposure alone, so that" in text
    assert "; beside the baseline covariates no change is evident." in text


def test_where_no_endpoint_reaches_the_cut_the_reason_is_said(periods):
    reason = Omitted("Nobody is followed for longer than 6 months.")
    assert describe_hazard_periods(reason, reason) is reason
    assert str(describe_hazard_periods(reason, periods)) == str(describe_hazard_periods(periods))


def test_no_sentence_claims_a_cause(study, periods, means):
    for prose in (
        describe_hazard_periods(periods),
        describe_restricted_means(means),
        describe_proportionality(proportionality(study, "pfs")),
        describe_response_contrast(response_contrast(study)),
    ):
        assert not CAUSAL.search(str(prose))
        assert not re.search(r"\bnan\b|None", str(prose))
