"""Whom a variable concerns, and which covariates are missing together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.estimates.describe import count_rows, group_count_rows
from analysis_lib.results.rows import Key, Row, context
from analysis_lib.study.study import Study

# What a registry writes where nobody knows; a level of its own in every table, no value here.
UNKNOWN_LEVELS = ("not_reported", "not_tested")
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Part:
    """A part of the patients: in words, and as a mask."""

    phrase: str
    holds: Callable[[pd.DataFrame], pd.Series]


def _is(name: str, level: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda patients: patients[name] == level


def _has_doses(name: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda patients: patients[name].fillna(0) > 0


# By the words of the dictionary's column `concerns`. A death before the assessment is an event that
# came first, and no value that nobody wrote down.
PARTS = {
    "exposed": Part("of the exposed", _is("ino", "exposed")),
    "dosed_before_apheresis": Part(
        "of those with doses then", _has_doses("ino_doses_preapheresis")
    ),
    "dosed_in_bridging": Part("of those with doses then", _has_doses("ino_doses_bridging")),
    "crs": Part("of those with CRS", _is("crs", "yes")),
    "icans": Part("of those with ICANS", _is("icans", "yes")),
    "assessable": Part(
        "of those alive for it",
        lambda patients: patients["response_not_evaluable_reason"] != "died_before_assessment",
    ),
    "responders": Part("of those in CR or CRi", _is("cr_cri", "yes")),
    "tested_responders": Part(
        "of those in CR or CRi and tested",
        lambda patients: (
            (patients["cr_cri"] == "yes") & patients["mrd_status"].isin(["negative", "positive"])
        ),
    ),
    "consolidated": Part(
        "of the consolidated",
        lambda patients: (
            patients["consolidation"].notna()
            & ~patients["consolidation"].isin(["none", NOT_APPLICABLE])
        ),
    ),
    "dead": Part("of the dead", lambda patients: patients["os_event"]),
}


def part_of(variable: Variable) -> str:
    """The part of the patients that a variable concerns, in words; empty where it is everyone."""
    return PARTS[variable.concerns].phrase if variable.concerns else ""


def concerned(patients: pd.DataFrame, variable: Variable) -> pd.Series:
    """Whom a variable concerns: its part of the patients, without those marked as outside it."""
    everyone = pd.Series(True, index=patients.index)
    part = PARTS[variable.concerns].holds(patients) if variable.concerns else everyone
    if isinstance(patients[variable.name].dtype, pd.CategoricalDtype):
        part = part & (patients[variable.name] != NOT_APPLICABLE)
    return part.astype(bool)


def lacking(patients: pd.DataFrame, variable: Variable) -> pd.Series:
    """Who is concerned and has no value, or one that says that nobody knows."""
    values = patients[variable.name]
    unknown = values.isna()
    if isinstance(values.dtype, pd.CategoricalDtype):
        unknown = unknown | values.isin(UNKNOWN_LEVELS)
    return unknown & concerned(patients, variable)


MISSING_PATTERNS = "missing_patterns"
COMPLETE, OTHER = "complete", "other_patterns"
MOST_NAMED = 11  # what a page of the report has room for
LEVELS = {
    COMPLETE: "no covariate of the models missing",
    **{f"pattern_{i}": f"pattern {i} of missing covariates" for i in range(1, MOST_NAMED + 1)},
    OTHER: "all patterns of missing covariates that are not named",
}


@dataclass(frozen=True, eq=False)
class Pattern:
    """The patients who lack these covariates and no other; `missing` is empty in complete cases.

    The last pattern can hold all that are too rare to be named; its `missing` is None.
    """

    level: str
    missing: tuple[str, ...] | None
    members: pd.Series


def find_patterns(patients: pd.DataFrame, covariates: Sequence[Variable]) -> tuple[Pattern, ...]:
    """The complete cases, then the patterns from the most frequent on, then the rest together."""
    gaps = pd.DataFrame({x.name: lacking(patients, x) for x in covariates}, patients.index)
    codes = gaps.dot(pd.Series([1 << i for i in range(len(covariates))], list(gaps), object))
    codes = codes.astype(object) if len(covariates) else pd.Series(0, patients.index)
    counts = codes[codes != 0].value_counts()
    # Of equally frequent ones the pattern that begins with the earlier covariate comes first.
    order = sorted(counts.index, key=lambda code: (-counts[code], _reversed(code, len(covariates))))
    patterns = [Pattern(COMPLETE, (), codes == 0)]
    for rank, code in enumerate(order[:MOST_NAMED], start=1):
        held = tuple(name for i, name in enumerate(gaps) if code >> i & 1)
        patterns.append(Pattern(f"pattern_{rank}", held, codes == code))
    if len(order) > MOST_NAMED:
        patterns.append(Pattern(OTHER, None, codes.isin(order[MOST_NAMED:])))
    return tuple(patterns)


def _reversed(code: int, length: int) -> str:
    """The covariates as signs that sort those missing first before those recorded."""
    return "".join("0" if code >> i & 1 else "1" for i in range(length))


def pattern_rows(
    study: Study,
    patients: pd.DataFrame,
    covariates: Sequence[Variable],
    patterns: Sequence[Pattern],
) -> list[Row]:
    """The patients without each covariate; those of each pattern, overall and by exposure, and
    which covariates it lacks.
    """
    rows: list[Row] = []
    for covariate in covariates:
        gap = int(lacking(patients, covariate).sum())
        of_covariate = context(Key(MISSING_PATTERNS, population="infused", variable=covariate.name))
        rows += count_rows(of_covariate, gap, len(patients), study.confidence_level)
    for one in patterns:
        key = Key(MISSING_PATTERNS, population="infused", level=one.level)
        rows += group_count_rows(study, patients, one.members, key)
        for name in one.missing or ():
            at = context(key._replace(variable=name), n=int(one.members.sum()))
            rows.append(at.at("lacks", 1.0))
    return rows
