"""A table of words in Markdown, as a notebook shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis_lib.format import take_notes
from analysis_lib.marks import Notes
from analysis_lib.shown import shown

WIDTH = 100  # characters that the dashes under the header share out


@dataclass(frozen=True)
class MarkdownTable:
    """Cells in Markdown, so that `@tbl-x` in a cell becomes a reference; `shares` are widths."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]

    @property
    def text(self) -> str:
        """A pipe table; its rows are longer than a line, so the dashes give the widths."""
        total = sum(self.shares)
        rule = ["-" * max(3, round(WIDTH * share / total)) for share in self.shares]
        return "\n".join(_line(cells) for cells in (self.header, rule, *self.rows))

    @cached_property
    def numbers(self) -> Notes:
        """The numbers that were written for it: taken when it is first shown, as a cell does."""
        return take_notes()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        plain = f"{len(self.rows)} rows, {len(self.header)} columns"
        return shown(plain, markdown=self.text, notes=self.numbers)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |"
