"""The text of a built Word file, in the order of its body."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.table import Table


def word_text(path: Path) -> str:
    """Paragraphs and rows of tables, a line each."""
    lines: list[str] = []
    for block in Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            lines += [" ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)
