"""A comparison and the audit behind it as rows of the results table: numbers, scores, checks."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis_lib.analyses.results import Key, Row, context
from analysis_lib.audit import Audit
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE
from analysis_lib.comparison.compared import (
    CONFLICTING,
    MISSED,
    NOT_COMPUTABLE,
    REPRODUCED,
    STATUSES,
    Compared,
    Comparison,
    Tally,
)
from analysis_lib.comparison.misses import count_missed, misses_of
from analysis_lib.comparison.published import PublishedComparison
from analysis_lib.comparison.written import written_difference

SCORE = "published_score"
WITHOUT_COUNTS = "published_score_without_counts"
AUDIT = "published_audit"
NUMBER = "published_number"
# Words of the results table: a level has no space.
LEVELS = {
    REPRODUCED: "reproduced",
    MISSED: "missed",
    CONFLICTING: "conflicting",
    NOT_COMPUTABLE: "not_computable",
    IMPOSSIBLE: "impossible",
    NEEDS_ANOTHER: "needs_another",
    NOT_CHECKABLE: "not_checkable",
    CONSISTENT: "consistent",
}


def score_rows(published: PublishedComparison) -> Iterator[Row]:
    """Each number of the article; how many by section and verdict; the checks of the audit."""
    for one in published.comparison.counted:
        yield from _of_number(one)
    for analysis, counts in ((SCORE, True), (WITHOUT_COUNTS, False)):
        yield from _of_comparison(analysis, published.comparison, counts=counts)
    yield from _of_misses(published.comparison)
    yield from _of_audit(published.audit)


def _of_number(one: Compared) -> Iterator[Row]:
    """The printed number under its claim's name, and ours minus it where they differ."""
    here = context(Key(NUMBER, level=one.claim.claim_id))
    yield here.at("printed", one.claim.value, unit=one.claim.unit)
    if one.status != REPRODUCED and not math.isnan(one.difference):
        yield here.at("difference_from_printed", written_difference(one), unit=one.claim.unit)
        yield here.at("last_digits_from_printed", one.last_digits)


def _of_misses(comparison: Comparison) -> Iterator[Row]:
    misses = misses_of(comparison)
    for level, groups in (
        ("missed_by_one", misses.close),
        ("missed_by_more", misses.far),
        ("missed_not_estimable", misses.unknown),
    ):
        yield context(Key(SCORE, level=level)).at("claims", count_missed(groups))
    yield context(Key(SCORE)).at("conflicts", len(comparison.conflict_sets))


def _of_comparison(analysis: str, comparison: Comparison, *, counts: bool) -> Iterator[Row]:
    for section in ("", *comparison.sections):
        variable = f"section_{section}" if section else ""
        tally = comparison.tally(section=section, counts=counts)
        yield from _of_tally(Key(analysis, variable=variable), tally)


def _of_tally(key: Key, tally: Tally) -> Iterator[Row]:
    yield context(key).at("claims", tally.total)
    for status, count in zip(STATUSES, tally.counts, strict=True):
        here = context(key._replace(level=LEVELS[status]))
        yield here.at("claims", count, denominator=tally.total)
        if status == REPRODUCED:
            share = count / tally.total if tally.total else math.nan
            yield here.at("proportion", share, unit="proportion", denominator=tally.total)


def _of_audit(audit: Audit) -> Iterator[Row]:
    all_checks = context(Key(AUDIT))
    yield all_checks.at("checks", len(audit.findings))
    yield all_checks.at("checks_agreeing", len(audit.findings) - len(audit.notable))
    for verdict in (IMPOSSIBLE, NEEDS_ANOTHER, NOT_CHECKABLE, CONSISTENT):
        found = audit.of_verdict(verdict)
        here = context(Key(AUDIT, level=LEVELS[verdict]))
        yield here.at("checks", len(found), denominator=len(audit.findings))
        yield here.at("checks_notable", sum(x.notable for x in found), denominator=len(found))
