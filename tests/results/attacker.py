"""Whoever has a release tries every number that it withholds.

The names of the counts and what everyone knows of them come from the keys of the rows; integer
programs give the range of each, functions of counts narrow it, until nothing moves any more.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from attack_formulas import Formula, formulas, narrow
from attack_names import PARTS, SIZE, Name, counted, sizes, whole
from attack_relations import ALL, INFINITE, LEAST, Relation, relations
from attack_solve import Puzzle

from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.disclosure.rules import METHOD
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.study.study import Study
from analysis_lib.topics.gate.rules import MISSING, PASS, WARN

ROUNDS = 3


@dataclass(frozen=True)
class Attacked:
    """One withheld count, or a difference of counts, and the range that is left of it."""

    what: dict[Name, float]
    truth: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    def __str__(self) -> str:
        said = " ".join(f"{w:+g}*{'|'.join(map(str, n))}" for n, w in self.what.items())
        return f"{said} = {self.truth:g} in [{self.low:g}, {self.high:g}]"


@dataclass(frozen=True)
class Attack:
    """The small counts that a release withholds, each with its range."""

    found: tuple[Attacked, ...]
    least: int

    @property
    def exact(self) -> list[Attacked]:
        return [x for x in self.found if x.width == 0]

    @property
    def narrow(self) -> list[Attacked]:
        return [x for x in self.found if not x.width >= self.least]


def read_release(path: Path) -> Results:
    """The results file of a release, as anyone has it."""
    rows = []
    for record in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        parts = [record[x].removeprefix("'") for x in Key._fields]
        time = float(parts[6]) if parts[6] else None
        withheld = record["method"] == METHOD
        value = SUPPRESSED if withheld else float(record["value"] or "nan")
        counts = (int(record[x]) if record[x] else None for x in ("n", "denominator"))
        key = Key(*parts[:6], time, parts[7])
        rows.append(Row(key, value, record["unit"], *counts, record["method"]))
    return Results(tuple(rows), "", small_cell=LEAST)


def attack(study: Study, shown: Results, exact: Results) -> Attack:
    """`exact` tells the truth, for the size of what was recovered; `shown` is attacked."""
    truth = _truth(study, exact)
    names, bounds = _read(study, shown)
    known = [x for x in formulas(study, shown) if _gives(study, x, truth)]
    names |= {x for one in known for x in one.inputs}
    every = [*relations(study, names), *_of_verdicts(shown, names)]
    rules = [x for x in every if _is_true(study, x, truth)]
    puzzle = Puzzle(bounds, rules)
    for _ in range(ROUNDS):
        tighter = narrow(puzzle, known, truth, len(study.patients))
        merged = {x: _both(puzzle.bounds.get(x), y) for x, y in tighter.items()}
        if all(puzzle.bounds.get(x) == y for x, y in merged.items()):
            break
        puzzle = Puzzle({**puzzle.bounds, **merged}, rules)
    named = dict.fromkeys([*names, *(x for one in rules for x in one.weights)])
    hidden = [{x: 1.0} for x in named if x not in bounds]
    targets = hidden + list(_differences(rules, truth, shown.small_cell))
    found, least = [], shown.small_cell
    for what in targets:
        value = _value(study, what, truth)
        if value is not None and 0 < value < least:
            found.append(Attacked(what, value, *puzzle.range(what, wide=least)))
    return Attack(tuple(found), shown.small_cell)


def _both(first: tuple[float, float] | None, second: tuple[float, float]) -> tuple[float, float]:
    low, high = first or (0.0, INFINITE)
    return max(low, second[0]), min(high, second[1])


def _truth(study: Study, exact: Results) -> dict[Name, float]:
    found: dict[Name, float] = {}
    for row in exact:
        name = counted(study, row)
        if name is not None:
            found[name] = float(row.value)
    return found


def _read(study: Study, shown: Results) -> tuple[set[Name], dict[Name, tuple[float, float]]]:
    """The counts of a release, and what it says of them."""
    names: set[Name] = set()
    bounds: dict[Name, tuple[float, float]] = {}
    for row in shown:
        name = counted(study, row)
        said = list(sizes(study, row))
        names |= {x for x in (name, whole(study, row)) if x is not None}
        if name is not None and not row.suppressed:
            said.append((name, row.value))
        for one, value in said:
            names.add(one)
            bounds[one] = (float(value), float(value))
    return names, bounds


def _of_verdicts(shown: Results, names: set[Name]) -> Iterator[Relation]:
    """What the check of patients left out says of how many they are at most in a primary model."""
    key = Key(MISSING.name, population="infused", statistic="verdict")
    verdict = shown.row(key).method if shown.has(key) else ""
    most = {PASS: MISSING.passes, WARN: MISSING.fails}.get(verdict)
    for name in names if most is not None else ():
        if name.base == "cox_ladder_baseline" and name.what[-1] == "excluded":
            yield Relation({Name("infused", ALL, SIZE): most, name: -1.0}, 0.0, INFINITE)


def _is_true(study: Study, one: Relation, truth: dict[Name, float]) -> bool:
    """An attacker who knows the registry would not believe a relation that does not hold."""
    for name in one.weights:
        if _known(study, name, truth) is None:
            return one.high == INFINITE or _is_sum(one)
    return one.holds(truth)


def _is_sum(one: Relation) -> bool:
    """A group that no row counts belongs to a sum that is true by its making."""
    return any("in none" in x.group or x.what[0] == "steps" for x in one.weights)


def _gives(study: Study, one: Formula, truth: dict[Name, float]) -> bool:
    values = [_known(study, x, truth) for x in one.inputs]
    if any(x is None for x in values):
        return True
    arguments = [np.array([float(x or 0)]) for x in values]
    with np.errstate(all="ignore"):
        return bool(abs(one.function(*arguments)[0] - one.value) <= max(one.within, 1e-9))


def _value(study: Study, what: dict[Name, float], truth: dict[Name, float]) -> float | None:
    total = 0.0
    for name, weight in what.items():
        found = _known(study, name, truth)
        if found is None:
            return None
        total += weight * found
    return total


def _known(study: Study, name: Name, truth: dict[Name, float]) -> float | None:
    """What a row or the patients say of a count, sought once."""
    if name not in truth:
        found = _count(study, name)
        if found is None:
            return None
        truth[name] = found
    return truth[name]


def _differences(
    rules: list[Relation], truth: dict[Name, float], least: int
) -> Iterator[dict[Name, float]]:
    """Small differences between a count and one that it is a part of."""
    for one in rules:
        if one.high == INFINITE and len(one.weights) == 2 and one.weights.keys() <= truth.keys():
            rest = sum(w * truth[x] for x, w in one.weights.items())
            if 0 < rest < least:
                yield one.weights


def _count(study: Study, name: Name) -> float | None:
    """A count that no row holds, from the patients."""
    patients = study.patients
    inside = _mask(patients, name, study)
    if inside is None:
        return None
    kind, *asked = name.what
    if kind == "size":
        return float(inside.sum())
    if kind in ("known", "lacks", "at") and len(asked) == 2:
        variable, level = map(str, asked)
        if variable not in patients:
            return None
        values = patients[variable].astype("object")
        has = values.notna() if kind == "known" else values.isna() if kind == "lacks" else (
            values == level)  # fmt: skip
        return float((inside & has).sum())
    if kind in ("events", "events_to_date", "at_risk", "censored"):
        outcome = str(asked[0])
        event, months = patients[f"{outcome}_event"].astype(bool), patients[f"{outcome}_months"]
        time = INFINITE if asked[1] is None else float(str(asked[1]))
        masks = {
            "events": event,
            "events_to_date": event & (months <= time),
            "at_risk": months >= time,
            "censored": ~event & (months < time),
        }
        return float((inside & masks[str(kind)]).sum())
    return None


def _mask(patients: pd.DataFrame, name: Name, study: Study) -> pd.Series | None:
    inside = pd.Series(True, index=patients.index)
    if name.base in PARTS:
        kind, variable, level = PARTS[name.base]
        values = patients[variable].astype("object")
        inside = values.notna() if kind == "known" else values == level
    elif name.base.startswith("among "):
        variable = name.base.removeprefix("among ")
        splits = (study.exposure.response, study.exposure.timing)
        grouping = next(x for x in splits if x is not None and x.variable == variable)
        inside = patients[variable].isin(grouping.levels)
    elif name.base in ("complete cases", "left out"):
        whole = study.parameters.baseline_terms
        inside = patients[[x for x in whole if x in patients]].notna().all(axis=1)
        inside = inside if name.base == "complete cases" else ~inside
    elif name.base != "infused":
        return None
    if name.group == ALL:
        return inside
    variable, level = name.group
    if variable not in patients or level == "in none":
        return None
    return inside & (patients[variable] == level)
