"""Complementary suppression: which counts of a family to withhold so that none gives another back.

A count is the size of a set of patients. An attacker knows every published count of a family, and
which sets are parts of which others; what a withheld count can be lies between the solutions of two
linear programs over the patients of each pattern of membership.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Members = NDArray[np.bool_]  # one flag a patient
Vector = NDArray[np.float64]
_TOLERANCE = 1e-6


class Family:
    """Sets of patients that are counted together; `published` tells which counts are shown.

    A count from 1 to `small_cell` - 1 is withheld, and so are others until each such count, and
    each difference of that size between a set and one that holds it, could lie anywhere in a range
    at least `small_cell` wide. Counts of `given` sets were decided before: True is shown; those of
    `chief` sets are withheld only where no other helps.

    Zero is shown, as in the cell size policy of the US Centers for Medicare & Medicaid Services.
    Fischetti & Salazar (2001), Manage Sci 47:1008, define protection by these two programs.
    """

    def __init__(
        self,
        sets: Iterable[Members],
        small_cell: int,
        given: dict[bytes, bool] | None = None,
        chief: Iterable[Members] = (),
    ) -> None:
        decided, spared = given or {}, {one.tobytes() for one in chief}
        distinct = {one.tobytes(): one for one in sets if one.any()}
        distinct |= {name: np.frombuffer(name, dtype=bool) for name, shown in decided.items()}
        self._names = list(distinct)
        self._decided = np.array([name in decided for name in self._names], dtype=bool)
        self._chief = np.array([name in spared for name in self._names], dtype=bool)
        patterns, weights = np.unique(np.array([*distinct.values()]), axis=1, return_counts=True)
        self._patterns: Vector = patterns.astype(float)
        self._sizes: Vector = self._patterns @ weights
        self._least = small_cell
        self._shown = np.array([decided.get(name, True) for name in self._names], dtype=bool)
        self._shown &= self._decided | (self._sizes >= small_cell)
        for small in self._small(weights):
            self._protect(small)
        self._show_what_follows()
        self._index = dict(zip(self._names, self._shown.tolist(), strict=True))

    def published(self, members: Members) -> bool:
        """Whether the count of a set is shown; a set of nobody is, an unknown one is not."""
        if not members.any():
            return True
        return self._index.get(members.tobytes(), False)

    def decisions(self) -> dict[bytes, bool]:
        """Every set with whether its count is shown, to be given to another family."""
        return self._index

    def _small(self, weights: NDArray[np.int64]) -> Vector:
        """Small counts, and small differences between a set and one that holds it."""
        both = (self._patterns * weights) @ self._patterns.T
        inner, outer = np.nonzero(both == self._sizes[:, None])
        differences = self._patterns[outer] - self._patterns[inner]
        every = np.vstack([self._patterns, differences])
        sizes = every @ weights
        return np.unique(every[(sizes > 0) & (sizes < self._least)], axis=0)

    def _protect(self, small: Vector) -> None:
        """Withhold the smallest count that narrows what a small one can be, until it is wide."""
        while True:
            width, narrowing = self._range(small)
            if width >= self._least - _TOLERANCE:
                return
            candidates = self._shown & ~self._decided
            among = candidates & narrowing
            if not among.any():
                among = candidates & (self._patterns @ small > 0)
            if not among.any():
                return
            chosen = np.flatnonzero(among)
            order = np.lexsort((self._sizes[chosen], self._chief[chosen]))
            self._shown[chosen[order[0]]] = False

    def _show_what_follows(self) -> None:
        """Show the counts that the published ones add up to: withholding them protects nothing."""
        large = ~self._shown & ~self._decided & (self._sizes >= self._least)
        published = self._patterns[self._shown].T
        for row in np.flatnonzero(large):
            target = self._patterns[row]
            weights = np.linalg.lstsq(published, target, rcond=None)[0]
            self._shown[row] = bool(np.allclose(published @ weights, target, atol=_TOLERANCE))

    def _range(self, small: Vector) -> tuple[float, NDArray[np.bool_]]:
        """How widely a count can vary, and which published counts hold it there."""
        from scipy.optimize import linprog  # only where small counts are suppressed

        rows = np.flatnonzero(self._shown)
        ends, narrowing = [], np.zeros(len(self._names), dtype=bool)
        for sign in (1.0, -1.0):
            found = linprog(sign * small, A_eq=self._patterns[rows], b_eq=self._sizes[rows])
            if found.status != 0:  # nothing published bounds it
                return np.inf, narrowing
            ends.append(sign * found.fun)
            narrowing[rows[np.abs(found.eqlin.marginals) > _TOLERANCE]] = True
        return ends[1] - ends[0], narrowing
