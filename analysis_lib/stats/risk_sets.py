"""The risk sets of a Cox model with Efron's ties, and sums over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Who is at risk at each event, for patients sorted by stratum and falling time.

    order : the patients so sorted; a late entrant is named twice. events : rows of events in that
    order. last : last row at risk with each event. reached : of each row, the tied groups of
    events that lie before it. first, begun : rows that stand before the stratum of each event, and
    of each row the tied groups in its stratum and before; None where there is one stratum.
    tie_start, tie : first event of each tied group, and each event's group. fraction : Efron's
    share of the tied events taken out of the risk set; None without ties. sign : None where
    everyone is at risk from the start; else 1, and -1 in a second row that takes a late entrant
    out of the risk sets up to the entry. weight, event_weight : of each row, and the mean of those
    tied with an event; None where all count alike.

    Every sum over the risk sets is a cumulative one: n log n to sort, and then linear.
    """

    order: IntArray
    events: IntArray
    last: IntArray
    reached: IntArray
    tie_start: IntArray
    tie: IntArray
    fraction: FloatArray | None = None
    first: IntArray | None = None
    begun: IntArray | None = None
    sign: FloatArray | None = None
    weight: FloatArray | None = None
    event_weight: FloatArray | None = None

    def centred(self, matrix: FloatArray) -> FloatArray:
        """The patients' rows sorted by `order`, about their means, so that moments lose no digits;
        the numbers of a row side by side.
        """
        rows = np.array(matrix, order="C")
        rows -= matrix.mean(axis=0)
        return rows.take(self.order, axis=0)

    @property
    def few_times(self) -> bool:
        """Whether events of one time are so many that sums are better taken by times."""
        return 2 * len(self.tie_start) < len(self.events)

    def at_times(self, values: FloatArray) -> FloatArray:
        """Sum of the rows at risk at each tied group of events; values sorted by `order`."""
        last = self.last[self.tie_start]
        if self.few_times and self.first is None:
            starts = np.append(0, last[:-1] + 1)
            between = np.add.reduceat(values[: last[-1] + 1], starts, axis=0)
            return np.asarray(np.cumsum(between, axis=0))
        running = np.cumsum(values, axis=0)
        found = running[last]
        if self.first is not None:
            first = self.first[self.tie_start]
            inside = first > 0
            found[inside] -= running[first[inside] - 1]
        return np.asarray(found)

    def carried(self, matrix: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Weighted sums of the rows at risk at each tied group of events, and of its events."""
        events, starts = self.events, np.append(self.tie_start, len(self.events))
        tied = _summed(matrix, weight[events], events, starts)
        if self.first is not None:
            return self.at_times(matrix * weight[:, None]), tied
        ends = np.append(0, self.last[self.tie_start] + 1)
        between = _summed(matrix, weight[: ends[-1]], np.arange(ends[-1]), ends)
        return np.cumsum(between, axis=0), tied

    def tied(self, values: FloatArray) -> FloatArray:
        """Sum of the rows of the events of each tied group; values sorted by `order`."""
        return np.asarray(np.add.reduceat(values[self.events], self.tie_start, axis=0))

    def sums(self, values: FloatArray) -> FloatArray:
        """Sum of the rows over the risk set of each event; values sorted by `order`."""
        found = self.at_times(values)
        if self.fraction is None:
            return found
        return found[self.tie] - _times(self.fraction, self.tied(values)[self.tie])

    def spread(self, values: FloatArray) -> FloatArray:
        """Sum, for each row, of the values of the events whose risk set it is in."""
        groups = values
        if self.fraction is not None:
            groups = np.add.reduceat(values, self.tie_start, axis=0)
        running = np.zeros((len(groups) + 1, *values.shape[1:]))
        running[:-1] = np.cumsum(groups[::-1], axis=0)[::-1]
        found = running[self.reached]
        if self.begun is not None:
            found -= running[self.begun]
        if self.fraction is not None:
            out = np.add.reduceat(_times(self.fraction, values), self.tie_start, axis=0)[self.tie]
            found[self.events] -= out
        return found

    def tied_means(self, values: FloatArray) -> FloatArray:
        """The mean of the values over the events of the same time, for each event."""
        if self.fraction is None:
            return values
        sizes = np.diff(np.append(self.tie_start, len(self.events)))
        means = _times(1 / sizes, np.add.reduceat(values, self.tie_start, axis=0))
        return np.asarray(means[self.tie])

    def own(self, values: FloatArray) -> FloatArray:
        """Rows in the order of the patients again, those of a late entrant added up."""
        found = np.zeros((int(self.order.max()) + 1, *values.shape[1:]))
        if self.sign is None:
            found[self.order] = values
        else:
            np.add.at(found, self.order, values)
        return found


def _summed(matrix: FloatArray, weight: FloatArray, rows: IntArray, starts: IntArray) -> FloatArray:
    """Sums of runs of weighted rows, without their products: a sparse matrix times a dense one."""
    from scipy.sparse import csr_array

    return np.asarray(csr_array((weight, rows, starts), (len(starts) - 1, len(matrix))) @ matrix)


def _times(factor: FloatArray, values: FloatArray) -> FloatArray:
    return np.asarray(factor * values if values.ndim == 1 else factor[:, None] * values)


def risk_sets(
    time: FloatArray,
    event: BoolArray,
    *,
    entry: FloatArray | None = None,
    strata: IntArray | None = None,
    weights: FloatArray | None = None,
) -> RiskSets:
    """Sort the patients and find the risk set of each event: in its stratum, those with
    entry < its time <= time.
    """
    late = np.empty(0, dtype=np.int64)
    if entry is not None and event.any():
        late = np.flatnonzero(entry >= time[event].min())
        time = np.append(time, entry[late])
        event = np.append(event, np.zeros(len(late), dtype=bool))
    rows = np.append(np.arange(len(time) - len(late)), late)
    if strata is None:
        order = np.argsort(-time, kind="stable")
        place, before = -time[order], np.empty(0, dtype=np.int64)
    else:
        order = np.lexsort((-time, strata[rows]))
        place, before = _places(time[order], strata[rows][order])
    events = np.flatnonzero(event[order])
    last = (np.searchsorted(place, place[events], side="right") - 1).astype(np.int64)
    start, size = np.unique(last, return_index=True, return_counts=True)[1:]
    tie = np.repeat(np.arange(len(start)), size)
    first = None if strata is None else before[events]
    ends = np.bincount(last[start], minlength=len(order))
    weight, mean_weight = None if weights is None else weights[rows[order]], None
    if weight is not None and len(events):
        mean_weight = np.repeat(np.add.reduceat(weight[events], start) / size, size)
    return RiskSets(
        order=rows[order],
        events=events,
        last=last,
        reached=np.cumsum(ends) - ends,
        tie_start=start,
        tie=tie,
        fraction=None if (size == 1).all() else (np.arange(len(events)) - start[tie]) / size[tie],
        first=first,
        begun=None if first is None else np.cumsum(np.bincount(first[start], minlength=len(order))),
        sign=np.where(order < len(time) - len(late), 1.0, -1.0) if len(late) else None,
        weight=weight,
        event_weight=mean_weight,
    )


def _places(time: FloatArray, strata: IntArray) -> tuple[FloatArray, IntArray]:
    """Ranks of the distinct pairs of stratum and time, and the rows before each row's stratum."""
    fresh = np.ones(len(time), dtype=bool)
    fresh[1:] = strata[1:] != strata[:-1]
    starts = np.flatnonzero(fresh)
    before = starts[np.cumsum(fresh) - 1]
    fresh[1:] |= time[1:] != time[:-1]
    return np.cumsum(fresh).astype(float), before
