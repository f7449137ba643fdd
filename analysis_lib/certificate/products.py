"""Cox models of doses, of subgroups and of a control exposure as tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from analysis_lib.certificate.models import of_effect
from analysis_lib.certificate.task import COEFFICIENT, ODDS, Task, coded, cox_task
from analysis_lib.estimates.specification import CompleteCases
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.study.study import Study
from analysis_lib.topics.dose.numbers import (
    Modelled,
    amount_cases,
    amounts_of_exposure,
    dose_groups,
)
from analysis_lib.topics.subgroups.numbers import (
    PRODUCT,
    Subgroups,
    cases_by,
    interactions,
    products,
)
from analysis_lib.topics.unmeasured.controls import control_models, control_outcome_models

# No variable of a dictionary has a blank in its name.
_EXPOSED, _AMOUNT, _BOTH = "any exposure", "its amount", "exposure and subgroup"


def of_doses(study: Study) -> Iterator[Task]:
    """Doses in groups, and the line in each amount."""
    for outcome in study.parameters.endpoints:
        groups = dose_groups(study, outcome)
        if not isinstance(groups, Omitted):
            yield from (of_effect(model) for model in groups.models)
        amounts = amounts_of_exposure(study, outcome)
        if not isinstance(amounts, Omitted):
            for one in amounts.modelled:
                line = _line(study, outcome, one)
                yield line
                if one.is_curved:
                    yield _curved(line, one)


def _line(study: Study, outcome: str, one: Modelled) -> Task:
    """The amount among the exposed, beside whether there was any."""
    cases, values = amount_cases(study, outcome, one.amount)
    others = cases.covariates.drop(columns=study.groups.variable)
    exposed = values.notna().astype(float)
    frame = others.assign(**{_EXPOSED: exposed, _AMOUNT: values.fillna(0.0).astype(float)})
    task = cox_task(*cases.followed, frame, one.key, wanted=("ratio",))
    column = coded(frame).names[_AMOUNT, ""]
    keys = _coefficient(column, one.key._replace(level="doubled"))
    keys[f"lr_p_value:{column}"] = one.key._replace(level="line", statistic="lr_p_value")
    return replace(task, keys=keys)


def _curved(line: Task, one: Modelled) -> Task:
    """The same with a curve, and its ratios at quartiles of the amount against none of it."""
    keys = {
        f"lr_p_value:{test}": one.key._replace(level=test, statistic="lr_p_value")
        for test in ("curve", "bend")
    }
    quartiles = one.amount.quartiles
    for number, level in enumerate(quartiles, start=1):
        keys |= _coefficient(f"at{number}", one.key._replace(level=level))
    values = tuple(one.amount.on_scale(value) for value in quartiles.values())
    return replace(line, kind="amount", keys=keys, times=values, wanted=())


def _coefficient(column: str, at: Key) -> dict[str, Key]:
    return {f"{name}:{column}": at._replace(statistic=name) for name in COEFFICIENT}


def of_subgroups(study: Study) -> Iterator[Task]:
    """The ratio inside each subgroup, and the test of the product."""
    for outcome in study.parameters.endpoints:
        found = interactions(study, outcome)
        if isinstance(found, Omitted):
            continue
        for one in found.variables:
            cases = cases_by(study, outcome, one.variable)
            yield _inside(cases, one)
            yield _interaction(cases, one)


def _inside(cases: CompleteCases, one: Subgroups) -> Task:
    columns = products(cases, one)
    frame = cases.covariates.drop(columns=one.exposure.variable).assign(**columns)
    names, keys = coded(frame).names, dict[str, Key]()
    for group in one.exposure.levels[1:]:
        for level in one.levels:
            column = names[PRODUCT.format(group, level), ""]
            keys |= _coefficient(column, one.of(level, group))
    return replace(cox_task(*cases.followed, frame, one.key), keys=keys)


def _interaction(cases: CompleteCases, one: Subgroups) -> Task:
    """Of the exposed outside the first subgroup each kind is a level of one factor."""
    first, none = one.levels[0], "none"
    kinds = {
        name: column
        for name, column in products(cases, one).items()
        if not any(name == PRODUCT.format(group, first) for group in one.exposure.levels)
    }
    both = pd.Series(none, index=cases.covariates.index)
    for name, column in kinds.items():
        both = both.mask(column == 1, name)
    frame = cases.covariates.assign(**{_BOTH: pd.Categorical(both, [none, *kinds])})
    task = cox_task(*cases.followed, frame, one.test_key, wanted=("ratio",))
    name = f"lr_p_value:{coded(frame).names[_BOTH, '']}"
    return replace(task, keys={name: one.test_key._replace(statistic="lr_p_value")})


def of_controls(study: Study) -> Iterator[Task]:
    """The control exposure in the place of the exposure, alone and in the primary model."""
    control = study.parameters.negative_control_exposure
    for key, cases, columns in control_models(study):
        task = cox_task(*cases.followed, cases.covariates[columns], key)
        own = {name: at for name, at in task.keys.items() if at.variable == control}
        yield replace(task, keys=own)
    for key, happened, covariates in control_outcome_models(study):
        yield _odds(study, key, happened, covariates)


def _odds(study: Study, key: Key, happened: pd.Series, covariates: pd.DataFrame) -> Task:
    """The odds ratios of the groups, by a logistic model."""
    own, groups, keys = coded(covariates), study.groups, dict[str, Key]()
    for level in groups.levels[1:]:
        column = own.names.get((groups.variable, level))
        at = key.of_level(groups.variable, level, groups.reference)
        keys |= {f"{name}:{column}": at._replace(statistic=name) for name in ODDS}
    series = pd.concat([happened.astype(int).rename("event"), own.frame], axis=1)
    return Task("logistic", series, keys)
