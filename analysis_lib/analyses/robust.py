"""Errors of a model's exposure that hold when patients of one centre resemble each other."""

from __future__ import annotations

from analysis_lib.analyses.effects import Effect
from analysis_lib.analyses.models import design, model_patients
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Row, context
from analysis_lib.cohort import Study
from analysis_lib.stats import ClusteredErrors, clustered_errors

CENTRE = "centre"


def errors_by_centre(study: Study, effect: Effect) -> ClusteredErrors | Omitted:
    """The sandwich by centre, in the patients and terms of the effect's model."""
    specification = effect.specification
    patients = model_patients(study, specification.population)
    covariates, _ = design(patients, specification, study)
    used = patients.loc[covariates.index]
    centres = used[CENTRE]
    if centres.isna().all():
        return Omitted("The extract records no centre; errors by centre are left out.")
    if effect.exposure.variable == CENTRE:
        return Omitted("The groups are the centres; errors by centre are left out.")
    if centres.isna().any():
        return Omitted(
            f"The centre of {int(centres.isna().sum())} of {len(used)} patients is not recorded; "
            "errors by centre are left out."
        )
    if centres.nunique() < 2:
        return Omitted("All patients are of one centre; errors by centre are left out.")
    return clustered_errors(
        effect.fit,
        used[f"{specification.outcome}_months"],
        used[f"{specification.outcome}_event"],
        covariates,
        centres,
    )


def robust_rows(effect: Effect, errors: ClusteredErrors) -> list[Row]:
    """Standard error, interval and P of every group, and how many centres they rest on."""
    here = context(effect.key, n=effect.fit.n)
    rows = [here.at("clusters", errors.clusters, method="centres")]
    for level in effect.exposure.levels[1:]:
        term = errors.coefficient(effect.exposure.variable, level)
        at = context(effect.contrast(level), n=effect.fit.n)
        method = errors.method if term.estimable else f"not estimable: {term.reason}"
        rows += [
            at.at("robust_std_error", term.std_error, method=method),
            at.at("robust_ci_low", term.ci_low, method=method),
            at.at("robust_ci_high", term.ci_high, method=method),
            at.at("robust_p_value", term.p_value, method=method),
        ]
    return rows
