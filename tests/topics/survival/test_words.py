"""Sentences on follow-up."""

from __future__ import annotations

from analysis_lib.topics.survival.numbers import followup
from analysis_lib.topics.survival.words import describe_followup


def test_follow_up_says_how_complete_it_is_by_arm(study):
    found = followup(study)
    text = str(describe_followup(found))
    shares = [
        f"{100 * row.value:.1f}%" for row in found.results if row.key.statistic == "completeness"
    ]
    assert len(shares) == 3
    assert f"{shares[0]} was (Clark's C): {shares[1]} in the InO-naïve group" in text
