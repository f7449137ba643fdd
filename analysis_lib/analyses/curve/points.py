"""The specification curve: every point with its choices, kept because it takes a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis_lib.analyses.choices import other_choices
from analysis_lib.analyses.curve.estimate import estimate, exposure_key, sample_of, terms_of
from analysis_lib.analyses.curve.imputed import Copies, imputed_estimate
from analysis_lib.analyses.curve.point import Point, estimated, reported_choices
from analysis_lib.analyses.curve.space import (
    PREFIX,
    RULES,
    WEIGHTED,
    Choices,
    all_choices,
    choices_of,
)
from analysis_lib.analyses.curve.summary import summary_rows
from analysis_lib.analyses.kept import kept_results
from analysis_lib.analyses.models import model_patients, ratio_rows
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Results, Row, context, study_results
from analysis_lib.cohort import Grouping, Study
from analysis_lib.simulation.progress import Progress, no_progress

STAGE = "specification curve"


@dataclass(frozen=True)
class SpecificationCurve:
    """All points of every endpoint and group; `results` hold them and their summary.

    `primary` and `model_a` are the choices of the models that the other chapters report.
    """

    exposure: Grouping
    endpoints: tuple[str, ...]
    points: tuple[Point, ...]
    primary: Choices
    model_a: Choices
    results: Results

    def of(self, outcome: str, level: str) -> list[Point]:
        """The points of one contrast that could be estimated, from the smallest ratio."""
        return estimated(self.points, outcome, level)

    def point(self, choices: Choices, outcome: str, level: str) -> Point | None:
        """The point of these choices, if it could be estimated."""
        return next((x for x in self.of(outcome, level) if x.choices == choices), None)


def specification_curve(
    study: Study, *, progress: Progress = no_progress
) -> SpecificationCurve | Omitted:
    """The exposure's hazard ratio under every combination of choices that makes sense.

    Combinations that come to the same (the same patients and times, no value missing, a term that
    does not vary) stand once.
    """
    results = kept_results(study, PREFIX, lambda: study_results(study, _rows(study, progress)))
    if isinstance(results, Omitted):
        return results
    points = tuple(_point(results, row) for row in results if row.key.statistic == "hazard_ratio")
    outcomes = tuple(study.parameters.endpoints)
    reported = reported_choices(study.parameters)
    summary = summary_rows(study.groups, outcomes, points, reported)
    whole = study_results(study, (*results, *summary))
    return SpecificationCurve(study.groups, outcomes, points, *reported, whole)


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


def _rows(study: Study, progress: Progress) -> Iterator[Row]:
    start = time.monotonic()
    studies = {"given": study}
    studies |= {x.name: x.study for x in other_choices(study).made if x.name in RULES}
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
    everyone = study.groups.among(model_patients(study, choices.population))
    if everyone.empty:  # no responder where the response to the treatment is not recorded
        return
    complete = sample_of(study, replace(choices, missing="complete"), outcome, terms)
    # Where nothing is missing, every rule for missing values comes to the same.
    missing = choices.missing if complete.n < len(everyone) else ""
    used = everyone.loc[complete.table.index] if missing in ("", "complete") else everyone
    followed = used[["patient_id", f"{outcome}_months", f"{outcome}_event"]]
    same = (followed.to_csv(index=False), choices.estimator, outcome, terms, missing)
    if same in seen:
        return
    seen.add(same)
    if choices.missing == "imputed":
        yield from imputed_estimate(study, choices, outcome, terms, copies)
        return
    sample = complete if missing in ("", "complete") else sample_of(study, choices, outcome, terms)
    for term in estimate(study, choices, sample):
        key = exposure_key(study, choices, outcome, term.level)
        yield from ratio_rows(context(key, n=sample.n), term)
