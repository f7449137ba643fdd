"""Fitting of a design: the maximum over its finite coefficients, and what is not finite."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from analysis_lib.stats.design import Design, Key, aliased_columns
from analysis_lib.stats.inputs import FloatArray, IntArray, SurvivalData
from analysis_lib.stats.partial_likelihood import Maximum, maximise
from analysis_lib.stats.separation import infinite_direction, strata_along

INFINITE = "infinite coefficient: it orders the events without exception"
NO_MAXIMUM = "the partial likelihood has no finite maximum"


@dataclass(frozen=True, eq=False)
class FittedDesign:
    """Maximum over `keys` (columns `matrix`) in the patients of `data`.

    `strata` is set when a monotone likelihood confines the risk sets to patients alike in the
    infinite direction; `maximum` is None when there is none.
    """

    data: SurvivalData
    keys: tuple[Key, ...]
    matrix: FloatArray
    maximum: Maximum | None
    strata: IntArray | None = None
    reasons: dict[Key, str] = field(default_factory=dict)


def fit_design(data: SurvivalData, design: Design) -> FittedDesign:
    """Fit in the patients the design keeps; where the likelihood is monotone, fit its limit."""
    kept = data.subset(design.kept)
    maximum = maximise(kept, design.matrix)
    if maximum is not None and not maximum.is_suspicious(design.matrix):
        return FittedDesign(kept, design.keys, design.matrix, maximum)
    direction = infinite_direction(kept, design.matrix)
    if direction is not None:
        return _fit_limit(kept, design, direction)
    if maximum is None:
        return _without_maximum(kept, design)
    return FittedDesign(kept, design.keys, design.matrix, maximum)


def _fit_limit(data: SurvivalData, design: Design, direction: FloatArray) -> FittedDesign:
    """Fit the other coefficients within strata of the infinite direction, its exact limit."""
    strata = strata_along(direction, design.matrix)
    informative = _at_risk_in_stratum(data, strata)
    columns = {key: design.matrix[informative, i] for i, key in enumerate(design.keys)}
    aliased = aliased_columns(columns, strata[informative])
    kept = [i for i, key in enumerate(design.keys) if key not in aliased]
    matrix = design.matrix[:, kept]
    maximum = maximise(data, matrix, strata)
    if maximum is None or maximum.is_suspicious(matrix):
        return _without_maximum(data, design)
    infinite = {key: INFINITE for key, d in zip(design.keys, direction, strict=True) if d}
    keys = tuple(design.keys[i] for i in kept)
    return FittedDesign(data, keys, matrix, maximum, strata, aliased | infinite)


def _without_maximum(data: SurvivalData, design: Design) -> FittedDesign:
    reasons = dict.fromkeys(design.keys, NO_MAXIMUM)
    return FittedDesign(data, design.keys, design.matrix, None, None, reasons)


def _at_risk_in_stratum(data: SurvivalData, strata: IntArray) -> np.ndarray:
    """Patients still at risk at the first event of their stratum."""
    first = np.full(int(strata.max()) + 1, np.inf)
    np.minimum.at(first, strata[data.event], data.time[data.event])
    return np.asarray(data.time >= first[strata])
