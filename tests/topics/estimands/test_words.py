"""Sentences on selection and roles hold for any exposure."""

from __future__ import annotations

from analysis_lib.topics.estimands.numbers import study_estimands
from analysis_lib.topics.estimands.words import describe_roles, describe_selection


def test_selection_and_roles_are_said_of_any_exposure(study, study_of):
    text = str(describe_selection(study_estimands(study)))
    assert f"All {len(study.patients)} patients were infused." in text
    assert "median time from apheresis to infusion" in text
    own = str(describe_roles(study_estimands(study)))
    assert "can confound but not mediate: age, per 10 years;" in own
    assert "answers another question" in own
    other = str(describe_roles(study_estimands(study_of(exposure="marrow_status"))))
    assert "Fixed by the exposure itself: active marrow disease" in other
    assert "InO" not in other
