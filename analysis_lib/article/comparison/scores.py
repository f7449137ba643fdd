"""A comparison and the audit behind it as rows of the results table, and as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Audit,
)
from analysis_lib.article.claims.claim import KEY_COLUMNS
from analysis_lib.article.comparison.compare import (
    CONFLICTING,
    MISSED,
    NOT_COMPUTABLE,
    REPRODUCED,
    STATUSES,
    Compared,
    Comparison,
    Tally,
)
from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.together import count_missed, misses_of
from analysis_lib.article.comparison.words import ClaimWords, computed_text, written_difference
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key, Row, context
from analysis_lib.writing import csv_cell

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
    """Each number of the article; how many by section and verdict; the checks of the audit."""
    for one in published.comparison.counted:
        yield from _of_number(one)
    for analysis, counts in ((SCORE, True), (WITHOUT_COUNTS, False)):
        yield from _of_comparison(analysis, published.comparison, counts=counts)
    yield from _of_misses(published.comparison)
    yield from _of_audit(published.audit)


def _of_number(one: Compared) -> Iterator[Row]:
    """The printed number under its claim's name, and ours minus it where they differ."""
    here = context(one.claim.row(""))
    yield here.at("printed", one.claim.value, unit=one.claim.unit)
    if one.status != REPRODUCED and not math.isnan(one.difference):
        yield here.at("difference_from_printed", written_difference(one), unit=one.claim.unit)
        yield here.at("last_digits_from_printed", one.last_digits)


MISSES = ("missed_by_one", "missed_by_more", "missed_not_estimable")


def _of_misses(comparison: Comparison) -> Iterator[Row]:
    misses = misses_of(comparison)
    groups_of = (misses.close, misses.far, misses.unknown)
    for level, groups in zip(MISSES, groups_of, strict=True):
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


@dataclass(frozen=True)
class PlacedTally:
    """The numbers of a tally, each of which knows its row; `share` is that of the reproduced."""

    total: float
    share: float
    reproduced: float
    missed: float
    conflicting: float
    not_computable: float


class Scores:
    """The rows of a comparison, to be said in words and tables."""

    def __init__(self, published: PublishedComparison) -> None:
        self._values = {row.key: row.value for row in score_rows(published)}

    def tally(self, *, section: str = "", counts: bool = True) -> PlacedTally:
        """How many numbers there are of each status, of one section or of all."""
        variable = f"section_{section}" if section else ""
        whole = Key(SCORE if counts else WITHOUT_COUNTS, variable=variable, statistic="claims")
        share = whole._replace(level=LEVELS[REPRODUCED], statistic="proportion")
        by_status = (self._values[whole._replace(level=LEVELS[x])] for x in STATUSES)
        return PlacedTally(self._values[whole], self._values[share], *by_status)

    def misses(self, level: str) -> float:
        """How many are missed in one of the ways of `MISSES`."""
        return self._values[Key(SCORE, level=level, statistic="claims")]

    @property
    def conflicts(self) -> float:
        """Sets of numbers that no cohort can meet together."""
        return self._values[Key(SCORE, statistic="conflicts")]

    def audit(self, statistic: str, verdict: str = "") -> float:
        """A number of checks, of one verdict or of all."""
        return self._values[Key(AUDIT, level=LEVELS.get(verdict, ""), statistic=statistic)]


COLUMNS = (
    "claim_id", "section", "source", "what", *KEY_COLUMNS, "comparator", "printed", "unit",
    "computed", "computed_as_printed", "difference", "last_digits", "status", "conflict",
    "repeats",
)  # fmt: skip


def comparison_csv(comparison: Comparison, dictionary: Dictionary) -> str:
    """Every claim with the number computed; `repeats` names the claim that counts for it."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    words = ClaimWords(dictionary)
    for compared in comparison.claims:
        for line in _lines(compared, words):
            writer.writerow({name: csv_cell(value) for name, value in line.items()})
    return buffer.getvalue()


def _lines(compared: Compared, words: ClaimWords) -> list[dict[str, object]]:
    shown = not math.isnan(compared.computed)
    common = {
        "computed": repr(float(compared.computed)) if shown else "",
        "computed_as_printed": computed_text(compared) if shown else "",
        "difference": repr(float(compared.difference)) if shown else "",
        "last_digits": repr(float(compared.last_digits)) if shown else "",
        "status": compared.status,
        "conflict": compared.finding.explanation if compared.finding else "",
    }
    return [
        {
            "claim_id": claim.claim_id,
            "section": claim.section,
            "source": claim.source,
            "what": words.label(claim) if claim.in_scope else claim.note,
            **claim.key._asdict(),
            "comparator": claim.comparator,
            "printed": claim.printed,
            "unit": claim.unit,
            **common,
            "repeats": "" if claim is compared.claim else compared.claim.claim_id,
        }
        for claim in compared.printings
    ]
