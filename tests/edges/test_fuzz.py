"""A few random inputs in every run; `make soak` tries thousands."""

from __future__ import annotations

import importlib.util

import pytest


@pytest.mark.skipif(not importlib.util.find_spec("hypothesis"), reason="needs hypothesis")
def test_random_inputs_are_answered_in_words(tmp_path):
    from fuzz_inputs import fuzz

    tally = fuzz(tmp_path, 15)
    assert tally.failures == [] and tally.tried >= 45
