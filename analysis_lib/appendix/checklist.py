"""STROBE and RECORD, item by item, with the place in the report that answers each."""

from __future__ import annotations

from analysis_lib.appendix.files import read_words
from analysis_lib.appendix.markdown_table import MarkdownTable
from analysis_lib.format import format_count
from analysis_lib.narrative.prose import Prose, paragraph

COLUMNS = ("guideline", "item", "section", "asks", "places", "answered")
ANSWERS = {
    "report": "In this report",
    "authors": "For the authors to supply",
    "not applicable": "Not applicable",
}


def table_checklist(guideline: str) -> MarkdownTable:
    """The items of `STROBE` or `RECORD`, each with a link to its place."""
    lines = tuple(
        (row["item"], row["section"], row["asks"], _place(row))
        for row in _items()
        if row["guideline"] == guideline
    )
    return MarkdownTable(("Item", "Section", "What to report", "Where"), lines, (0.7, 1.8, 4, 2.6))


def describe_checklist() -> Prose:
    """How many items the report answers by itself, and how many it cannot."""
    items = _items()
    answered = sum(row["answered"] == "report" for row in items)
    left = sum(row["answered"] == "authors" for row in items)
    return paragraph(
        f"Of {format_count(len(items))} items the report answers {format_count(answered)}; "
        f"{format_count(left)} need what no data set holds and are for the authors to supply."
    )


def _items() -> list[dict[str, str]]:
    return read_words("reporting_checklist.csv", COLUMNS)


def _place(row: dict[str, str]) -> str:
    """References to the places that the report has, or who has to answer."""
    answer = ANSWERS[row["answered"]]
    places = ", ".join(f"@{place}" for place in row["places"].split())
    if row["answered"] == "report":
        return places
    return f"{answer}; see {places}" if places else answer
