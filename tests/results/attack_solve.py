"""Integer programming over the counts of a release: between which numbers each one lies.

The solver may call an end proven that a solution lies beyond. So every solution that it has found,
of whatever was asked, is kept: no range is narrower than the solutions known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from attack_names import Name
from attack_relations import Relation
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Numbers = NDArray[np.float64]
_SLACK = 1e-6


@dataclass
class Program:
    """Unknown whole numbers within bounds and constraints, and the solutions found so far."""

    index: dict[Name, int]
    bounds: Bounds
    constraints: LinearConstraint | None
    solutions: list[Numbers] = field(default_factory=list)

    def cost(self, weights: dict[Name, float]) -> Numbers:
        found = np.zeros(len(self.index))
        for name, weight in weights.items():
            found[self.index[name]] = weight
        return found

    def seen(self, cost: Numbers) -> tuple[float, float]:
        """The smallest and the largest value in any solution."""
        at = np.flatnonzero(cost)
        values = [float(x[at] @ cost[at]) for x in self.solutions]
        return min(values, default=np.inf), max(values, default=-np.inf)

    def least(self, cost: Numbers) -> float:
        """What the solver proves that a sum is at least; of one it does not finish, its bound."""
        found = milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=self.bounds,
            constraints=() if self.constraints is None else self.constraints,
            # Presolved, HiGHS calls an end optimal that a known solution lies beyond.
            options={"time_limit": 20.0, "presolve": False},
        )
        if found.x is not None:
            self._keep(np.round(found.x))
        if found.status in (3, 4):
            return -np.inf
        assert found.status in (0, 1), found.message
        if found.status == 1:
            return -np.inf if found.mip_dual_bound is None else np.ceil(found.mip_dual_bound - 1e-6)
        return float(cost @ np.round(found.x))

    def _keep(self, solution: Numbers) -> None:
        inside = (self.bounds.lb <= solution) & (solution <= self.bounds.ub)
        if self.constraints is not None:
            sums = self.constraints.A @ solution
            inside = [*inside, *(self.constraints.lb <= sums), *(sums <= self.constraints.ub)]
        if np.all(inside):
            self.solutions.append(solution)


@dataclass
class Puzzle:
    """Unknown counts, each within bounds, and the relations between them."""

    bounds: dict[Name, tuple[float, float]]
    relations: list[Relation]

    def __post_init__(self) -> None:
        self._programs: dict[int, Program] = {}
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

    def range(self, weights: dict[Name, float], *, wide: float = np.inf) -> tuple[float, float]:
        """Between which numbers a sum of counts lies; once it is `wide`, what is known of it."""
        known = sum(w * self.bounds[x][0] for x, w in weights.items() if not self._is_open(x))
        unknown = {x: w for x, w in weights.items() if self._is_open(x)}
        if not unknown:
            return known, known
        program = self._program(unknown)
        cost = program.cost(unknown)
        low, high = program.seen(cost)
        if not high - low >= wide:  # nor a number, where no solution is known
            most = -program.least(-cost)
            low, high = program.seen(cost)
            high = max(high, most)
        if not high - low >= wide:
            low = min(program.least(cost), program.seen(cost)[0])
        return known + low, known + high

    def _of(self, unknown: Iterable[Name]) -> tuple[list[Name], list[Relation]]:
        parts = [self._component.get(x, ([x], [])) for x in unknown]
        if all(x is parts[0] for x in parts):
            return parts[0]
        names = dict.fromkeys(x for mine, _ in parts for x in mine)
        held = {id(one): one for _, rules in parts for one in rules}
        return list(names), list(held.values())

    def _is_open(self, name: Name) -> bool:
        return name not in self.bounds or _open(self.bounds[name])

    def _program(self, unknown: Iterable[Name]) -> Program:
        names, held = self._of(unknown)
        at = id(names)  # those of a component live as long
        if names[0] in self._component and names is self._component[names[0]][0]:
            if at not in self._programs:
                self._programs[at] = self._made(names, held)
            return self._programs[at]
        return self._made(names, held)

    def _made(self, names: list[Name], held: list[Relation]) -> Program:
        index = {x: i for i, x in enumerate(names)}
        ends = np.array([self.bounds.get(x, (0.0, np.inf)) for x in names])
        return Program(index, Bounds(ends[:, 0], ends[:, 1]), self._constraints(index, held))

    def _constraints(self, index: dict[Name, int], held: list[Relation]) -> LinearConstraint | None:
        if not held:
            return None
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
