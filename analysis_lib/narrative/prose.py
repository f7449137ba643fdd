"""A paragraph computed from results, as the notebooks show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Prose:
    """Sentences in Markdown; a notebook shows the paragraph, not its representation."""

    text: str

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.text, "text/plain": f"{len(self.text.split())} words"}


def paragraph(*sentences: str) -> Prose:
    """The sentences that have something to say, in order."""
    return Prose(" ".join(sentence for sentence in sentences if sentence))


def escape(text: str) -> str:
    """Text from the data or the dictionary, inert in Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~^$@" else c for c in text)
