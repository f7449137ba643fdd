"""Where the groups cannot be compared at all: levels, columns and propensities at their ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaln

from analysis_lib.format import constant
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study
from analysis_lib.topics.weighting.numbers import (
    EXTREME,
    Propensity,
    determines,
    exposure_propensity,
)

CHANCE = 0.001


@dataclass(frozen=True)
class EmptyCell:
    """A level of a covariate that is missing in one group: `n` patients hold it in the others.

    `chance` is the probability that so many patients miss the group if the two are unrelated.
    """

    variable: str
    level: str
    arm: str
    n: int
    chance: float

    @property
    def is_structural(self) -> bool:
        return self.chance < CHANCE


@dataclass(frozen=True)
class Nested:
    """All `n` patients at one level of a variable are at one level of another."""

    variable: str
    level: str
    within: str
    within_level: str
    n: int
    chance: float


@dataclass(frozen=True)
class Positivity:
    """Flags found by rule; `propensity` is why there is none where it is omitted.

    `fixed` are covariates of which each group holds one value, and which are no form of the
    exposure by definition.
    """

    exposure: Grouping
    fixed: tuple[str, ...]
    empty: tuple[EmptyCell, ...]
    nested: tuple[Nested, ...]
    propensity: Propensity | Omitted
    results: Results


@once
def check_positivity(study: Study) -> Positivity:
    """Covariate levels without a patient in a group, and columns that lie within others.

    The covariates are all that any model of the report offers. A column that another one fixes
    altogether is its coarser form and no flag; nesting that chance could bring about with a
    probability of .001 or more is none either.
    """
    exposure, patients = study.groups, study.patients
    timing = study.exposure.timing
    names = [name for name in _covariates(study) if name != exposure.variable]
    empty = tuple(x for name in names for x in _empty_cells(patients, exposure, name))
    columns = [*names, *([timing.variable] if timing else [])]
    nested = tuple(
        found
        for name in columns
        for within in names
        if name != within and not _same_thing(patients, name, within)
        for found in _nested(patients, name, within)
    )
    rows = [*_empty_rows(exposure, empty), *_nested_rows(nested)]
    empty = tuple(replace(x, n=withheld_count(study, x.n)) for x in empty)
    nested = tuple(replace(x, n=withheld_count(study, x.n)) for x in nested)
    return Positivity(
        exposure,
        fixed_covariates(study),
        empty,
        nested,
        exposure_propensity(study),
        study_results(study, rows),
    )


def fixed_covariates(study: Study) -> tuple[str, ...]:
    """Covariates of any model whose value the group tells, and not because they are its form."""
    dictionary, exposure = study.dictionary, study.groups.variable
    own = dictionary.characteristic(exposure)
    return tuple(
        name
        for name in _offered(study)
        if dictionary.characteristic(name) != own and determines(study.patients, exposure, name)
    )


def extreme_bounds() -> tuple[float, float]:
    """The propensities between which a group is held to be possible."""
    meaning = "propensity beyond which a group is held to be hardly possible"
    return constant(EXTREME, meaning), constant(1 - EXTREME, meaning)


def _covariates(study: Study) -> list[str]:
    return [x for x in _offered(study) if study.dictionary[x].is_categorical]


def _offered(study: Study) -> list[str]:
    """The covariates of any model that are not the same in everyone."""
    given = study.parameters
    offered = [*given.baseline_terms, *given.as_published_terms, *given.candidates]
    return [x for x in dict.fromkeys(offered) if study.patients[x].nunique() > 1]


def _same_thing(patients: pd.DataFrame, first: str, second: str) -> bool:
    return determines(patients, first, second) or determines(patients, second, first)


def _empty_cells(patients: pd.DataFrame, exposure: Grouping, name: str) -> Iterator[EmptyCell]:
    if determines(patients, exposure.variable, name):
        return
    table = cross_count(patients, name, exposure.variable)
    arms = list(patients[exposure.variable].cat.categories)
    table = table[:, [arms.index(level) for level in exposure.levels]]
    held, sizes = table.sum(axis=1), table.sum(axis=0)
    for row, column in zip(*np.nonzero((table == 0) & (held > 0)[:, None]), strict=True):
        n, others = int(held[row]), int(sizes.sum() - sizes[column])
        chance = _chance(n, others, int(sizes.sum()))
        level = str(patients[name].cat.categories[row])
        yield EmptyCell(name, level, exposure.levels[column], n, chance)


def _chance(n: int, group: int, total: int) -> float:
    """That `n` of `total` are all of a group (R: `dhyper(n, group, total - group, n)`)."""
    log = gammaln(group + 1) - gammaln(group - n + 1) - gammaln(total + 1) + gammaln(total - n + 1)
    return float(np.exp(log))


def _nested(patients: pd.DataFrame, name: str, within: str) -> Iterator[Nested]:
    table = cross_count(patients, name, within)
    held, sizes = table.sum(axis=1), table.sum(axis=0)
    for row in np.flatnonzero((table.max(axis=1) == held) & (held > 0)):
        column = int(table[row].argmax())
        n = int(held[row])
        chance = _chance(n, int(sizes[column]), int(sizes.sum()))
        if chance < CHANCE:
            level = str(patients[name].cat.categories[row])
            yield Nested(
                name, level, within, str(patients[within].cat.categories[column]), n, chance
            )


def cross_count(patients: pd.DataFrame, first: str, second: str) -> npt.NDArray[np.int64]:
    """Patients by the levels of two categorical columns, those missing in either left out."""
    codes = [patients[name].cat.codes.to_numpy() for name in (first, second)]
    shape = tuple(len(patients[name].cat.categories) for name in (first, second))
    table = np.zeros(shape, dtype=np.int64)
    known = (codes[0] >= 0) & (codes[1] >= 0)
    np.add.at(table, (codes[0][known], codes[1][known]), 1)
    return table


def empty_key(exposure: Grouping, cell: EmptyCell) -> Key:
    """A level of a covariate in a group where nobody holds it."""
    return Key("positivity", "", "infused", cell.variable, cell.level).within(exposure, cell.arm)


def _empty_rows(exposure: Grouping, cells: tuple[EmptyCell, ...]) -> Iterator[Row]:
    for cell in cells:
        key = empty_key(exposure, cell)
        yield context(key).at("count", 0, unit="patients", denominator=cell.n)
        yield context(key).at("chance", cell.chance, unit="proportion", method="hypergeometric")


def nested_key(one: Nested) -> Key:
    """A level within a level of another variable."""
    where = str(Population("infused", one.within, one.within_level))
    return Key("positivity", population=where, variable=one.variable, level=one.level)


def _nested_rows(nested: tuple[Nested, ...]) -> Iterator[Row]:
    for one in nested:
        key = nested_key(one)
        yield context(key).at("count", one.n, unit="patients", denominator=one.n)
        yield context(key).at("chance", one.chance, unit="proportion", method="hypergeometric")
