"""Is each printed P value of counts that of the printed counts, and under which test?"""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.comparisons import Comparison, gather_comparisons
from analysis_lib.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
)
from analysis_lib.audit.printed import prints_p
from analysis_lib.audit.readings import (
    MISSING_AS_LEVEL,
    Reading,
    one_patient_moves,
    readings_of,
)
from analysis_lib.audit.tests import PEARSON, pearson
from analysis_lib.audit.words import group_name, inside, level_name, printed_p, quantity_name, say_p
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "P value"
AS_PRINTED = "as printed"  # the scope of a P value that stands beside what it tests


def p_value_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each printed P value of counts in two groups.

    P values of numbers need the patients' data; one that a sentence attaches to the only printed
    level of a variable belongs to the rule on scopes.
    """
    found = []
    for comparison in gather_comparisons(claims, dictionary):
        readings = readings_of(comparison, dictionary)
        attached = any(claim.p_scope not in ("", AS_PRINTED) for claim in comparison.p_values)
        if readings or not (attached or _is_numeric(comparison, dictionary)):
            found.append(_finding(comparison, readings, dictionary))
    return found


def _is_numeric(comparison: Comparison, dictionary: Dictionary) -> bool:
    name = comparison.key.variable or comparison.key.outcome
    return name in dictionary and dictionary[name].is_numeric


def _finding(
    comparison: Comparison, readings: Sequence[Reading], dictionary: Dictionary
) -> Finding:
    what = comparison_name(comparison, dictionary)
    if not readings:
        text = f"{what}: {printed_p(comparison.p)} {_why_not(comparison, dictionary)}."
        return Finding(RULE, what, NOT_CHECKABLE, text, comparison.claims)
    verdict, text = _judged(comparison.p, readings)
    if comparison.is_reading:
        text = f"{text}; no count is printed, and the denominators are one reading of several"
        verdict = CONSISTENT if verdict == CONSISTENT else NOT_CHECKABLE
    return Finding(RULE, what, verdict, f"{what}: {text}.", comparison.claims)


def comparison_name(comparison: Comparison, dictionary: Dictionary) -> str:
    """`Race/ethnicity, InO-exposed vs InO-naïve`."""
    reference, subject = (group_name(group, dictionary) for group in comparison.groups)
    return f"{quantity_name(comparison.key, dictionary)}, {subject} vs {reference}"


def _judged(p: Claim, readings: Sequence[Reading]) -> tuple[str, str]:
    default = readings[0]
    exact = default.p_values[PEARSON]
    if prints_p(exact, p):
        text = f"{PEARSON} of {default.words} gives {say_p(exact)}, printed {printed_p(p)}"
        return CONSISTENT, f"{text}{_other_tests(default, p)}{_other_rows(readings)}"
    fitting = [
        f"{test} of {reading.words} ({say_p(found)})"
        for reading in _simplest(readings, p)
        for test, found in reading.p_values.items()
        if prints_p(found, p)
    ]
    if fitting:
        return NEEDS_ANOTHER, (
            f"{printed_p(p)} needs {' or '.join(fitting)}; "
            f"{PEARSON} of {default.words} gives {say_p(exact)}"
        )
    return IMPOSSIBLE, (
        f"no test of the printed counts gives {printed_p(p)}: {_all(readings)}"
        f"{_after_one_move(readings, p)}"
    )


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


def _why_not(comparison: Comparison, dictionary: Dictionary) -> str:
    key = comparison.key
    if not comparison.rows:
        return "has no printed counts or percents to recompute it from"
    levels = listed(
        inside(level_name(key.variable, level, dictionary)) for level in comparison.levels if level
    )
    return (
        f"is of all levels, of which only {levels} is printed"
        if levels
        else "has percents that no single count settles"
    )
