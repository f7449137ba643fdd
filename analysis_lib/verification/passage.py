"""One piece of a report's text: a sentence, a row of a table, a caption or a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.verification.masked import Masked, mask

# After a full stop, where a capital, a digit or an opening bracket begins what follows.
_SENTENCE = re.compile(r"(?<=[a-z)\]%0-9][.!?])\s+(?=[A-Z(\[])")

TEXT, ROW, HEADING = "text", "row", "heading"


@dataclass(frozen=True)
class Passage:
    """`place` is the label under which a reader finds it.

    A row of a table is never parted by a page; a heading of its columns may come again.
    """

    place: str
    text: str
    kind: str = TEXT

    @cached_property
    def masked(self) -> Masked:
        return mask(self.text)


def sentences(place: str, text: str) -> Iterator[Passage]:
    """The sentences of a paragraph, each a passage."""
    for sentence in _SENTENCE.split(" ".join(text.split())):
        if sentence:
            yield Passage(place, sentence)
