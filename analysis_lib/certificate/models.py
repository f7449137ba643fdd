"""Cox models as tasks: of the ladder, of the regression, weighted, by period, of consolidation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from analysis_lib.certificate.curves import landmarks
from analysis_lib.certificate.task import RATIO, Task, cox_task, curve_task
from analysis_lib.estimates.effects import CENTRE, FittedEffect
from analysis_lib.estimates.models import Model
from analysis_lib.estimates.specification import Specification, complete_cases, model_patients
from analysis_lib.results.rows import Key, Omitted, population
from analysis_lib.study.endpoints import time_and_event
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.estimates import (
    ADJUSTED,
    ContrastModel,
    contrast_models,
    fitted_pieces,
)
from analysis_lib.topics.consolidation.follow_up import (
    Estimator,
    consolidation_follow_up,
    estimators,
)
from analysis_lib.topics.effect.by_centre import FRAILTY, settings_of
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder, sensitivity_to_choices
from analysis_lib.topics.missing.bounds import unknown_response
from analysis_lib.topics.over_time.numbers import AFTER, BEFORE, hazard_periods
from analysis_lib.topics.over_time.numbers import CRUDE as CRUDE_HAZARDS
from analysis_lib.topics.regression.numbers import (
    as_published_models,
    screen_candidates,
    screened_models,
)
from analysis_lib.topics.regression.response_contrast import response_contrast
from analysis_lib.topics.weighting.numbers import weigh_groups
from analysis_lib.topics.weighting.unmeasured import ANALYSIS as WITHOUT_CENTRE


def of_ladder(study: Study) -> Iterator[Task]:
    """Every rung of every endpoint, its errors by centre, and the models under other choices."""
    for outcome in study.parameters.endpoints:
        ladder = exposure_ladder(study, outcome)
        yield from (of_effect(rung) for rung in ladder.rungs)
        crude = replace(ladder.crude, key=Key(CRUDE_HAZARDS, outcome, "infused"))
        yield of_effect(crude, wanted=("hazards",))
        if not isinstance(ladder.errors, Omitted):
            yield _by_centre(ladder)
        yield from _of_centres(ladder)
        yield from _of_setting(study, ladder)
    for family in sensitivity_to_choices(study).families:
        yield from (of_effect(one) for one in family.others)


def of_effect(effect: FittedEffect, *, wanted: tuple[str, ...] = ()) -> Task:
    """The effect's model; with the tests of proportional hazards and of factors if it has them."""
    if isinstance(effect, Model):
        wanted = ("hazards", "ratio")
    cases = effect.cases
    return cox_task(*cases.followed, cases.covariates, effect.key, wanted=wanted)


def _by_centre(ladder: Ladder) -> Task:
    """The jackknife over centres, and the model without each centre in turn."""
    cases, effect = ladder.baseline.cases, ladder.baseline
    task = cox_task(*cases.followed, cases.covariates, effect.key, wanted=("jackknife",))
    codes, centres = pd.factorize(cases.patients[CENTRE], sort=True)
    keys = dict(task.keys)
    for called, at in task.keys.items():
        statistic, _, column = called.partition(":")
        if at.variable != effect.exposure.variable or statistic not in RATIO or not at.level:
            continue
        for number, centre in enumerate(centres):
            keys[f"{statistic}:{column}-C{number:03d}"] = at._replace(
                analysis=WITHOUT_CENTRE, variable=CENTRE, level=str(centre)
            )
    clusters = [f"C{code:03d}" for code in codes]
    return replace(task, series=task.series.assign(cluster=clusters), keys=keys)


def _of_centres(ladder: Ladder) -> Iterator[Task]:
    """The model stratified by centre, and that with a frailty of the variance that was found."""
    cases = ladder.baseline.cases
    for effect in ladder.by_centre:
        wanted = "frailty" if effect.key.analysis == FRAILTY else "strata"
        variance = (
            ladder.results.value(effect.key, "frailty_variance") if wanted == "frailty" else 0
        )
        task = cox_task(*cases.followed, cases.covariates, effect.key, wanted=(wanted,))
        codes = pd.factorize(cases.patients[CENTRE])[0]
        clusters = [f"C{code:03d}" for code in codes]
        yield replace(task, series=task.series.assign(cluster=clusters), times=(variance,))


def _of_setting(study: Study, ladder: Ladder) -> Iterator[Task]:
    """The model with calendar time, and with the volume of the centre."""
    cases = ladder.baseline.cases
    added = settings_of(study, cases.patients)
    for effect in ladder.setting:
        covariates = cases.covariates.assign(**added[effect.key.analysis])
        yield cox_task(*cases.followed, covariates, effect.key)


def of_regression(study: Study) -> Iterator[Task]:
    """The screen, the article's and the screened models, and those of the response."""
    yield from _screened(study)
    for models in (as_published_models(study), screened_models(study)):
        yield from (of_effect(model) for model in models.models)
    found = response_contrast(study)
    if not isinstance(found, Omitted):
        yield from (_against_responders(one) for _, family in found.families for one in family)
    assumed = unknown_response(study)
    if not isinstance(assumed, Omitted):
        yield from (of_effect(one) for one in assumed.assumed if isinstance(one, FittedEffect))


def _against_responders(effect: FittedEffect) -> Task:
    """The model of three groups with those who responded as reference."""
    cases, exposure = effect.cases, effect.exposure
    groups = cases.covariates[exposure.variable].cat
    others = [x for x in groups.categories if x != exposure.reference]
    releveled = groups.reorder_categories([exposure.reference, *others])
    covariates = cases.covariates.assign(**{exposure.variable: releveled})
    return cox_task(*cases.followed, covariates, effect.key)


def _screened(study: Study) -> Iterator[Task]:
    screen = screen_candidates(study)
    patients = model_patients(study, screen.population)
    for one in (screen.exposure, *screen.candidates):
        terms = () if one.variable == study.groups.variable else (one.variable,)
        alone = Specification("univariable", "", screen.outcome, study.groups, terms, "")
        cases = complete_cases(study, alone, patients)
        yield cox_task(
            *cases.followed, cases.covariates[[one.variable]], screen.key, wanted=("ratio",)
        )


def of_weighting(study: Study) -> Iterator[Task]:
    """Weighted curves, and weighted ratios with robust errors."""
    weighting = weigh_groups(study)
    if isinstance(weighting, Omitted):
        return
    patients, exposure = weighting.propensity.patients, weighting.exposure
    groups = pd.DataFrame({exposure.variable: exposure.of(patients)})
    for outcome in study.parameters.endpoints:
        for scheme in weighting.schemes:
            followed = time_and_event(patients, outcome)
            key = Key(scheme.analysis, outcome, "infused")
            yield cox_task(*followed, groups, key, weight=scheme.weights, wanted=("robust",))
            for code, level in enumerate(exposure.levels):
                own = weighting.propensity.codes == code
                yield curve_task(
                    *time_and_event(patients[own], outcome),
                    key._replace(population=population("infused", exposure, level)),
                    landmarks(study),
                    weight=scheme.weights[own],
                )


def of_periods(study: Study) -> Iterator[Task]:
    """The crude ratio up to the cut, and after it among those who are followed beyond."""
    for outcome in study.parameters.endpoints:
        found = hazard_periods(study, outcome)
        if isinstance(found, Omitted):
            continue
        patients, cut = study.groups.among(study.patients), found.cut
        time, event = time_and_event(patients, outcome)
        groups = pd.DataFrame({study.groups.variable: study.groups.of(patients)})
        key = Key(BEFORE, outcome, "infused", time_months=cut)
        early = event.astype(bool) & (time <= cut)
        yield cox_task(time.clip(upper=cut), early, groups, key)
        later = time > cut
        yield cox_task(
            time[later],
            event[later],
            groups[later],
            key._replace(analysis=AFTER),
            start=[cut] * int(later.sum()),
        )


def of_consolidation(study: Study) -> Iterator[Task]:
    """Consolidation by every estimator, crude and adjusted, over pieces of follow-up."""
    follow_up = consolidation_follow_up(study)
    if isinstance(follow_up, Omitted):
        return
    for outcome in study.parameters.endpoints:
        for model in contrast_models(study, follow_up, outcome):
            for estimator in estimators(study):
                for adjusted in (False, True):
                    task = _consolidated(model, estimator, outcome, adjusted=adjusted)
                    if task is not None:
                        yield task


def _consolidated(
    model: ContrastModel, estimator: Estimator, outcome: str, *, adjusted: bool
) -> Task | None:
    fitted_to = fitted_pieces(model, estimator, outcome, adjusted=adjusted)
    if fitted_to is None:
        return None
    pieces, frame = fitted_to
    analysis = estimator.analysis + ADJUSTED * adjusted
    key = Key(analysis, outcome, model.population, time_months=estimator.time_months)
    return cox_task(pieces.stop, pieces.event, frame, key, start=pieces.start)
