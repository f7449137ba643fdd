"""Weights that make groups alike in the covariates of their propensity, and what they cost."""

from __future__ import annotations

import numpy as np

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.inputs import ArrayLike, FloatArray, IntArray, check_numbers

_SMALLEST = 1e-12  # a propensity of 0 at machine precision has no finite inverse


def inverse_probability_weights(probabilities: FloatArray, codes: IntArray) -> FloatArray:
    """Share of the own group over its propensity: everyone is the target population.

    Stabilised by the share, so that the weights of a group sum to about its size.
    Robins, Hernan & Brumback (2000), Epidemiology 11:550; Cole & Hernan (2004).
    """
    own = _own(probabilities, codes)
    shares = np.bincount(codes, minlength=probabilities.shape[1]) / len(codes)
    return np.asarray(shares[codes] / own)


def overlap_weights(probabilities: FloatArray, codes: IntArray) -> FloatArray:
    """Harmonic mean of all propensities over the own: patients who could be in any group.

    Of two groups 1 - e, the propensity of the other group: the means of the covariates are then
    exactly equal in both. The weights are bounded.
    Li, Morgan & Zaslavsky (2018), JASA 113:390; Li & Li (2019), Ann Appl Stat 13:2389.
    """
    own = _own(probabilities, codes)
    shared = 1 / (1 / np.maximum(probabilities, _SMALLEST)).sum(axis=1)
    return np.asarray(shared / own)


def effective_sample_size(weights: ArrayLike) -> float:
    """Patients of equal weight whose mean would be as precise: (sum w)^2 / sum w^2. Kish (1965)."""
    values = check_weights(weights)
    return float(values.sum() ** 2 / (values**2).sum())


def check_weights(weights: ArrayLike) -> FloatArray:
    """Return finite weights above 0, or raise StatisticsError with the offending value."""
    values = check_numbers(weights, name="weights")
    if not (values > 0).all():
        raise StatisticsError(
            f"weights must be above 0, but {float(values.min())!r} was given: "
            "leave patients without weight out"
        )
    return values


def _own(probabilities: FloatArray, codes: IntArray) -> FloatArray:
    """The propensity of the group that each patient is in."""
    return np.maximum(probabilities[np.arange(len(codes)), codes], _SMALLEST)
