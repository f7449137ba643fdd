from __future__ import annotations

import pytest

from analysis_lib.intake.likeness import match_levels


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
