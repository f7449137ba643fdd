"""The text of a built Word file, in the order of its body."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.table import Table, _Row


def word_text(path: Path) -> str:
    """Paragraphs and rows of tables, a line each."""
    lines: list[str] = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            lines += [" ".join(_texts(row)) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _texts(row: _Row) -> list[str]:
    """The cells of a row; one that spans several columns stands once, as a reader sees it."""
    return [cell.text for cell in {cell._tc: cell for cell in row.cells}.values()]
