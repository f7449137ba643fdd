"""How many of the article's numbers come out here, and what that means, in sentences."""

from __future__ import annotations

import math

from analysis_lib.analyses import Omitted
from analysis_lib.comparison import PublishedComparison, Tally
from analysis_lib.format import format_count, format_percent
from analysis_lib.labels import listed
from analysis_lib.narrative.prose import Prose, paragraph


def describe_score(published: PublishedComparison | Omitted) -> Prose | Omitted:
    """How many numbers are reproduced, missed, conflicting and not computable."""
    if isinstance(published, Omitted):
        return published
    everything = published.comparison.tally()
    without = published.comparison.tally(counts=False)
    return paragraph(
        f"Of {format_count(everything.total)} numbers that the article prints about its patients "
        f"{format_count(everything.reproduced)} ({_share(everything)}) are reproduced to the "
        f"printed decimals, {format_count(everything.missed)} are missed, "
        f"{format_count(everything.conflicting)} conflict with other printed numbers and "
        f"{format_count(everything.not_computable)} cannot be computed here.",
        f"Without the numbers of patients it is {format_count(without.reproduced)} of "
        f"{format_count(without.total)} ({_share(without)}).",
        _departures(published),
    )


def summarize_score(published: PublishedComparison | Omitted) -> Prose:
    """The comparison in one sentence, for a summary; nothing where there is none."""
    if isinstance(published, Omitted):
        return paragraph()
    tally = published.comparison.tally()
    return paragraph(
        f"**Beside the article.** Of {format_count(tally.total)} numbers that the article prints "
        f"about its patients this report reproduces {format_count(tally.reproduced)} "
        f"({_share(tally)}); @sec-published shows each of them."
    )


def describe_agreement(published: PublishedComparison | Omitted) -> Prose | Omitted:
    """What it means, and what it does not, that numbers agree or do not."""
    if isinstance(published, Omitted):
        return published
    tally = published.comparison.tally()
    if published.label:
        return paragraph(
            "The records are synthetic; those that come with the project were constructed to meet "
            "numbers that the article prints. "
            f"That {format_count(tally.reproduced)} of them come out shows two things: records "
            "exist that have these numbers together, and this report computes them as the article "
            "must have done.",
            "It does not show that the article's patients were like these records, for other "
            "records would meet the same numbers; nor that its models, populations or tests were "
            "those used here; and it never shows that the study replicates, for no patient "
            "outside the article is in it.",
            "A miss tells of the construction or of an analysis that differs from the article's, "
            "never of a better estimate.",
        )
    return paragraph(
        "The patients of this report are not the article's, so its numbers are not expected to "
        "come out to the last digit, and a miss contradicts nothing.",
        "Whether an estimate here lies within the article's interval, and the article's within "
        "ours, tells more than the score; and two agreeing retrospective comparisons can share "
        "the same bias.",
    )


def _share(tally: Tally) -> str:
    return format_percent(tally.reproduced / tally.total if tally.total else math.nan)


def _departures(published: PublishedComparison) -> str:
    if not published.departures:
        return ""
    names = listed([f"`{name}`" for name in published.departures])
    return (
        f"This report was made with other parameters than the article's analysis ({names}); "
        "numbers that depend on them cannot be expected to agree."
    )
