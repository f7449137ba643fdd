"""A paragraph computed from results, as the notebooks show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis_lib.format import is_suppressed
from analysis_lib.labels import as_markdown
from analysis_lib.printed import MIME, Notes, take_notes

LEFT_OUT = "Sentences are left out because small numbers of patients are suppressed."
_P_STATEMENT = re.compile(r"\bP ([=<>]) (?=\.?\d)")
_END = re.compile(r"(?<=[.!?])(?=\s)")


@dataclass(frozen=True)
class Prose:
    """Sentences in Markdown; a notebook shows the paragraph, not its representation."""

    text: str

    def __post_init__(self) -> None:
        if is_suppressed(self.text):
            object.__setattr__(self, "text", _without_suppressed(self.text))

    def __str__(self) -> str:
        return self.text

    @cached_property
    def numbers(self) -> Notes:
        """The numbers that were written for it: taken when it is first shown, as a cell does."""
        return take_notes()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {
            "text/markdown": _typeset(self.text),
            "text/plain": f"{len(self.text.split())} words",
            MIME: self.numbers,
        }


def _typeset(text: str) -> str:
    """*P* in italics, and no line that ends between it and its value."""
    return _P_STATEMENT.sub("*P*\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", text)


def _without_suppressed(text: str) -> str:
    """The text without the sentences that would state a suppressed number, and a word on it."""
    paragraphs = []
    for one in text.split("\n\n"):
        kept = "".join(x for x in _END.split(one) if not is_suppressed(x)).strip()
        if kept and kept != LEFT_OUT:
            paragraphs.append(kept)
    said = [x for x in paragraphs if x.endswith(LEFT_OUT)]
    return "\n\n".join([*paragraphs, *([] if said else [LEFT_OUT])])


def paragraph(*sentences: str) -> Prose:
    """The sentences that have something to say, in order."""
    return Prose(" ".join(sentence for sentence in sentences if sentence))


def escape(text: str) -> str:
    """Text from the data or the dictionary, inert in Markdown."""
    return as_markdown(text)
