"""A P value that no usual test of the printed rows gives: what else may it be?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import MISSING, Comparison, against_rest, fractions
from analysis_lib.article.audit.printed import Pair, Window, cuts_off_to_p, prints_p, window
from analysis_lib.article.audit.readings import (
    MISSING_AS_LEVEL,
    Reading,
    further_readings,
    readings_of,
)
from analysis_lib.article.audit.tests_of_counts import (
    FISHER,
    PEARSON,
    RANK_SUM,
    RANK_SUM_CORRECTED,
    TREND,
    battery,
    rarer_tests,
)
from analysis_lib.article.audit.words import say_p
from analysis_lib.article.claims.claim import Claim

_FEWEST = 8  # P values that show which tests an article uses
_NAMED = (PEARSON, FISHER, TREND, RANK_SUM, RANK_SUM_CORRECTED)  # what such an article can add
_NOT_OF_COUNTS = re.compile(
    r"\b(gr[ae]y|log-?rank|adjusted|multivaria\w+|regression|cox|corrected|bonferroni|weighted)\b",
    re.IGNORECASE,
)


def names_another_test(claim: Claim) -> bool:
    """Whether the article says that a P value is of a model or of times, not of counts alone."""
    return bool(_NOT_OF_COUNTS.search(f"{claim.p_scope} {claim.note}"))


def other_explanation(comparison: Comparison, readings: Sequence[Reading], article: Article) -> str:
    """What else gives a P value, the least strained first; empty where nothing that was tried."""
    p, only_named = comparison.p, _uses_named_tests_alone(comparison, article)
    plain = [reading for reading in readings if reading.strain <= MISSING_AS_LEVEL]
    return (
        _of_other_sizes(comparison, article)
        or _rarer(plain, p, only_named)
        or ("" if only_named else _cut_off(plain, p))
        or _of_some_levels(comparison, readings, only_named, article)
        or ("" if only_named else _between_tests(plain, p))
        or _of_grades(comparison, article)
        or _over_time(comparison, article)
    )


def _of_other_sizes(comparison: Comparison, article: Article) -> str:
    """Tests of an outcome in columns whose percents tell other sizes than are printed."""
    totals, levels = comparison.denominators(), [x for x in comparison.rows if x != MISSING]
    counts = comparison.counts(levels[0]) if len(levels) == 1 else None
    if totals is None or counts is None:
        return ""
    others = [
        article.sizes_of_column(group, size)
        for group, size in zip(comparison.groups, totals, strict=True)
    ]
    for pair in ((a, b) for a in others[0] for b in others[1] if (a, b) != totals):
        found = battery(against_rest(counts, pair)) if _fits(counts, pair) else {}
        for test, exact in found.items():
            if prints_p(exact, comparison.p):
                return f"{test} of {fractions(counts, pair)} ({say_p(exact)}), as the columns are"
    return ""


def _fits(counts: Pair, totals: Pair) -> bool:
    return all(count <= total for count, total in zip(counts, totals, strict=True))


def _rarer(readings: Iterable[Reading], p: Claim, only_named: bool) -> str:
    fitting = (
        f"{test} of {reading.words} ({say_p(found)})"
        for reading in readings
        for test, found in rarer_tests(reading.table).items()
        if prints_p(found, p) and (test in _NAMED or not only_named)
    )
    return next(fitting, "")


def _cut_off(readings: Iterable[Reading], p: Claim) -> str:
    fitting = (
        f"{test} of {reading.words} ({say_p(found)}), cut off instead of rounded"
        for reading in readings
        for test, found in {**reading.p_values, **rarer_tests(reading.table)}.items()
        if cuts_off_to_p(found, p)
    )
    return next(fitting, "")


def _of_some_levels(
    comparison: Comparison, readings: Sequence[Reading], only_named: bool, article: Article
) -> str:
    """Of every table that the printed rows allow the tests that the article can be using."""
    p, further = comparison.p, list(further_readings(comparison, article))
    strained = [reading for reading in readings if reading.strain > MISSING_AS_LEVEL]
    tried = [
        (reading, test, found)
        for reading in (*strained, *further)
        for test, found in {**battery(reading.table), **rarer_tests(reading.table)}.items()
        if test in (PEARSON, FISHER) or not only_named
    ]
    fitting = [
        f"{test} of {reading.words} ({say_p(found)})"
        for reading, test, found in tried
        if prints_p(found, p) or (not only_named and cuts_off_to_p(found, p))
    ]
    if not fitting:
        return ""
    give = "gives" if len(fitting) == 1 else "give"
    return (
        f"{fitting[0]}; {len(fitting)} of {len(tried)} tests tried {give} it, which chance can do"
    )


def _uses_named_tests_alone(questioned: Comparison, article: Article) -> bool:
    """Whether Pearson's and Fisher's tests give every other P value that counts settle."""
    given = []
    for comparison in article.comparisons:
        plain = [x for x in readings_of(comparison, article) if x.strain <= MISSING_AS_LEVEL]
        if plain and not comparison.is_reading and comparison.key != questioned.key:
            given.append(_is_named(plain, comparison.p))
    return sum(given) >= _FEWEST and all(given)


def _is_named(readings: Iterable[Reading], p: Claim) -> bool:
    return any(
        prints_p(found, p)
        for reading in readings
        for test, found in reading.p_values.items()
        if test in (PEARSON, FISHER)
    )


def _between_tests(readings: Iterable[Reading], p: Claim) -> str:
    """Unconditional exact tests of two rows lie among the tests that were computed."""
    for reading in readings:
        found = [x for x in reading.p_values.values() if x == x]
        if len(reading.table) == 2 and found and window(p).meets(Window(min(found), max(found))):
            ends = f"{say_p(min(found))} and {say_p(max(found))}"
            return (
                f"a test of {reading.words} between those computed ({ends}), such as an "
                "unconditional exact test"
            )
    return ""


def _of_grades(comparison: Comparison, article: Article) -> str:
    """An outcome that has grades may have been tested by them, be they printed or not."""
    outcome = comparison.key.outcome
    graded = any(
        variable.name.startswith(f"{outcome}_grade") for variable in article.dictionary.variables
    )
    if outcome and graded and not comparison.key.variable and not _has_grades(comparison, article):
        return "a test of grades that are not printed"
    return ""


def _has_grades(comparison: Comparison, article: Article) -> bool:
    """Whether two or more grades of the outcome are printed in both groups."""
    printed = {
        key.level
        for key in article.shares
        if key.outcome == comparison.key.outcome
        and key.level
        and article.in_groups(key, comparison.groups) is not None
    }
    return len(printed) > 1


def _over_time(comparison: Comparison, article: Article) -> str:
    """What comes with time after infusion may have been tested with its times."""
    outcome = comparison.key.outcome
    if outcome and (f"{outcome}_date" in article.dictionary or article.is_over_time(outcome)):
        return "a test of the times, such as Gray's or a log-rank test, which counts do not give"
    return ""
