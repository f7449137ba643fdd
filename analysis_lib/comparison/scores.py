"""The scores of a comparison, and of the audit behind it, as rows of the results table."""

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
    Comparison,
    Tally,
)
from analysis_lib.comparison.published import PublishedComparison

SCORE = "published_score"
WITHOUT_COUNTS = "published_score_without_counts"
AUDIT = "published_audit"
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
    """Numbers of the article by section and verdict, with and without counts, and the audit's."""
    for analysis, counts in ((SCORE, True), (WITHOUT_COUNTS, False)):
        yield from _of_comparison(analysis, published.comparison, counts=counts)
    yield from _of_audit(published.audit)


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
