"""The abbreviations of the report."""

from __future__ import annotations

from analysis_lib.appendix.files import read_words
from analysis_lib.appendix.markdown_table import MarkdownTable


def table_abbreviations() -> MarkdownTable:
    """Every abbreviation with its meaning, in alphabetical order."""
    columns = ("abbreviation", "meaning")
    rows = read_words("abbreviations.csv", columns)
    lines = sorted((row["abbreviation"], row["meaning"]) for row in rows)
    return MarkdownTable(("Abbreviation", "Meaning"), tuple(lines), (1, 4))
