"""Integer programming over the counts of a release: between which numbers each one lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from attack_names import Name
from attack_relations import Relation
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Range = tuple[int, int]
_SLACK = 1e-6


@dataclass
class Puzzle:
    """Unknown counts, each within bounds, and the relations between them."""

    bounds: dict[Name, tuple[float, float]]
    relations: list[Relation]

    def __post_init__(self) -> None:
        self._kept: dict[tuple[int, int], Any] = {}
        self._component: dict[Name, tuple[list[Name], list[Relation]]] = {}
        parent: dict[Name, Name] = {}

        def root(name: Name) -> Name:
            parent.setdefault(name, name)
            while parent[name] != name:
                parent[name] = parent[parent[name]]
                name = parent[name]
            return name

        open_ = [(one, self._unknown(one)) for one in self.relations]
        for _, unknown in open_:
            for name in unknown[1:]:
                parent[root(name)] = root(unknown[0])
        held: dict[Name, list[Relation]] = defaultdict(list)
        for one, unknown in open_:
            if unknown:
                held[root(unknown[0])].append(one)
        members: dict[Name, list[Name]] = defaultdict(list)
        for name in list(parent):
            members[root(name)].append(name)
        for first, names in members.items():
            of = (names, held[first])
            self._component |= dict.fromkeys(names, of)

    def _unknown(self, one: Relation) -> list[Name]:
        return [x for x in one.weights if x not in self.bounds or _open(self.bounds[x])]

    def range(self, weights: dict[Name, float], *, enough: float = np.inf) -> tuple[float, float]:
        """Between which numbers a sum of counts lies.

        Where it may be `enough` or more, 0 stands for the lower end, which is not sought.
        """
        known = sum(w * self.bounds[x][0] for x, w in weights.items() if not self._is_open(x))
        unknown = {x: w for x, w in weights.items() if self._is_open(x)}
        if not unknown:
            return known, known
        names, held = self._of(unknown)
        high = known - self._solve({x: -w for x, w in unknown.items()}, names, held)
        if high >= enough:
            return 0.0, high
        return known + self._solve(unknown, names, held), high

    def _of(self, unknown: Iterable[Name]) -> tuple[list[Name], list[Relation]]:
        if len(first := list(unknown)) == 1 and first[0] in self._component:
            return self._component[first[0]]
        names: dict[Name, None] = {}
        held: dict[int, Relation] = {}
        for x in unknown:
            mine, rules = self._component.get(x, ([x], []))
            names |= dict.fromkeys(mine)
            held |= {id(one): one for one in rules}
        return list(names), list(held.values())

    def _is_open(self, name: Name) -> bool:
        return name not in self.bounds or _open(self.bounds[name])

    def _solve(self, target: dict[Name, float], names: list[Name], held: list[Relation]) -> float:
        alone = len(target) == 1 and next(iter(target)) in self._component
        kept = (id(names), id(held)) if alone else (0, 0)  # those of a component live as long
        if kept not in self._kept or kept == (0, 0):
            index = {x: i for i, x in enumerate(names)}
            ends = np.array([self.bounds.get(x, (0.0, np.inf)) for x in names])
            self._kept[kept] = index, ends, self._constraints(index, held)
        index, ends, constraints = self._kept[kept]
        cost = np.zeros(len(names))
        for name, weight in target.items():
            cost[index[name]] = weight
        found = milp(
            cost,
            integrality=np.ones(len(names)),
            bounds=Bounds(ends[:, 0], ends[:, 1]),
            constraints=constraints,
            # Presolved, HiGHS calls an end optimal that a known solution lies beyond.
            options={"time_limit": 20.0, "presolve": False},
        )
        if found.status in (3, 4):
            return -np.inf
        assert found.x is not None, (found.message, list(target))
        return float(cost @ np.round(found.x))

    def _constraints(
        self, index: dict[Name, int], held: list[Relation]
    ) -> LinearConstraint | tuple[()]:
        if not held:
            return ()
        rows, columns, values = [], [], []
        low, high = np.empty(len(held)), np.empty(len(held))
        for i, one in enumerate(held):
            fixed = 0.0
            for name, weight in one.weights.items():
                if name in index:
                    rows.append(i)
                    columns.append(index[name])
                    values.append(weight)
                else:
                    fixed += weight * self.bounds[name][0]
            low[i], high[i] = one.low - fixed - _SLACK, one.high - fixed + _SLACK
        matrix = csr_matrix((values, (rows, columns)), shape=(len(held), len(index)))
        return LinearConstraint(matrix, low, high)


def _open(ends: tuple[float, float]) -> bool:
    return ends[0] != ends[1]
