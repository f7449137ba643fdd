"""A table of words whose cells may refer to other places of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        plain = f"{len(self.rows)} rows, {len(self.header)} columns"
        return {"text/markdown": self.text, "text/plain": plain}


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |"
