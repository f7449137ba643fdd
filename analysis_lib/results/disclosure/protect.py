"""Complementary suppression: which counts of a family to withhold so that none gives another back.

A count is the size of a set of patients. An attacker knows every published count of a family, and
which sets are parts of which others; what a withheld count can be lies between the solutions of two
linear programs over the patients of each pattern of membership.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

import numpy as np
from numpy.typing import NDArray

Members = NDArray[np.bool_]  # one flag a patient
Vector = NDArray[np.float64]
Kept = tuple[Vector, float, float]  # a sum of counts, and the ends of a range
Ranges = dict[bytes, tuple[float, float]]
_TOLERANCE = 1e-6


class Family:
    """Sets of patients that are counted together; `published` tells which counts are shown.

    A count from 1 to `small_cell` - 1 is withheld, and so are others until each such count, and
    each difference of that size between a set and one that holds it, could lie anywhere in a range
    at least `small_cell` wide, in whole patients. Counts of `given` sets were decided before: True
    is shown; those of `chief` sets are withheld only where no other helps.

    What families share and withhold must not be narrowed by one from above and by another from
    below: `left` holds ranges that the small counts of a family before keep in this one, within
    which those that are its own still vary as widely.

    Zero is shown, as in the cell size policy of the US Centers for Medicare & Medicaid Services.
    Fischetti & Salazar (2001), Manage Sci 47:1008, define protection by these two programs.
    """

    def __init__(
        self,
        sets: Iterable[Members],
        small_cell: int,
        given: dict[bytes, bool] | None = None,
        chief: Iterable[Members] = (),
        left: Ranges | None = None,
    ) -> None:
        kept = left or {}
        decided = (given or {}) | {name: False for name in kept if name not in (given or {})}
        spared = {one.tobytes() for one in chief}
        distinct = {one.tobytes(): one for one in sets if one.any()}
        own = len(distinct.keys() | (given or {}).keys())
        distinct |= {name: np.frombuffer(name, dtype=bool) for name, shown in decided.items()}
        self._names = list(distinct)
        self._decided = np.array([name in decided for name in self._names], dtype=bool)
        self._chief = np.array([name in spared for name in self._names], dtype=bool)
        patterns, place, weights = np.unique(
            np.array([*distinct.values()]), axis=1, return_inverse=True, return_counts=True
        )
        self._patterns: Vector = patterns.astype(float)
        self._sizes: Vector = self._patterns @ weights
        self._least = small_cell
        self._shown = np.array([decided.get(name, True) for name in self._names], dtype=bool)
        self._shown &= self._decided | (self._sizes >= small_cell)
        self._kept = [(self._patterns[self._names.index(x)], *ends) for x, ends in kept.items()]
        self._place, self._small = place, self._small_of(weights, own)
        for small in self._small:
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

    def left(self, shared: Container[bytes] | None = None) -> Ranges:
        """Of each small count a range as wide as the bound, for families that share its set."""
        names = [small[self._place].astype(bool).tobytes() for small in self._small]
        found: dict[bytes, Kept] = {}
        for name, small in zip(names, self._small, strict=True):
            if shared is None or name in shared:
                low, high, _ = self._range(small, [*found.values()])
                found[name] = small, low, min(high, low + self._least)
        return {name: (low, high) for name, (_, low, high) in found.items()}

    def _small_of(self, weights: NDArray[np.int64], own: int) -> Vector:
        """Small counts, and small differences between a set and one that holds it."""
        mine = self._patterns[:own]
        both = (mine * weights) @ mine.T
        inner, outer = np.nonzero(both == self._sizes[:own, None])
        differences = mine[outer] - mine[inner]
        every = np.vstack([self._patterns, differences])
        sizes = every @ weights
        return np.unique(every[(sizes > 0) & (sizes < self._least)], axis=0)

    def _protect(self, small: Vector) -> None:
        """Withhold the smallest count that narrows what a small one can be, until it is wide."""
        asked = next((ends for one, *ends in self._kept if np.array_equal(one, small)), None)
        while True:
            low, high, narrowing = self._range(small, [] if asked else self._kept)
            if high - low >= self._least if asked is None else low <= asked[0] and high >= asked[1]:
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

    def _range(self, small: Vector, kept: list[Kept]) -> tuple[float, float, NDArray[np.bool_]]:
        """Between which whole numbers a count lies, and which published counts hold it there."""
        from scipy.optimize import linprog  # only where small counts are suppressed

        rows = np.flatnonzero(self._shown)
        ends, narrowing = [], np.zeros(len(self._names), dtype=bool)
        within = {}
        if kept:
            sums = np.array([one for one, *_ in kept])
            highest, lowest = (np.array([x[i] for x in kept]) for i in (2, 1))
            within = {"A_ub": np.vstack([sums, -sums]), "b_ub": np.hstack([highest, -lowest])}
        for sign in (1.0, -1.0):
            found = linprog(
                sign * small, A_eq=self._patterns[rows], b_eq=self._sizes[rows], **within
            )
            if found.status != 0:  # nothing published bounds it
                ends.append(np.inf)
                continue
            ends.append(sign * found.fun)
            narrowing[rows[np.abs(found.eqlin.marginals) > _TOLERANCE]] = True
        low, high = np.ceil(ends[0] - _TOLERANCE), np.floor(ends[1] + _TOLERANCE)
        return float(low), float(high), narrowing
