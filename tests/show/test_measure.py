"""Text is broken and cut to the room that there is."""

from __future__ import annotations

import pytest

from analysis_lib.show.measure import text_width, wrap


@pytest.mark.parametrize("width", [12.0, 25.0, 40.0])
def test_wrapped_text_fits_its_width_and_loses_nothing(width: float) -> None:
    text = "Non-Hispanic White or immunohistochemistry-confirmed"
    wrapped = wrap(text, width)
    assert text_width(wrapped) <= width
    assert wrapped.replace("\n", "").replace(" ", "") == text.replace(" ", "")
