"""Is each printed P value of counts that of the printed counts, and under which test?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import Comparison
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
    about,
)
from analysis_lib.article.audit.other_tests import names_another_test, other_explanation
from analysis_lib.article.audit.printed import prints_p
from analysis_lib.article.audit.readings import (
    LEVEL_ALONE,
    MISSING_AS_LEVEL,
    Reading,
    one_patient_moves,
    readings_of,
)
from analysis_lib.article.audit.scope import attachments
from analysis_lib.article.audit.tests_of_counts import FISHER, MID_P, PEARSON, TREND, YATES, pearson
from analysis_lib.article.audit.words import ALPHA, ALPHA_TEXT, printed_p, say_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import lower_first
from analysis_lib.labels import listed

RULE = "P value"


def p_value_findings(article: Article) -> list[Finding]:
    """One finding for each printed P value of counts in two groups.

    P values of numbers need the patients' data; one that a sentence attaches to the only printed
    level of a variable, or to a level that gives it, belongs to the rule on scopes.
    """
    found = []
    for comparison in article.comparisons:
        readings, attached = readings_of(comparison, article), attachments(comparison, article)
        if readings or not (attached or article.is_numeric(comparison.key)):
            finding = _finding(comparison, readings, article)
            if finding.verdict == CONSISTENT or not any(one.is_of_level for one in attached):
                found.append(finding)
    return found


def _finding(comparison: Comparison, readings: Sequence[Reading], article: Article) -> Finding:
    what = article.comparison_name(comparison)
    if not readings:
        text = f"{printed_p(comparison.p)} {_why_not(comparison, article)}."
        return about(RULE, what, NOT_CHECKABLE, text, comparison.claims)
    if names_another_test(comparison.p):
        text = f"{printed_p(comparison.p)} is not of counts alone, as the article says."
        return about(RULE, what, NOT_CHECKABLE, text, comparison.claims)
    verdict, text = _judged(comparison, readings, article)
    if comparison.is_reading:
        text = f"{text}; no count is printed, and the denominators are one reading of several"
        verdict = CONSISTENT if verdict == CONSISTENT else NOT_CHECKABLE
    return about(RULE, what, verdict, f"{text}.", comparison.claims)


def _judged(
    comparison: Comparison, readings: Sequence[Reading], article: Article
) -> tuple[str, str]:
    p, default = comparison.p, readings[0]
    exact = default.p_values[PEARSON]
    if prints_p(exact, p):
        text = f"{PEARSON} of {default.words} gives {say_p(exact)}, printed {printed_p(p)}"
        return CONSISTENT, f"{text}{_other_tests(default, p)}{_other_rows(readings)}"
    fisher = default.p_values.get(FISHER)
    if isnan(exact) and fisher is not None and prints_p(fisher, p):
        text = f"{PEARSON} of {default.words} is not defined, {FISHER} gives {say_p(fisher)}"
        return CONSISTENT, f"{text}, printed {printed_p(p)}"
    simplest = _simplest(readings, p)
    fitting = [
        f"{test} of {reading.words} ({say_p(found)})"
        for reading in simplest
        for test, found in reading.p_values.items()
        if prints_p(found, p)
    ]
    if fitting:
        return NEEDS_ANOTHER, (
            f"{printed_p(p)} needs {' or '.join(fitting)}; "
            f"{PEARSON} of {default.words} {_gives(exact)}{_by_chance(readings, simplest, p)}"
        )
    other = other_explanation(comparison, readings, article)
    if other:
        return NEEDS_ANOTHER, (
            f"{printed_p(p)} needs {other}; {PEARSON} of {default.words} {_gives(exact)}"
        )
    text = f"no test of the printed counts gives {printed_p(p)}: {_all(readings)}"
    if _has_values(comparison, article):
        return NEEDS_ANOTHER, f"{text}; it may compare the values, whose median or mean is printed"
    return IMPOSSIBLE, f"{text}{_after_one_move(readings, p)}"


def _has_values(comparison: Comparison, article: Article) -> bool:
    """Whether medians or means are printed of what is also counted in groups."""
    return any(
        claim.key.statistic in ("median", "mean")
        and claim.key[:2] == comparison.key[:2]
        and claim.key.variable == comparison.key.variable != ""
        for claim in article.claims
    )


def _by_chance(readings: Sequence[Reading], simplest: Sequence[Reading], p: Claim) -> str:
    """How many tests were tried, where the P value is only that of other rows than its own."""
    if simplest[0].strain < LEVEL_ALONE:
        return ""
    tried = [prints_p(found, p) for reading in readings for found in reading.p_values.values()]
    give = "gives" if sum(tried) == 1 else "give"
    return f"; {sum(tried)} of {len(tried)} tests tried {give} it, which chance can do"


def _gives(p: float) -> str:
    return "is not defined" if isnan(p) else f"gives {say_p(p)}"


def _simplest(readings: Sequence[Reading], p: Claim) -> list[Reading]:
    """The readings of the least strained kind that print the P value."""
    fitting = [r for r in readings if any(prints_p(found, p) for found in r.p_values.values())]
    least = min((reading.strain for reading in fitting), default=0)
    return [reading for reading in fitting if reading.strain == least]


def _other_tests(reading: Reading, p: Claim) -> str:
    others = {test: found for test, found in reading.p_values.items() if test != PEARSON}
    also = [f"{t} ({say_p(x)})" for t, x in others.items() if prints_p(x, p)]
    not_ = [f"{t} ({say_p(x)})" for t, x in others.items() if not prints_p(x, p)]
    text = f"; so would {listed(also)}" if also else ""
    return f"{text}; {listed(not_)} would not" if not_ else text


def _other_rows(readings: Sequence[Reading]) -> str:
    """What Pearson's test gives with missing values as a level, where it is not the default."""
    return "".join(
        f"; of {reading.words} it would be {say_p(reading.p_values[PEARSON])}"
        for reading in readings
        if reading.strain == MISSING_AS_LEVEL
    )


def _after_one_move(readings: Sequence[Reading], p: Claim) -> str:
    """How often the printed P value follows if one patient stands in another row."""
    table = max(
        (r for r in readings if r.strain <= MISSING_AS_LEVEL), key=lambda r: len(r.table)
    ).table
    moved = list(one_patient_moves(table))
    fitting = sum(prints_p(pearson(other), p) for other in moved)
    if not fitting:
        return ""
    return f"; one patient in another row would give it in {fitting} of {len(moved)} ways"


def _all(readings: Sequence[Reading]) -> str:
    """What every test gives, without the readings that only other denominators make."""
    least = [reading for reading in readings if reading.strain <= MISSING_AS_LEVEL]
    return "; ".join(
        f"of {reading.words} "
        + listed(f"{test} {say_p(found)}" for test, found in reading.p_values.items())
        for reading in least
    )


def _why_not(comparison: Comparison, article: Article) -> str:
    key = comparison.key
    if not comparison.rows:
        return "has no printed counts or percents to recompute it from"
    levels = listed(
        lower_first(article.level_name(key.variable, level)) for level in comparison.levels if level
    )
    return (
        f"is of all levels, of which only {levels} is printed"
        if levels
        else "has percents that no single count settles"
    )


CHOICE_OF_TEST = "the article's test"
_FEWEST = 3  # P values that can show a preference


@dataclass(frozen=True)
class Recomputed:
    """A printed P value with the tables it may be of, none of them strained."""

    comparison: Comparison
    readings: tuple[Reading, ...]

    def tried(self, test: str) -> bool:
        return any(test in reading.p_values for reading in self.readings)

    def given_by(self, test: str) -> bool:
        p = self.comparison.p
        return any(prints_p(r.p_values[test], p) for r in self.readings if test in r.p_values)


def choice_findings(article: Article) -> list[Finding]:
    """One finding on all P values that the printed counts settle."""
    recomputed = list(_recompute(article))
    if len(recomputed) < _FEWEST:
        return []
    given = {
        test: (
            sum(one.given_by(test) for one in recomputed),
            sum(one.tried(test) for one in recomputed),
        )
        for test in (PEARSON, YATES, FISHER, MID_P, TREND)
    }
    best = max(given, key=lambda test: given[test][0])
    others = listed(f"{t} {n} of {of}" for t, (n, of) in given.items() if t != best and of)
    text = (
        f"Of {len(recomputed)} P values that the printed counts settle, {best} gives "
        f"{given[best][0]}{_by_contrast(best, recomputed, article)}; {others}."
    )
    most = 2 * given[best][0] > len(recomputed)
    return [
        Finding(
            CHOICE_OF_TEST,
            "All P values of counts",
            CONSISTENT if most else NOT_CHECKABLE,
            text,
            tuple(one.comparison.p.claim_id for one in recomputed),
            _if_exact(recomputed, article) if best == PEARSON else "",
        )
    ]


def _recompute(article: Article) -> Iterator[Recomputed]:
    for comparison in article.comparisons:
        readings = readings_of(comparison, article)
        if readings and not comparison.is_reading:
            plain = tuple(r for r in readings if r.strain <= MISSING_AS_LEVEL)
            yield Recomputed(comparison, plain)


def _by_contrast(best: str, recomputed: Sequence[Recomputed], article: Article) -> str:
    """The share of each contrast, where there are several."""
    contrasts: dict[str, list[bool]] = {}
    for one in recomputed:
        name = article.groups_name(one.comparison.groups)
        contrasts.setdefault(name, []).append(one.given_by(best))
    if len(contrasts) < 2:
        return ""
    said = listed(f"{name} {sum(given)} of {len(given)}" for name, given in contrasts.items())
    return f" ({said})"


def _if_exact(recomputed: Sequence[Recomputed], article: Article) -> str:
    """Conclusions at .05 that hang on the choice of the test."""
    changed = []
    for one in recomputed:
        p_values = one.readings[0].p_values
        pearson, exact = p_values[PEARSON], p_values.get(FISHER, p_values[PEARSON])
        if (pearson < ALPHA) != (exact < ALPHA):
            name = article.comparison_name(one.comparison)
            changed.append(f"{name} ({say_p(pearson)}, then {say_p(exact)})")
    if not changed:
        return ""
    return f"With {FISHER} instead, P would cross {ALPHA_TEXT} for {listed(changed)}."
