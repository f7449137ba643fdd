"""STROBE and RECORD, item by item, with the place in the report that answers each."""

from __future__ import annotations

from collections import Counter

from analysis_lib.analyses.results import Key, Row, context
from analysis_lib.appendix.files import read_words
from analysis_lib.appendix.markdown_table import MarkdownTable
from analysis_lib.format import format_count
from analysis_lib.narrative.prose import Prose, paragraph

COLUMNS = ("guideline", "item", "section", "asks", "places", "answered")
ANALYSIS = "reporting_checklist"
# Words of the results table.
LEVELS = {"report": "in_report", "authors": "by_authors", "not applicable": "not_applicable"}
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
    counts = {row.key.level: row.value for row in checklist_rows()}
    return paragraph(
        f"Of {format_count(counts[''])} items the report answers "
        f"{format_count(counts[LEVELS['report']])}; {format_count(counts[LEVELS['authors']])} "
        "need what no data set holds and are for the authors to supply."
    )


def checklist_rows() -> tuple[Row, ...]:
    """The items of both guidelines by who answers them, for the results table."""
    answered = Counter(row["answered"] for row in _items())
    key = Key(ANALYSIS)
    return (
        context(key).at("items", answered.total()),
        *(
            context(key._replace(level=level)).at(
                "items", answered[answer], denominator=answered.total()
            )
            for answer, level in LEVELS.items()
        ),
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
