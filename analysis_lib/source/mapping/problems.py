"""All that is wrong with a mapping, so that it can be mended in one go."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis_lib.errors import SourceError


@dataclass
class Problems:
    """Collects sentences of the form part, name, rule, remedy, and raises them together."""

    file: str
    sentences: list[str] = field(default_factory=list)

    def add(self, part: str, sentence: str) -> None:
        self.sentences.append(f"{part}: {sentence}")

    def raise_any(self) -> None:
        """Raise one SourceError that lists everything added, or do nothing."""
        if not self.sentences:
            return
        count = len(self.sentences)
        head = f"mapping {self.file}: {count} problem{'s' if count > 1 else ''}"
        raise SourceError("\n".join([head, *(f"  - {sentence}" for sentence in self.sentences)]))
