"""Which numbers were written, and how: the trace by which a built report is verified.

`format` notes every number that it writes; what a notebook shows takes the notes of what went into
it along, so that each number on a page can be led back to a row of the results.
"""

from __future__ import annotations

MIME = "application/vnd.cart-report.numbers+json"

Notes = list[list[object]]  # [text, value], each once

_notes: dict[tuple[str, float], None] = {}


def note(text: str, value: float) -> str:
    """Note that a value was written as this text, and return the text."""
    _notes[text, float(value)] = None
    return text


def take_notes() -> Notes:
    """What was written since it was last asked for."""
    taken: Notes = [[text, value] for text, value in _notes]
    _notes.clear()
    return taken
