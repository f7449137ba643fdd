"""The results that the tables lay out, computed once, and every table of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import pytest

from analysis_lib.show.table import ReportTable
from analysis_lib.study.study import Study
from analysis_lib.topics.baseline.numbers import baseline_by_exposure
from analysis_lib.topics.baseline.table import table_age_groupings, table_baseline
from analysis_lib.topics.flow.numbers import exposure_doses, patient_flow
from analysis_lib.topics.flow.table import table_attrition, table_doses
from analysis_lib.topics.regression.numbers import (
    as_published_models,
    screen_candidates,
    screened_models,
)
from analysis_lib.topics.regression.table import (
    table_diagnostics,
    table_model,
    table_model_comparison,
    table_screen,
)
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.table import table_consolidation, table_response
from analysis_lib.topics.survival.numbers import (
    followup,
    survival_by_exposure,
    survival_by_response,
)
from analysis_lib.topics.survival.table import table_followup, table_survival
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.table import table_toxicity


@dataclass(frozen=True)
class Analyses:
    """One result of each kind."""

    flow: Any
    doses: Any
    baseline: Any
    toxicity: Any
    response: Any
    by_exposure: Any
    by_response: Any
    followup: Any
    screen: Any
    as_published: Any
    screened: Any

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, field.name) for field in fields(self))


@pytest.fixture(scope="session")
def analyses(study: Study) -> Analyses:
    screen = screen_candidates(study)
    return Analyses(
        patient_flow(study),
        exposure_doses(study),
        baseline_by_exposure(study),
        toxicity_by_exposure(study),
        response_by_exposure(study),
        survival_by_exposure(study, "pfs"),
        survival_by_response(study, "os"),
        followup(study),
        screen,
        as_published_models(study),
        screened_models(study),
    )


@pytest.fixture(scope="session")
def all_tables(study: Study) -> Callable[[Analyses], dict[str, ReportTable]]:
    """Every table of some results, by name."""

    def make(given: Analyses) -> dict[str, ReportTable]:
        model = given.as_published.models[0]
        return {
            "attrition": table_attrition(given.flow),
            "doses": table_doses(given.doses),
            "baseline": table_baseline(given.baseline),
            "ages": table_age_groupings(given.baseline),
            "toxicity": table_toxicity(given.toxicity),
            "response": table_response(given.response),
            "consolidation": table_consolidation(given.response),
            "survival": table_survival(given.by_exposure, given.by_response),
            "followup": table_followup(given.followup),
            "screen": table_screen(given.screen),
            "model": table_model(model),
            "comparison": table_model_comparison(given.as_published, given.screened),
            "diagnostics": table_diagnostics(model),
        }

    return make


@pytest.fixture(scope="session")
def tables(
    analyses: Analyses, all_tables: Callable[[Analyses], dict[str, ReportTable]]
) -> dict[str, ReportTable]:
    return all_tables(analyses)


def cells_of(table: ReportTable, label: str, group: str = "") -> tuple[str, ...]:
    """The cells of the one line with this label, in this group."""
    lines = [
        line.cells
        for line in table.layout.lines
        if line.label == label and group in ("", line.group)
    ]
    assert len(lines) == 1, f"{len(lines)} lines are called {label!r}"
    return lines[0]


@pytest.fixture(scope="session")
def cells() -> Callable[..., tuple[str, ...]]:
    return cells_of
