"""The article's numbers beside ours: a score by section, and every number with its verdict."""

from __future__ import annotations

from analysis_lib.article.comparison.compare import section_title
from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.scores import PlacedTally, Scores
from analysis_lib.article.comparison.together import Together, together
from analysis_lib.article.comparison.words import ClaimWords
from analysis_lib.format import NO_BREAK_SPACE, format_count, format_count_percent
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable

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


@unless_omitted
def table_scorecard(published: PublishedComparison) -> ReportTable:
    """Numbers by section and verdict, and how many are reproduced when counts are left out."""
    scores = Scores(published)
    titles = {x: section_title(x) for x in published.comparison.sections} | {"": ALL_SECTIONS}
    lines = [
        _score_line(title, scores.tally(section=x), scores.tally(section=x, counts=False))
        for x, title in titles.items()
    ]
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
    )
    return finish(Layout("scorecard", columns, tuple(lines), notes), published.results)


@unless_omitted
def table_published(published: PublishedComparison) -> ReportTable:
    """Every number of the article, where it is printed, ours, and the verdict; searchable."""
    words, comparison = ClaimWords(published.results.dictionary), published.comparison
    lines = [
        _number_line(group, words, section_title(section))
        for section in comparison.sections
        for group in together(comparison.of_section(section))
    ]
    columns = (
        Column("Number", 4.6),
        Column("Printed in", 2.2, align="left"),
        Column("Article", 1.9),
        Column("Ours", 1.9),
        Column("Difference", 1.9),
        Column("Verdict", 1.5, align="left"),
    )
    notes = (
        "In brackets the percent of a count, the range of a median, the interval of an estimate; "
        "each is a number of its own in the score. "
        "Difference: ours minus the printed number, both as written; nothing where all agree.",
        COUNTED,
        VERDICTS,
    )
    layout = Layout("published", columns, tuple(lines), notes)
    return finish(layout, published.results, searchable=True)


def _score_line(label: str, everything: PlacedTally, without_counts: PlacedTally) -> Line:
    others = (everything.missed, everything.conflicting, everything.not_computable)
    cells = (
        format_count(everything.total),
        _share(everything),
        *(format_count(count) for count in others),
        format_count(without_counts.total),
        _share(without_counts),
    )
    return Line(label, cells)


def _share(tally: PlacedTally) -> str:
    """Reproduced numbers and their share; only the number where there is none to reproduce."""
    if not tally.total:
        return format_count(0)
    return format_count_percent(tally.reproduced, tally.share)


def _number_line(numbers: Together, words: ClaimWords, section: str) -> Line:
    cells = (
        "; ".join(place.replace(", paragraph ", f"{NO_BREAK_SPACE}¶") for place in numbers.places),
        numbers.printed,
        numbers.computed,
        numbers.difference,
        numbers.verdict,
    )
    return Line(numbers.label(words), cells, group=section)
