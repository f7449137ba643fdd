"""The primary model with imputed values moved away from what is recorded: not missing at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis_lib.estimates.random_part import random_part
from analysis_lib.estimates.specification import Specification
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results, once
from analysis_lib.simulation.screened import ExposureEstimate
from analysis_lib.stats.inputs import FloatArray
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.missing import COMPARED, EVERYONE, SHIFTS, shift_level
from analysis_lib.topics.missing.bounds import response_bounds, unknown_response
from analysis_lib.topics.missing.copies import (
    Completed,
    complete_cases_only,
    completed_copies,
    imputed_models,
)
from analysis_lib.topics.missing.imputed import (
    Followed,
    Imputed,
    exposure_in,
    followed,
    group_contrasts,
    imputed_effects,
    pooled_or_none,
    pooled_term,
)
from analysis_lib.topics.missing.numbers import missing_data

ANALYSIS = "cox_imputed_shifted"
METHOD = "imputed values shifted, then as in multiple imputation, {} imputations"
# Patients of all copies that are fitted for a shift: of many patients fewer copies say as much.
_ROWS, _LEAST_COPIES = 20_000, 20


@dataclass(frozen=True)
class Shifted:
    """The incomplete `covariates` of the primary model, each shifted by itself, for each endpoint.

    `imputed` holds the ratios without a shift.
    """

    exposure: Grouping
    outcomes: tuple[str, ...]
    covariates: tuple[str, ...]
    imputed: Imputed
    results: Results

    def key(self, outcome: str, covariate: str, level: str, scope: str, shift: float) -> Key:
        """The key of a group's ratio where a covariate is shifted, in everyone or in that group."""
        return Key(
            ANALYSIS,
            outcome,
            "infused",
            covariate,
            shift_level(scope, shift),
            self.exposure.against(level),
        )

    def unshifted(self, outcome: str, level: str) -> Key:
        """The key of a group's ratio with gaps imputed, missing at random."""
        pairs = (x for x in self.imputed.pairs if x.of_baseline and x.outcome == outcome)
        return next(pairs).imputed.contrast(level)


@once
def shifted_effects(study: Study) -> Shifted | Omitted:
    """The pooled ratio had the imputed values been higher or lower than those like them.

    Each incomplete covariate is shifted by itself (delta adjustment), in everyone and in the group
    compared alone, by log odds or standard deviations. The copies are those of the imputed model,
    of many patients the first of them, and the same random numbers choose their values, so that
    without a shift nothing moves.
    """
    part = random_part(study)
    imputed, copies = imputed_effects(study), completed_copies(part)
    if isinstance(imputed, Omitted) or isinstance(copies, Omitted):
        return Omitted("Nothing is imputed, so that no imputed value can be shifted.")
    copies = copies.first(max(_ROWS // len(copies.table), _LEAST_COPIES))
    among = complete_cases_only(part)
    models = [one for _, one in imputed_models(among) if one.name == "baseline"]
    gaps = copies.table.isna().any()
    covariates = tuple(x for x in models[0].terms if gaps[x])
    if not covariates:
        return Omitted("Every covariate of the primary model is recorded; none can be shifted.")
    found = kept_results(
        part,
        "imputed_shifted",
        lambda: study_results(
            part, [row for one in models for row in _rows(among, one, copies, covariates)]
        ),
    )
    assert isinstance(found, Results)
    return Shifted(
        study.groups,
        tuple(one.outcome for one in models),
        covariates,
        imputed,
        combine(study, (imputed.results, found)),
    )


def _rows(
    study: Study, model: Specification, copies: Completed, covariates: tuple[str, ...]
) -> Iterator[Row]:
    """Of one endpoint, every covariate, scope and shift."""
    of, groups = followed(study, model), study.groups
    n, events = len(of.patients), int(of.event.sum())
    key = Key(ANALYSIS, model.outcome, model.population)
    yield from context(key, n=n).patients({"n": n, "events": events})
    fits = _Fits(groups, of, list(dict.fromkeys(model.variables)), copies)
    free = max(events - fits.columns.shape[1], 1)
    made = METHOD.format(len(fits.columns))
    contrasts = list(enumerate(group_contrasts(study, of.patients)))
    for name in covariates:
        held = copies.table.loc[copies.table[name].isna(), groups.variable].to_numpy()
        for shift in SHIFTS:
            everyone = fits.shifted(name, np.full(len(held), shift))
            for column, group in contrasts:
                alone = (held == group.level) * shift
                for scope, found in ((EVERYONE, everyone), (COMPARED, fits.shifted(name, alone))):
                    term = pooled_term(
                        group,
                        pooled_or_none(
                            found.coefficients[:, column],
                            found.std_errors[:, column],
                            free,
                            study.confidence_level,
                        ),
                        study.confidence_level,
                    )
                    level = shift_level(scope, shift)
                    at = key._replace(
                        variable=name, level=level, contrast=groups.against(group.level)
                    )
                    ends = (term.hazard_ratio, term.ci_low, term.ci_high)
                    method = made if term.estimable else f"not estimable: {term.reason}"
                    yield from context(at, n=n).interval("hazard_ratio", *ends, method=method)


class _Fits:
    """The fits of every copy; a copy that a shift leaves as it is keeps its fit."""

    def __init__(self, groups: Grouping, of: Followed, names: list[str], copies: Completed) -> None:
        self.groups, self.of, self.names, self.copies = groups, of, names, copies
        self.columns = copies.of(names, of.patients.index)
        self.found = self._fit(self.columns)

    def _fit(self, columns: FloatArray) -> ExposureEstimate:
        return exposure_in(self.groups, self.of.time, self.of.event, columns)

    def shifted(self, name: str, shift: FloatArray) -> ExposureEstimate:
        moved = self.copies.shifted(name, shift).of(self.names, self.of.patients.index)
        changed = (moved != self.columns).any(axis=(1, 2))
        values, errors = self.found.coefficients.copy(), self.found.std_errors.copy()
        if changed.any():
            again = self._fit(moved[changed])
            values[changed], errors[changed] = again.coefficients, again.std_errors
        return ExposureEstimate(values, errors)


def parts(study: Study) -> Iterator[OfStudy]:
    """What is not recorded, and what it could change."""
    yield missing_data(study)
    yield imputed_effects(study)
    shifted = shifted_effects(study)
    if isinstance(shifted, Omitted):
        yield shifted
    else:
        own = [row for row in shifted.results if row.key.analysis == ANALYSIS]
        yield study_results(study, own)
    yield unknown_response(study)
    yield response_bounds(study)
