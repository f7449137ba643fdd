"""The specification curve: every point with its choices, kept because it takes a while."""

from __future__ import annotations

import statistics
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis_lib.estimates.effects import FittedEffect, ratio_rows
from analysis_lib.estimates.random_part import random_part, with_origin
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results
from analysis_lib.simulation.performance import OnProgress, no_progress
from analysis_lib.stats.firth_cox import METHOD as FIRTH
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import exposure_ladder, other_choices
from analysis_lib.topics.specifications.choices import (
    DIMENSIONS,
    PREFIX,
    RULES,
    WEIGHTED,
    Choices,
    Point,
    Reported,
    all_choices,
    choices_of,
    estimated,
    option_analysis,
    reported_choices,
)
from analysis_lib.topics.specifications.estimate import (
    Copies,
    estimate,
    exposure_key,
    followed,
    imputed_estimate,
    patients_of,
    sample_of,
    terms_of,
)

SUMMARY = "specification_curve"
Compared = tuple[str, str]  # an outcome, and the group that is set against the reference


def summary_key(exposure: Grouping, outcome: str, level: str) -> Key:
    """What the keys of one contrast's summary have in common."""
    contrast = exposure.against(level)
    return Key(SUMMARY, outcome, "", exposure.variable, level, contrast)


def summary_rows(
    exposure: Grouping, points: Sequence[Point], reported: Mapping[Compared, Reported]
) -> Iterator[Row]:
    """The summary of every contrast that has an estimate, with the ranks of what is reported."""
    for (outcome, level), ranked in reported.items():
        found = estimated(points, outcome, level)
        if found:
            yield from _of_contrast(summary_key(exposure, outcome, level), found, ranked)


def _of_contrast(key: Key, points: list[Point], ranked: Container[Choices]) -> Iterator[Row]:
    """`points` are in the order of their ratios."""
    here = context(key)
    yield from _middle(here, points)
    yield here.at("lowest_hazard_ratio", points[0].hazard_ratio)
    yield here.at("highest_hazard_ratio", points[-1].hazard_ratio)
    yield here.at("excluding_one", sum(x.excludes_one for x in points))
    for rank, point in enumerate(points, start=1):
        if point.choices in ranked:
            yield context(point.key).at("rank", rank)
    for dimension, (_, options) in DIMENSIONS.items():
        for option in options:
            taken = [x for x in points if getattr(x.choices, dimension) == option]
            if taken:
                analysis = option_analysis(dimension, option)
                yield from _middle(context(key._replace(analysis=analysis)), taken)


def _middle(here: Row, points: list[Point]) -> Iterator[Row]:
    yield here.at("specifications", len(points))
    yield here.at("median_hazard_ratio", statistics.median(x.hazard_ratio for x in points))


STAGE = "specification curve"


@dataclass(frozen=True)
class SpecificationCurve:
    """All points of every endpoint and group; `results` hold them and their summary.

    `reported` are the choices of the models that the other chapters report, of each contrast.
    """

    exposure: Grouping
    endpoints: tuple[str, ...]
    points: tuple[Point, ...]
    reported: Mapping[Compared, Reported]
    results: Results

    def of(self, outcome: str, level: str) -> list[Point]:
        """The points of one contrast that could be estimated, from the smallest ratio."""
        return estimated(self.points, outcome, level)

    def point(self, choices: Choices, outcome: str, level: str) -> Point | None:
        """The point of these choices, if it could be estimated."""
        return next((x for x in self.of(outcome, level) if x.choices == choices), None)


def specification_curve(
    study: Study, *, progress: OnProgress = no_progress
) -> SpecificationCurve | Omitted:
    """The exposure's hazard ratio under every combination of choices that makes sense.

    Combinations that come to the same (the same patients and times, no value missing, a term that
    does not vary) stand once.
    """
    if reason := study.only_from_start("the specification curve"):
        return Omitted(reason)
    results = kept_results(study, PREFIX, lambda: study_results(study, _rows(study, progress)))
    if isinstance(results, Omitted):
        return results
    points = tuple(_point(results, row) for row in results if row.key.statistic == "hazard_ratio")
    outcomes = tuple(study.parameters.endpoints)
    reported = {
        (outcome, level): reported_of(study, outcome, level)
        for outcome in outcomes
        for level in study.groups.levels[1:]
    }
    summary = summary_rows(study.groups, points, reported)
    origin = summary_key(study.groups, outcomes[0], study.groups.levels[1])
    whole = with_origin(study, study_results(study, (*results, *summary)), origin)
    return SpecificationCurve(study.groups, outcomes, points, reported, whole)


def reported_of(study: Study, outcome: str, level: str) -> Reported:
    """The models of one contrast as the ladder has them: with the penalty, if its ratio has it."""
    ladder, chosen = exposure_ladder(study, outcome), reported_choices(study.parameters)
    return Reported(
        _as_fitted(chosen.primary, ladder.baseline, level),
        _as_fitted(chosen.model_a, ladder.as_published, level),
    )


def _as_fitted(choices: Choices, model: FittedEffect | None, level: str) -> Choices:
    if model is None:
        return choices
    method = model.results.row(model.contrast(level), "hazard_ratio").method
    return replace(choices, estimator="firth") if method == FIRTH else choices


def _point(results: Results, row: Row) -> Point:
    key = row.key

    def number(statistic: str) -> float:
        return results.value(key._replace(statistic=statistic))

    return Point(
        choices_of(key.analysis, key.population),
        key.outcome,
        key.level,
        row.value,
        number("hazard_ratio_ci_low"),
        number("hazard_ratio_ci_high"),
        number("p_value"),
        row.n or 0,
        key._replace(statistic=""),
    )


def _rows(study: Study, progress: OnProgress) -> Iterator[Row]:
    start = time.monotonic()
    others = {x.name: x.study for x in other_choices(study).made if x.name in RULES}
    studies = {name: random_part(one) for name, one in {"given": study, **others}.items()}
    copies = {rule: Copies(one) for rule, one in studies.items()}
    planned = [
        (choices, outcome)
        for outcome in study.parameters.endpoints
        for choices in all_choices()
        if choices.rule in studies and not (choices.rule == "nonresponse" and outcome != "pfs")
    ]
    seen: set[tuple[object, ...]] = set()
    for number, (choices, outcome) in enumerate(planned, start=1):
        yield from _of(studies[choices.rule], choices, outcome, copies[choices.rule], seen)
        progress(STAGE, number, len(planned), time.monotonic() - start)


def _of(
    study: Study, choices: Choices, outcome: str, copies: Copies, seen: set[tuple[object, ...]]
) -> Iterator[Row]:
    terms = terms_of(study, choices)
    if choices.estimator in WEIGHTED and not terms:
        return
    population = choices.population
    everyone = patients_of(study, population)
    if everyone.empty:  # no responder where the response to the treatment is not recorded
        return
    complete = sample_of(study, population, "complete", outcome, terms)
    # Where nothing is missing, every rule for missing values comes to the same.
    missing = choices.missing if complete.n < len(everyone) else ""
    of_complete = missing in ("", "complete")
    used = followed(study, population, outcome, terms if of_complete else None)
    same = (used, choices.estimator, outcome, terms, missing)
    if same in seen:
        return
    seen.add(same)
    if choices.missing == "imputed":
        yield from imputed_estimate(study, choices, outcome, terms, copies)
        return
    sample = complete if of_complete else sample_of(study, population, missing, outcome, terms)
    for term in estimate(study, choices, sample):
        key = exposure_key(study, choices, outcome, term.level)
        yield from ratio_rows(context(key, n=sample.n), term)
