"""The Markdown of a reference page: its frame and its tables."""

from __future__ import annotations

from collections.abc import Sequence

NOTICE = "<!-- Written by `cart-report document`; edit the definitions, not this page. -->\n"


def page(title: str, body: str) -> str:
    return f"{NOTICE}\n# {title}\n\n{body}"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Text of a cell; a `<` inside code stays what it is."""
    parts = text.replace("|", "\\|").split("`")
    return "`".join(x if i % 2 else x.replace("<", "&lt;") for i, x in enumerate(parts))
