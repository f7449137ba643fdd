"""Which covariates of the models are missing together, and in how many patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.analyses.describe import count_rows
from analysis_lib.analyses.missing.concerned import lacking
from analysis_lib.analyses.results import Key, Row, context, population
from analysis_lib.cohort import Study

ANALYSIS = "missing_patterns"
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


def find_patterns(patients: pd.DataFrame, covariates: Sequence[str]) -> tuple[Pattern, ...]:
    """The complete cases, then the patterns from the most frequent on, then the rest together."""
    gaps = pd.DataFrame({name: lacking(patients, name) for name in covariates}, patients.index)
    codes = gaps.dot(pd.Series([1 << i for i in range(len(covariates))], list(covariates), object))
    codes = codes.astype(object) if len(covariates) else pd.Series(0, patients.index)
    counts = codes[codes != 0].value_counts()
    # Of equally frequent ones the pattern that begins with the earlier covariate comes first.
    order = sorted(counts.index, key=lambda code: (-counts[code], _reversed(code, len(covariates))))
    patterns = [Pattern(COMPLETE, (), codes == 0)]
    for rank, code in enumerate(order[:MOST_NAMED], start=1):
        held = tuple(name for i, name in enumerate(covariates) if code >> i & 1)
        patterns.append(Pattern(f"pattern_{rank}", held, codes == code))
    if len(order) > MOST_NAMED:
        patterns.append(Pattern(OTHER, None, codes.isin(order[MOST_NAMED:])))
    return tuple(patterns)


def _reversed(code: int, length: int) -> str:
    """The covariates as signs that sort those missing first before those recorded."""
    return "".join("0" if code >> i & 1 else "1" for i in range(length))


def pattern_rows(
    study: Study, patients: pd.DataFrame, covariates: Sequence[str], patterns: Sequence[Pattern]
) -> list[Row]:
    """The patients without each covariate; those of each pattern, overall and by exposure, and
    which covariates it lacks.
    """
    groups, confidence = study.groups, study.parameters.confidence_level
    rows: list[Row] = []
    for name in covariates:
        gap = int(lacking(patients, name).sum())
        of_covariate = context(Key(ANALYSIS, population="infused", variable=name))
        rows += count_rows(of_covariate, gap, len(patients), confidence)
    for one in patterns:
        key = Key(ANALYSIS, population="infused", level=one.level)
        rows += count_rows(context(key), int(one.members.sum()), len(patients), confidence)
        for level in groups.levels:
            inside = patients[groups.variable] == level
            here = context(key._replace(population=population("infused", groups, level)))
            count = int((one.members & inside).sum())
            rows += count_rows(here, count, int(inside.sum()), confidence)
        for name in one.missing or ():
            at = context(key._replace(variable=name), n=int(one.members.sum()))
            rows.append(at.at("lacks", 1.0))
    return rows
