"""Cox models of many data sets at once: resamples, simulated cohorts, completed copies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis_lib.stats.design import SURELY_FULL, aliased_columns
from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray

_LARGEST_STEP = 2.0
_MOST_STEPS = 100
_FARTHEST = 20.0
_ROUNDING = 1e-12
_RANK = 1e-10


@dataclass(frozen=True, eq=False)
class ManyRiskSets:
    """The rows of many data sets by falling time, events after the others of their time.

    order : (data sets, rows), the rows so sorted; the other arrays are in this order.
    sign : 1 in a row that is at risk up to its time, -1 in one that takes a late entrant out of the
    risk sets up to the entry, 0 in one that is left out. time : equal in rows of the same time of
    one data set, and in no others.

    The risk set of an event is then the sum of the rows up to it.
    """

    order: IntArray
    event: BoolArray
    sign: FloatArray
    time: IntArray

    def among(self, known: BoolArray) -> ManyRiskSets:
        """The risk sets of the rows marked, in the order of these."""
        return replace(self, event=self.event & known, sign=self.sign * known)

    def of(self, members: IntArray) -> ManyRiskSets:
        """The risk sets of some of the data sets."""
        return ManyRiskSets(
            self.order[members], self.event[members], self.sign[members], self.time[members]
        )

    @cached_property
    def at_first(self) -> FloatArray:
        """1 in the rows at risk at the first event, else 0."""
        rows = np.arange(self.event.shape[1])
        until = np.where(self.event, rows, -1).max(axis=1)
        return ((rows <= until[:, None]) & (self.sign > 0)).astype(float)

    @cached_property
    def tied(self) -> tuple[IntArray, IntArray, IntArray]:
        """Data set, row and time of each event that is tied with another."""
        data, row = np.nonzero(self.event)
        time = self.time[data, row]
        new = np.diff(time, prepend=-1, append=-1) != 0
        several = ~(new[1:] & new[:-1])
        return data[several], row[several], time[several]


def many_risk_sets(
    time: FloatArray, event: BoolArray, sign: FloatArray | None = None
) -> ManyRiskSets:
    """Sort the rows of each data set; by default all are at risk from the start."""
    order = np.lexsort((event, -time), axis=1)
    time, event = np.take_along_axis(time, order, axis=1), np.take_along_axis(event, order, axis=1)
    new = np.ones(time.shape, dtype=bool)
    new[:, 1:] = time[:, 1:] != time[:, :-1]
    signs = np.ones(time.shape) if sign is None else np.take_along_axis(sign, order, axis=1)
    return ManyRiskSets(order, event & (signs > 0), signs, np.cumsum(new).reshape(time.shape))


@dataclass(frozen=True, eq=False)
class Ties:
    """Tied events of unequal covariates: data set and row of each, and the start of each group."""

    data: IntArray
    row: IntArray
    start: IntArray
    size: IntArray

    @classmethod
    def of(cls, sets: ManyRiskSets, columns: FloatArray) -> Ties:
        """Most ties of a resample are copies of one patient, who have nothing to share."""
        data, row, time = sets.tied
        values = columns[data, :, row]
        unequal = (values[1:] != values[:-1]).any(axis=1) & (time[1:] == time[:-1])
        kept = np.isin(time, time[1:][unequal])
        start = np.flatnonzero(np.diff(time[kept], prepend=-1))
        size = np.diff(np.append(start, int(kept.sum())))
        return cls(data[kept], row[kept], start, size)

    def even_out(self, values: FloatArray) -> None:
        """Give tied events the mean of their values; (data sets, rows) or (data sets, any, rows).

        Of d tied events Efron's k-th risk set, from 0 on, has lost k/d of each: the running sums in
        which each of them adds the d-th part of all.
        """
        if not len(self.start):
            return
        at = (self.data, self.row) if values.ndim == 2 else (self.data, slice(None), self.row)
        sums = np.add.reduceat(values[at], self.start, axis=0)
        sizes = self.size if values.ndim == 2 else self.size[:, None]
        values[at] = np.repeat(sums / sizes, self.size, axis=0)


@dataclass(frozen=True, eq=False)
class ManyCox:
    """The maximum in each data set: coefficients and information, a column a covariate.

    `free` marks the columns that are identified; the others are 0 and have no information.
    `gain` is the log-likelihood above that of no effect at all.
    """

    coefficients: FloatArray
    information: FloatArray
    free: BoolArray
    gain: FloatArray

    @property
    def std_errors(self) -> FloatArray:
        """From the inverse of the information; nan where a column is not identified."""
        information, scale = _scaled(self.information)
        found = np.full(self.free.shape, np.nan)
        full = np.linalg.det(information) > SURELY_FULL
        inverse = np.linalg.inv(information[full])
        found[full] = np.sqrt(np.diagonal(inverse, axis1=1, axis2=2)) / scale[full]
        for i in np.flatnonzero(~full):
            free = self.free[i]
            inverse = np.linalg.pinv(self.information[i][np.ix_(free, free)])
            found[i, free] = np.sqrt(np.diag(inverse))
        return np.where(self.free, found, np.nan)


def fit_many_cox(sets: ManyRiskSets, columns: FloatArray, *, tolerance: float = 1e-9) -> ManyCox:
    """Maximum of the partial likelihood in every data set, by Newton-Raphson with Efron's ties.

    `columns` is (data sets, covariates, rows), the rows in the order of the risk sets; what is left
    out holds any number. A column that is constant, or a sum of those before it, among the rows at
    risk at the first event is set aside. Steps are shortened to 2 per coefficient. A coefficient
    without a maximum stops where it multiplies the hazard over the range of its column by exp(20),
    and the likelihood has reached its limit. In the last step no coefficient moves by more than the
    tolerance, which is the error of the information; that of the coefficients is its square.
    R: ``coxph(Surv(time, event) ~ ., ties = "efron")``.
    """
    free = identified_columns(sets, columns)
    if not free.all():
        columns = columns * free[:, :, None]
    ranges = np.ptp(columns, axis=2)
    bound = _FARTHEST / np.where(ranges > 0, ranges, np.inf)
    likelihood = _likelihood(sets, columns)
    coefficients, reached = np.zeros(free.shape), np.zeros(len(free))
    information = np.zeros((*free.shape, free.shape[1]))
    moving, start = np.arange(len(free)), reached
    for number in range(_MOST_STEPS):
        at = coefficients[moving]
        score, information[moving], reached[moving] = likelihood.evaluate(at)
        start = start if number else reached.copy()
        step = solve_many(information[moving], score)
        # What the step will add, so that the likelihood is exact to the third order in it.
        reached[moving] += (score * step).sum(axis=1) / 2
        largest = np.abs(step).max(axis=1, initial=1e-300)
        step *= np.minimum(1.0, _LARGEST_STEP / largest)[:, None]
        moved = np.clip(at + step, -bound[moving], bound[moving])
        coefficients[moving] = moved
        goes_on = np.flatnonzero(np.abs(moved - at).max(axis=1, initial=0.0) >= tolerance)
        if not len(goes_on):
            break
        if 2 * len(goes_on) <= len(moving):
            moving, likelihood = moving[goes_on], likelihood.of(goes_on)
    return ManyCox(coefficients, information, free, reached - start)


def identified_columns(sets: ManyRiskSets, columns: FloatArray) -> BoolArray:
    """The columns that vary, and not with those before them, among the rows at risk at first."""
    at_risk, count = sets.at_first[:, None, :], sets.at_first[:, :, None]
    centred = columns - (columns @ count) / np.maximum(count.sum(axis=1, keepdims=True), 1.0)
    products = (centred * at_risk) @ centred.transpose(0, 2, 1)
    sizes = np.diagonal(products, axis1=1, axis2=2)
    free: BoolArray = sizes > _ROUNDING**2 * (columns**2 @ count)[:, :, 0]
    scale = np.sqrt(np.where(free, sizes, np.inf))
    correlations = products / (scale[:, :, None] * scale[:, None, :])
    correlations += np.eye(free.shape[1]) * ~free[:, :, None]
    for i in np.flatnonzero(np.linalg.det(correlations) <= SURELY_FULL):
        own = {(str(j), ""): column for j, column in enumerate(columns[i][:, count[i, :, 0] > 0])}
        aliased = aliased_columns(own)
        free[i] = [key not in aliased for key in own]
    return free


def _likelihood(sets: ManyRiskSets, columns: FloatArray) -> _OfRows | _OfGroups:
    ties = Ties.of(sets, columns)
    indicators = ((columns == 0) | (columns == 1)).all() and columns.sum(axis=1).max() <= 1
    return _OfGroups.made(sets, ties, columns) if indicators else _OfRows(sets, ties, columns)


@dataclass(frozen=True, eq=False)
class _OfRows:
    """The partial likelihood of any columns: (data sets, covariates, rows)."""

    sets: ManyRiskSets
    ties: Ties
    columns: FloatArray

    def of(self, members: IntArray) -> _OfRows:
        sets, columns = self.sets.of(members), self.columns[members]
        return _OfRows(sets, Ties.of(sets, columns), columns)

    def evaluate(self, coefficients: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Score, information and log-likelihood of each data set."""
        sets, columns = self.sets, self.columns
        linear = (coefficients[:, None, :] @ columns)[:, 0]
        hazard = sets.sign * np.exp(linear)
        at_risk, means = hazard.copy(), columns * hazard[:, None, :]
        self.ties.even_out(at_risk)
        self.ties.even_out(means)
        totals = np.where(sets.event, np.cumsum(at_risk, axis=1), 1.0)
        shares = sets.event / totals
        np.cumsum(means, axis=2, out=means)
        means *= shares[:, None, :]
        carried = np.cumsum(shares[:, ::-1], axis=1)[:, ::-1]
        self.ties.even_out(carried)
        carried = carried * hazard
        information = -means @ means.transpose(0, 2, 1)
        np.multiply(columns, carried[:, None, :], out=means)
        information += means @ columns.transpose(0, 2, 1)
        score = (columns @ (sets.event - carried)[:, :, None])[:, :, 0]
        return score, information, (sets.event * linear - np.log(totals)).sum(axis=1)


@dataclass(frozen=True, eq=False)
class _OfGroups:
    """The partial likelihood of indicators that exclude each other, which counts alone decide.

    groups, others : how many of each group, and of none, are at risk at each event; 0 and 1 where
    there is none. events : how many of each group have one.
    """

    groups: FloatArray
    others: FloatArray
    events: FloatArray

    @classmethod
    def made(cls, sets: ManyRiskSets, ties: Ties, columns: FloatArray) -> _OfGroups:
        everyone, groups = sets.sign.copy(), columns * sets.sign[:, None, :]
        ties.even_out(everyone)
        ties.even_out(groups)
        groups = np.cumsum(groups, axis=2) * sets.event[:, None, :]
        others = np.where(sets.event, np.cumsum(everyone, axis=1) - groups.sum(axis=1), 1.0)
        return cls(groups, others, (columns @ sets.event[:, :, None])[:, :, 0])

    def of(self, members: IntArray) -> _OfGroups:
        return _OfGroups(self.groups[members], self.others[members], self.events[members])

    def evaluate(self, coefficients: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Score, information and log-likelihood of each data set."""
        means = self.groups * np.exp(coefficients)[:, :, None]
        totals = self.others + means.sum(axis=1)
        means /= totals[:, None, :]
        expected = means.sum(axis=2)
        information = np.eye(means.shape[1]) * expected[:, :, None]
        information -= means @ means.transpose(0, 2, 1)
        reached = (self.events * coefficients).sum(axis=1) - np.log(totals).sum(axis=1)
        return self.events - expected, information, reached


def _scaled(matrices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Matrices in the unit of each column, and these units; 1 in the diagonal of what is 0."""
    diagonal = np.diagonal(matrices, axis1=1, axis2=2)
    scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled = matrices / (scale[:, :, None] * scale[:, None, :])
    return scaled + np.eye(scale.shape[1]) * (diagonal <= 0)[:, :, None], scale


def solve_many(matrices: FloatArray, right: FloatArray) -> FloatArray:
    """The solutions; they stand still along what nothing is known of, as a group without events."""
    if right.shape[1] == 1:
        return right / np.where(matrices[:, 0] > 0, matrices[:, 0], np.inf)
    scaled, scale = _scaled(matrices)
    full = np.linalg.det(scaled) > SURELY_FULL
    solved = np.zeros(right.shape)
    right = right / scale
    solved[full] = np.linalg.solve(scaled[full], right[full][:, :, None])[:, :, 0]
    for i in np.flatnonzero(~full):
        solved[i] = np.linalg.lstsq(scaled[i], right[i], rcond=_RANK)[0]
    return solved / scale
