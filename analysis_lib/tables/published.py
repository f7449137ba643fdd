"""The article's numbers beside ours: a score by section, and every number with its verdict."""

from __future__ import annotations

from analysis_lib.analyses import Omitted
from analysis_lib.comparison import (
    ClaimWords,
    Compared,
    PublishedComparison,
    Tally,
    computed_text,
    difference_text,
    printed_text,
    section_title,
)
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_count, format_count_percent
from analysis_lib.tables.layout import Column, Layout, Line
from analysis_lib.tables.notes import finish
from analysis_lib.tables.report_table import ReportTable

EVERYTHING, WITHOUT_COUNTS = "All numbers", "Without counts"
ALL_SECTIONS = "All sections"
COUNTED = (
    "A number that the article prints in several places counts once. Numbers about other studies "
    "and about the design are left out."
)
VERDICTS = (
    "Reproduced: ours, rounded half up to the printed decimals, is the printed number, or keeps "
    "the printed bound. Conflicting: missed, and part of a set of printed numbers that no cohort "
    "can meet together. Not computable: this report has no such result."
)


def table_scorecard(published: PublishedComparison | Omitted) -> ReportTable | Omitted:
    """Numbers by section and verdict, and how many are reproduced when counts are left out."""
    if isinstance(published, Omitted):
        return published
    comparison = published.comparison
    lines = [
        _score_line(
            section_title(section),
            comparison.tally(section=section),
            comparison.tally(section=section, counts=False),
        )
        for section in comparison.sections
    ]
    lines.append(_score_line(ALL_SECTIONS, comparison.tally(), comparison.tally(counts=False)))
    columns = (
        Column("Section", 2.6),
        Column("Total", 0.8, EVERYTHING),
        Column("Reproduced", 1.4, EVERYTHING),
        Column("Missed", 0.9, EVERYTHING),
        Column("Conflicting", 1.1, EVERYTHING),
        Column("Not\ncomputable", 1.2, EVERYTHING),
        Column("Total", 0.8, WITHOUT_COUNTS),
        Column("Reproduced", 1.4, WITHOUT_COUNTS),
    )
    notes = (
        "Numbers are n or n (%). Without counts: the same without numbers of patients.",
        COUNTED,
        VERDICTS,
    )
    return finish(Layout("scorecard", columns, tuple(lines), notes), published.results)


def table_published(
    published: PublishedComparison | Omitted, *, dictionary: Dictionary
) -> ReportTable | Omitted:
    """Every number of the article, where it is printed, ours, and the verdict; searchable."""
    if isinstance(published, Omitted):
        return published
    words, comparison = ClaimWords(dictionary), published.comparison
    lines = [
        _number_line(compared, words, section_title(section))
        for section in comparison.sections
        for compared in comparison.of_section(section)
    ]
    columns = (
        Column("Number", 4.4),
        Column("Patients", 3.0, align="left"),
        Column("Printed in", 2.4, align="left"),
        Column("Article", 1.1),
        Column("Ours", 1.1),
        Column("Difference", 1.2),
        Column("Verdict", 1.5, align="left"),
    )
    notes = (
        "Patients: all where nothing is said. Difference: ours minus the article's, both as "
        "written; nothing where they agree.",
        COUNTED,
        VERDICTS,
    )
    layout = Layout("published", columns, tuple(lines), notes)
    return finish(layout, published.results, searchable=True)


def _score_line(label: str, everything: Tally, without_counts: Tally) -> Line:
    others = (everything.missed, everything.conflicting, everything.not_computable)
    cells = (
        format_count(everything.total),
        _share(everything),
        *(format_count(count) for count in others),
        format_count(without_counts.total),
        _share(without_counts),
    )
    return Line(label, cells)


def _share(tally: Tally) -> str:
    """Reproduced numbers and their share; only the number where there is none to reproduce."""
    if not tally.total:
        return format_count(0)
    return format_count_percent(tally.reproduced, tally.reproduced / tally.total)


def _number_line(compared: Compared, words: ClaimWords, group: str) -> Line:
    claim = compared.claim
    places = dict.fromkeys(one.source for one in compared.printings)
    cells = (
        words.patients(claim.key),
        "; ".join(places),
        printed_text(claim),
        computed_text(compared),
        difference_text(compared),
        compared.status,
    )
    return Line(words.number(claim), cells, group=group)
