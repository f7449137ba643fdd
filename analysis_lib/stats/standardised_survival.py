"""Survival had everyone been in one group: by an outcome model, by weights, and by both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis_lib.stats.inputs import BoolArray, FloatArray, IntArray
from analysis_lib.stats.many_curves import (
    EventGrid,
    many_hazards,
    many_kaplan_meier,
    weighted_pseudo_values,
)
from analysis_lib.stats.propensity import fit_many_propensities
from analysis_lib.stats.weighted_kaplan_meier import inverse_probability_weights, overlap_weights

CRUDE, OUTCOME, IPTW, OVERLAP, DOUBLY_ROBUST = "crude", "outcome", "iptw", "overlap", "robust"
AT_ONCE = 100  # resamples that are held in memory together


@dataclass(frozen=True, eq=False)
class Compared:
    """Patients in groups, with what the outcome model and the propensity hold of them.

    time, event, group : of each patient; the groups are numbered from 0, the reference, to
    `levels` - 1. terms : (columns, patients) of the outcome model beside the groups, or (copies,
    columns, patients). propensity : (patients, columns) with the intercept first, or None where
    nobody's can be estimated.
    """

    time: FloatArray
    event: BoolArray
    group: IntArray
    levels: int
    terms: FloatArray
    propensity: FloatArray | None

    @cached_property
    def grid(self) -> EventGrid:
        return EventGrid(self.time, self.event)

    @cached_property
    def members(self) -> list[BoolArray]:
        """Who is in each group."""
        return [self.group == group for group in range(self.levels)]

    @cached_property
    def columns(self) -> FloatArray:
        """Of the outcome model: groups but the reference, then the terms."""
        groups = (self.group == np.arange(1, self.levels)[:, None]).astype(float)
        of_all = np.broadcast_to(groups, (*self.terms.shape[:-2], *groups.shape))
        return np.concatenate([of_all, self.terms], axis=-2)


def standardised_curves(of: Compared, counts: IntArray) -> dict[str, FloatArray]:
    """Survival of each group at each time of the grid: (resamples, groups, times), by estimator.

    `counts` is how often each patient is in each resample, (resamples, patients).

    - ``crude``: Kaplan-Meier of each group as it is.
    - ``outcome``: the Cox model's survival of everyone, had everyone been in the group; its mean
      (g-computation, the g-formula). R: ``survfit(coxph(...), newdata)``, averaged.
    - ``iptw``, ``overlap``: Kaplan-Meier under these weights.
    - ``robust``: the mean of the outcome model corrected by what the pseudo-values of those in the
      group, weighted by the inverse of their propensity, leave of it. Right in large samples if
      either model is. Pseudo-values are taken within a group, so that censoring may depend on it.

    Where there is no propensity the last three are absent. Robins (1986); Cole & Hernan (2004);
    Li, Morgan & Zaslavsky (2018); Wang (2018), Pharm Stat 17:38; Andersen, Syriopoulou & Parner
    (2017), Stat Med 36:2669.
    """
    parts = [_curves(of, counts[i : i + AT_ONCE]) for i in range(0, len(counts), AT_ONCE)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def outcome_curves(of: Compared, counts: IntArray, copy: IntArray) -> FloatArray:
    """The ``outcome`` of `standardised_curves` alone, each resample in one copy of the terms."""
    together = [slice(i, i + AT_ONCE) for i in range(0, len(counts), AT_ONCE)]
    parts = [
        _curves_of_model(replace(of, terms=of.terms[copy[some]]), counts[some]) for some in together
    ]
    return np.concatenate([model.of_everyone() for model in parts])


def _curves(of: Compared, counts: IntArray) -> dict[str, FloatArray]:
    times, model = counts.astype(float), _curves_of_model(of, counts)
    crude = _by_group(of, times)
    if of.propensity is None:
        return _without_empty(of, times, {CRUDE: crude, OUTCOME: model.of_everyone()})
    chances = fit_many_propensities(of.propensity, of.group, of.levels, times)
    inverse, overlap = (
        times * np.array([weigh(one, of.group) for one in chances])
        for weigh in (inverse_probability_weights, overlap_weights)
    )
    outcome, robust = [], []
    for group, own in enumerate(of.members):
        everyone, weighted = model.of_group(group, times, inverse * own)
        observed = weighted_pseudo_values(of.grid, times * own, inverse * own)
        outcome.append(everyone)
        robust.append(everyone + observed - weighted)
    found = {
        CRUDE: crude,
        OUTCOME: np.stack(outcome, axis=1),
        IPTW: _by_group(of, inverse),
        OVERLAP: _by_group(of, overlap),
        DOUBLY_ROBUST: np.stack(robust, axis=1),
    }
    return _without_empty(of, times, found)


def _by_group(of: Compared, weights: FloatArray) -> FloatArray:
    """Kaplan-Meier curve of each group: (resamples, groups, times)."""
    return np.stack([many_kaplan_meier(of.grid, weights * own) for own in of.members], axis=1)


def _without_empty(
    of: Compared, times: FloatArray, found: dict[str, FloatArray]
) -> dict[str, FloatArray]:
    """No curves in a resample in which a group has nobody."""
    empty = np.any([times @ own == 0 for own in of.members], axis=0)
    return {name: np.where(empty[:, None, None], np.nan, curves) for name, curves in found.items()}


@dataclass(frozen=True, eq=False)
class _OutcomeModel:
    """The Cox model of each resample: baseline hazard up to each time of the grid, (resamples,
    times); relative hazard of each patient in the reference group, (resamples, patients), and of
    each group, (resamples, groups).
    """

    hazard: FloatArray
    patients: FloatArray
    groups: FloatArray
    counts: FloatArray

    def of_group(self, group: int, *weights: FloatArray) -> list[FloatArray]:
        """The patients' survival, had they been in the group: its mean under each weights."""
        relative = self.patients * self.groups[:, group, None]
        return _mean_survival(relative, self.hazard, weights)

    def of_everyone(self) -> FloatArray:
        groups = range(self.groups.shape[1])
        return np.stack([self.of_group(group, self.counts)[0] for group in groups], axis=1)


_NODES = 64
_WIDEST = 8.0  # range of log hazards over which that many nodes leave an error of 1e-10


def _mean_survival(
    relative: FloatArray, hazard: FloatArray, weights: Sequence[FloatArray]
) -> list[FloatArray]:
    """exp(-relative hazard x hazard) averaged over the patients, 0 of nobody, by each weights.

    As a function of the log of the relative hazard it is read at Chebyshev's nodes alone, where
    these are fewer than the patients and near enough, and the patients' weights are laid on these:
    (resamples, patients), (resamples, times) and weights give (resamples, times).
    """
    totals = [one.sum(axis=1, keepdims=True) for one in weights]
    shares = [
        np.divide(one, total, out=np.zeros_like(one), where=total > 0)
        for one, total in zip(weights, totals, strict=True)
    ]
    logs = np.log(relative)
    low, high = logs.min(axis=1), logs.max(axis=1)
    near = (high - low < _WIDEST) & (relative.shape[1] > _NODES)
    found = [np.empty(hazard.shape) for _ in shares]
    for among in np.flatnonzero(~near):
        survival = np.exp(-relative[among][:, None] * hazard[among])
        for one, share in zip(found, shares, strict=True):
            one[among] = share[among] @ survival
    angles = (np.arange(_NODES) + 0.5) * np.pi / _NODES
    middle, half = (high + low)[near, None] / 2, np.maximum(high - low, 1e-9)[near, None] / 2
    survival = np.exp(-np.exp(middle + half * np.cos(angles))[:, :, None] * hazard[near, None, :])
    laid = _on_nodes((logs[near] - middle) / half, [share[near] for share in shares], angles)
    for one, share in zip(found, laid, strict=True):
        one[near] = (share[:, None, :] @ survival)[:, 0]
    return found


def _on_nodes(
    places: FloatArray, shares: Sequence[FloatArray], angles: FloatArray
) -> list[FloatArray]:
    """The weights of the nodes, (resamples, nodes), that give a polynomial the mean that shares of
    patients at places between -1 and 1 do, by its Chebyshev coefficients.
    """
    before, here = np.ones_like(places), places.copy()
    sums = [[share.sum(axis=1), (share * here).sum(axis=1)] for share in shares]
    for _ in range(2, len(angles)):
        before *= -1
        before += 2 * places * here
        before, here = here, before
        for share, own in zip(shares, sums, strict=True):
            own.append(np.einsum("ij,ij->i", share, here))
    waves = np.cos(np.arange(len(angles))[:, None] * angles) * 2 / len(angles)
    waves[0] /= 2
    return [np.column_stack(own) @ waves for own in sums]


def _curves_of_model(of: Compared, counts: IntArray) -> _OutcomeModel:
    """The Cox model of each resample, with Efron's baseline hazard."""
    fitted = many_hazards(of.time, of.event, of.columns, counts, of.grid.times)
    own = of.levels - 1
    groups, terms = fitted.coefficients[:, :own], fitted.coefficients[:, own:]
    return _OutcomeModel(
        fitted.hazard,
        np.exp((terms[:, None] @ of.terms)[:, 0]),
        np.exp(np.column_stack([np.zeros(len(counts)), groups])),
        counts.astype(float),
    )
