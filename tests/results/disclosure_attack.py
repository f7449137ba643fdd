"""An attacker who adds up what a table publishes: what can a suppressed count still be?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from analysis_lib.format import format_p, round_half_up
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.stats.group_tests import chi_square_test
from analysis_lib.stats.proportions import newcombe_difference
from analysis_lib.study.study import Study

Atom = tuple[str, ...]
Holds = Callable[[Atom], bool]


@dataclass
class Attack:
    """Unknown counts of the finest cells, and the published sums of them."""

    atoms: list[Atom]
    sums: list[np.ndarray] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    hidden: list[tuple[Key, np.ndarray, float]] = field(default_factory=list)

    def read(self, shown: Results, exact: Results, key: Key, holds: Holds) -> None:
        """One row of the tables, published or suppressed; `holds` says of an atom if it counts."""
        if not exact.has(key):
            return
        mask = np.array([bool(holds(x)) for x in self.atoms], dtype=float)
        row = shown.row(key)
        if row.suppressed:
            self.hidden.append((key, mask, exact.value(key)))
        else:
            assert row.value == exact.value(key)
            self.sums.append(mask)
            self.values.append(row.value)

    def know(self, holds: Holds, value: float) -> None:
        """A number that the report gives elsewhere, such as the size of a group."""
        self.sums.append(np.array([bool(holds(x)) for x in self.atoms], dtype=float))
        self.values.append(value)

    def width(self, mask: np.ndarray, *, at_least_one: bool = False) -> float:
        """Between which numbers a sum lies, knowing perhaps that no suppressed one is 0."""
        above = {}
        if at_least_one and self.hidden:
            masks = -np.array([x for _, x, _ in self.hidden])
            above = {"A_ub": masks, "b_ub": -np.ones(len(masks))}
        ends = []
        for sign in (1, -1):
            found = linprog(sign * mask, A_eq=np.array(self.sums), b_eq=self.values, **above)
            assert found.status in (0, 3), found.message
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        return abs(ends[1] - ends[0])


def baseline_attack(study: Study, shown: list[Results], exact: list[Results], name: str) -> Attack:
    """One characteristic in the tables by exposure, by response to it, and by its timing."""
    exposure, response, timing = study.groups, study.exposure.response, study.exposure.timing
    assert response is not None and timing is not None
    levels = [*study.dictionary[name].levels, "missing"]
    responses = list(study.dictionary[response.variable].levels)
    parts = [("naive", "", ""), *(("exposed", *x) for x in product(responses, timing.levels))]
    attack = Attack([(level, *part) for level in levels for part in parts])
    columns = {
        0: {"infused": lambda a: True, **_columns(exposure.variable, exposure.levels, 1)},
        1: {
            "infused": lambda a: a[2] in response.levels,
            **_columns(response.variable, response.levels, 2),
        },
        2: {"infused": lambda a: bool(a[3]), **_columns(timing.variable, timing.levels, 3)},
    }
    for table, analysis in enumerate(("exposure", "response", "timing")):
        for where, inside in columns[table].items():
            key = Key(f"baseline_by_{analysis}", population=where, variable=name)
            size = key._replace(variable="", statistic="n")
            known = key._replace(statistic="n_evaluable")
            attack.read(shown[table], exact[table], size, inside)
            attack.read(
                shown[table],
                exact[table],
                known,
                lambda a, i=inside: i(a) and a[0] != "missing",
            )
            for level in levels:
                attack.read(
                    shown[table],
                    exact[table],
                    key._replace(level=level, statistic="count"),
                    lambda a, i=inside, x=level: i(a) and a[0] == x,
                )
    return attack


def _columns(variable: str, levels: tuple[str, ...], part: int) -> dict[str, Holds]:
    return {f"infused[{variable}={level}]": (lambda a, x=level: a[part] == x) for level in levels}


def grade_attack(study: Study, shown: Results, exact: Results, name: str) -> Attack:
    """The grades of one toxicity, of everyone, of the evaluable and of the affected."""
    exposure = study.groups
    grades = ["missing", "none", "grade_1_2", "grade_3_4", "grade_5", "ungraded"]
    attack = Attack([x for x in product(grades, exposure.levels)])
    sizes = study.patients[exposure.variable].value_counts()
    for group in ("", *exposure.levels):

        def inside(atom: Atom, group: str = group) -> bool:
            return not group or atom[1] == group

        if group:
            attack.know(inside, float(sizes[group]))
        suffix = f"[{exposure.variable}={group}]" if group else ""
        for base in ("infused", f"{name}_evaluable", f"{name}_affected"):
            key = Key("toxicity", name, base + suffix, statistic="count")
            attack.read(
                shown, exact, key, lambda a, i=inside: i(a) and a[0] not in ("missing", "none")
            )
            for grade in grades[1:5]:
                at = key._replace(variable=f"{name}_grade_group", level=grade)
                attack.read(shown, exact, at, lambda a, i=inside, x=grade: i(a) and a[0] == x)
    return attack


def sizes_attack(study: Study, shown: list[Results], exact: list[Results]) -> Attack:
    """The exposed by response to the exposure: in the flow diagram, and as columns of a table."""
    response = study.exposure.response
    assert response is not None
    exposure, exposed = study.groups, study.exposure.exposed
    named = list(study.dictionary[response.variable].levels)
    attack = Attack([(level,) for level in named])
    everyone = f"infused[{exposure.variable}={exposed}]"
    parts: list[tuple[int, Key, Holds]] = [
        (0, Key("flow", "", "infused", exposure.variable, exposed, statistic="count"), _anyone),
        (1, Key("baseline_by_response", "", "infused", statistic="n"), _in(response.levels)),
    ]
    for level in named:
        at = Key("flow", "", everyone, response.variable, level, statistic="count")
        parts.append((0, at, _in((level,))))
    for level in response.levels:
        where = f"infused[{response.variable}={level}]"
        at = Key("baseline_by_response", "", where, statistic="n")
        parts.append((1, at, _in((level,))))
    for table, key, holds in parts:
        attack.read(shown[table], exact[table], key, holds)
    return attack


def _anyone(atom: Atom) -> bool:
    return True


def _in(levels: tuple[str, ...]) -> Holds:
    return lambda atom: atom[0] in levels


@dataclass(frozen=True)
class Compared:
    """Two groups whose counts are shown, and what is published of their denominators."""

    key: Key
    counts: tuple[int, int]
    known: tuple[int | None, int | None]
    largest: tuple[int, int]
    total: int | None
    tests: dict[str, float]

    def candidates(self, *, printed: bool) -> list[tuple[int, int]]:
        """Every pair of denominators that gives what is published of the groups."""
        ranges = [
            range(max(count, 1), most + 1) if known is None else [known]
            for count, known, most in zip(self.counts, self.known, self.largest, strict=True)
        ]
        pairs = product(*ranges)
        return [x for x in pairs if self._adds_up(x) and self._agrees(x, printed=printed)]

    def _adds_up(self, sizes: tuple[int, int]) -> bool:
        return self.total is None or sum(sizes) == self.total

    def _agrees(self, sizes: tuple[int, int], *, printed: bool) -> bool:
        if not self.tests:
            return True
        estimate = self.counts[1] / sizes[1] - self.counts[0] / sizes[0]
        if not _same(estimate, self.tests.get("difference"), printed=printed):
            return False
        found = newcombe_difference(self.counts[1], sizes[1], self.counts[0], sizes[0])
        limits = {"difference_ci_low": found.ci_low, "difference_ci_high": found.ci_high}
        if not all(_same(x, self.tests.get(name), printed=printed) for name, x in limits.items()):
            return False
        if "p_value" not in self.tests:
            return True
        rest = [n - x for n, x in zip(sizes, self.counts, strict=True)]
        p = chi_square_test(pd.DataFrame([self.counts, rest])).p_value
        given = self.tests["p_value"]
        return format_p(p) == format_p(given) if printed else bool(np.isclose(p, given, 1e-9))


def _same(found: float, published: float | None, *, printed: bool) -> bool:
    if published is None:
        return True
    digits = 3 if printed else 9  # a tenth of a percentage point is printed
    if abs(found - published) > 2 * 10**-digits:
        return False
    return bool(np.isclose(round_half_up(found, digits), round_half_up(published, digits)))


def compared(study: Study, shown: Results) -> Iterator[Compared]:
    """The lines of a table by exposure that show both counts and hide a denominator."""
    groups, patients = study.groups, study.patients
    sizes = patients[groups.variable].value_counts()
    largest = tuple(int(sizes[x]) for x in groups.levels)
    for row in shown:
        if row.key.statistic != "count" or "[" in row.key.population:
            continue
        suffixes = [f"[{groups.variable}={x}]" for x in groups.levels]
        both = [
            shown.row(row.key._replace(population=row.key.population + x))
            for x in suffixes
            if shown.has(row.key._replace(population=row.key.population + x))
        ]
        known = tuple(None if _hides(x.denominator) else x.denominator for x in both)
        if len(both) != 2 or any(x.suppressed for x in both) or None not in known:
            continue
        total = None if _hides(row.denominator) else row.denominator
        counts = tuple(int(x.value) for x in both)
        yield Compared(row.key, counts, known, largest, total, _tests(study, shown, row))


def _hides(number: float | None) -> bool:
    return number is None or bool(np.isnan(number))


def _tests(study: Study, shown: Results, row: Row) -> dict[str, float]:
    """What is published of the difference of the two groups."""
    key = row.key._replace(contrast=study.groups.contrast)
    names = ("difference", "difference_ci_low", "difference_ci_high", "p_value")
    found = {x: shown.row(_of(key, x)) for x in names if shown.has(_of(key, x))}
    return {name: x.value for name, x in found.items() if not x.suppressed}


def _of(key: Key, statistic: str) -> Key:
    return key._replace(statistic=statistic)
