"""An attacker who adds up what a table publishes: what can a suppressed count still be?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy.optimize import linprog

from analysis_lib.results.rows import Key, Results
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
