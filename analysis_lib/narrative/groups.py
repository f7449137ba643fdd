"""Counts and contrasts of the groups, as parts of sentences."""

from __future__ import annotations

from analysis_lib.analyses import Key, Results
from analysis_lib.cohort import Grouping
from analysis_lib.format import format_count, format_p_statement, format_percent
from analysis_lib.labels import listed
from analysis_lib.narrative.phrases import difference_sentence, estimate_of
from analysis_lib.narrative.prose import escape


def group_counts(results: Results, groups: Grouping, key: Key) -> str:
    """`75 of 85 (88%) in the InO-exposed group and ...`, the reference last.

    `key.population` is the base; each group's own population is made from it.
    """
    parts = []
    for level in (*groups.levels[1:], groups.reference):
        where = f"{key.population}[{groups.variable}={level}]"
        row = results.row(key._replace(population=where, statistic="proportion"))
        count = results.value(row.key._replace(statistic="count"))
        numbers = f"{format_count(count)} of {format_count(row.denominator or 0)}"
        share = f" ({format_percent(row.value)})" if row.denominator else ""
        parts.append(f"{numbers}{share} in {escape(groups.phrase_of(level))}")
    return listed(parts)


def group_contrasts(results: Results, groups: Grouping, key: Key, what: str) -> str:
    """Each group against the reference; of more than two groups the test is told apart."""
    p_value = results.value(key._replace(contrast=groups.contrast, statistic="p_value"))
    sentences = []
    for level in groups.levels[1:]:
        at = key._replace(contrast=f"{level}_vs_{groups.reference}")
        sentences.append(
            difference_sentence(
                what,
                escape(groups.phrase_of(level)),
                escape(groups.phrase_of(groups.reference)),
                estimate_of(results, at, "difference"),
                p_value if len(groups.levels) == 2 else None,
            )
        )
    if len(groups.levels) > 2:
        sentences.append(f"The test over all groups gives {format_p_statement(p_value)}.")
    return " ".join(sentences)
