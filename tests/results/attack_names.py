"""What a number of the results table counts, as a name that two rows of the same patients share.

A name is a group of the patients and what is asked of them. An attacker has it from the words of
the key alone, which every release documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from analysis_lib.format import is_suppressed
from analysis_lib.results.rows import Key, Row
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study

# Analyses that count patients in a group of all, each with what a population means there.
TABLES = ("flow", "toxicity", "response", "missing_values", "survival_by_exposure")
SPLIT = {"baseline_by_exposure": "", "baseline_by_response": "response",
         "baseline_by_timing": "timing"}  # fmt: skip
CURVES = ("survival_by_exposure", "survival_by_response", "survival_by_timing")
# A base that is a part of everyone, and what its patients have.
PARTS = {
    "crs_evaluable": ("known", "crs", ""),
    "crs_affected": ("at", "crs", "yes"),
    "icans_evaluable": ("known", "icans", ""),
    "icans_affected": ("at", "icans", "yes"),
    "response_evaluable": ("known", "response", ""),
    "responders": ("at", "cr_cri", "yes"),
}
SIZE = ("size", "", "")


class Name(NamedTuple):
    """`what` of the patients of a base in one group; all of it where the group is empty."""

    base: str
    group: tuple[str, str]
    what: tuple[object, ...]


def counted(study: Study, row: Row) -> Name | None:
    """What a number of patients counts; None where the row holds no such number."""
    key = row.key
    if row.unit != "patients" and key.statistic not in ("count", "excluded", "remaining"):
        return None
    base, group = _where(study, key)
    if key.analysis in SPLIT and key.statistic == "n":
        return Name(base, group, SIZE)
    if key.statistic == "n_evaluable" and key.analysis in (*SPLIT, "toxicity"):
        return Name(base, group, ("known", key.variable or key.outcome, ""))
    if key.analysis in (*SPLIT, "missing_values") and key.statistic == "count":
        return Name(base, group, _at(key.variable, key.level))
    if key.analysis == "flow":
        return _of_flow(study, key, base, group)
    if key.analysis in ("toxicity", "response"):
        return _of_outcome(key, base, group)
    if key.analysis in CURVES:
        what = (key.statistic, key.outcome, key.time_months)
        return Name(base, group, SIZE if key.statistic == "n" else what)
    return Name(key.analysis, group, (base, key.outcome, key.time_months, key.variable, key.level,
                                      key.contrast, key.statistic))  # fmt: skip


def whole(study: Study, row: Row) -> Name | None:
    """What the share of a row is taken of."""
    key = row.key
    base, group = _where(study, key)
    if key.analysis in SPLIT:
        return Name(base, group, SIZE)
    if key.analysis not in ("toxicity", "response"):
        return None
    if base in PARTS:
        part = PARTS[base]
        if part[1] == key.outcome or key.variable.startswith(key.outcome):
            return Name("infused", group, part)
    outcome = key.outcome
    if outcome in ("response_not_evaluable",) or key.variable.endswith("_grade_group"):
        return Name(base, group, SIZE)
    if base == "infused" and outcome == "cr_cri":
        return Name(base, group, SIZE)
    if outcome == "salvage":
        outcome = "consolidation"
    return Name(base, group, ("known", outcome, ""))


def sizes(study: Study, row: Row) -> Iterator[tuple[Name, float]]:
    """What the columns n and denominator say, where they are not empty."""
    name = whole(study, row)
    if name is not None and row.denominator is not None and not is_suppressed(row.denominator):
        yield name, row.denominator
    base, group = _where(study, row.key)
    of_group = row.key.analysis in (*SPLIT, *CURVES) and not row.key.contrast
    if of_group and row.n is not None and not is_suppressed(row.n):
        of_values = row.key.variable and row.key.statistic in ("median", "quartile_1", "quartile_3")
        what = ("known", row.key.variable, "") if of_values else SIZE
        if not row.key.variable or of_values:
            yield Name(base, group, what), row.n


def _where(study: Study, key: Key) -> tuple[str, tuple[str, str]]:
    found = Population.parse(key.population)
    split = SPLIT.get(key.analysis)
    grouping = getattr(study.exposure, split) if split else None
    if grouping is not None and key.population == "infused":
        return f"among {grouping.variable}", ("", "")
    return found.base, found.group


def _at(variable: str, level: str) -> tuple[object, ...]:
    return ("lacks", variable, "") if level == "missing" else ("at", variable, level)


def _of_flow(study: Study, key: Key, base: str, group: tuple[str, str]) -> Name:
    if key.variable == "infused":
        return Name("infused", ("", ""), SIZE)
    parts = {x.variable for x in (study.exposure.response, study.exposure.timing) if x is not None}
    if not group[0] or key.variable in parts:
        return Name("infused", (key.variable, key.level), SIZE)
    return Name(base, group, _at(key.variable, key.level))


def _of_outcome(key: Key, base: str, group: tuple[str, str]) -> Name:
    if key.outcome in ("response_not_evaluable", "salvage"):
        level = (key.outcome, key.level) if key.variable else (key.outcome, "any")
        return Name(base, group, ("at", *level))
    within = "infused" if base in PARTS and key.outcome in (PARTS[base][1], "response") else base
    if not key.variable:
        return Name(within, group, ("at", key.outcome, "yes"))
    if key.level == "none" and key.variable.endswith("_grade_group"):
        return Name(within, group, ("at", key.outcome, "no"))
    return Name(within, group, ("at", key.variable, key.level))
