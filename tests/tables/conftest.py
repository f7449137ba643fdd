"""The results that the tables lay out, computed once, and every table of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from analysis_lib.analyses import (
    as_published_models,
    baseline_by_exposure,
    exposure_doses,
    followup,
    patient_flow,
    response_by_exposure,
    screen_candidates,
    screened_models,
    survival_by_exposure,
    survival_by_response,
    toxicity_by_exposure,
)
from analysis_lib.cohort import Study
from analysis_lib.tables import (
    ReportTable,
    table_age_groupings,
    table_attrition,
    table_baseline,
    table_consolidation,
    table_diagnostics,
    table_doses,
    table_followup,
    table_model,
    table_model_comparison,
    table_response,
    table_screen,
    table_survival,
    table_toxicity,
)


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
    short = replace(screen, candidates=screen.candidates[:2])
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
        screened_models(study, short),
    )


@pytest.fixture(scope="session")
def all_tables(study: Study) -> Callable[[Analyses], dict[str, ReportTable]]:
    """Every table of some results, by name."""
    dictionary = study.dictionary

    def make(given: Analyses) -> dict[str, ReportTable]:
        model = given.as_published.models[0]
        return {
            "attrition": table_attrition(given.flow),
            "doses": table_doses(given.doses, dictionary=dictionary),
            "baseline": table_baseline(given.baseline),
            "ages": table_age_groupings(given.baseline),
            "toxicity": table_toxicity(given.toxicity, dictionary=dictionary),
            "response": table_response(given.response, dictionary=dictionary),
            "consolidation": table_consolidation(given.response, dictionary=dictionary),
            "survival": table_survival(given.by_exposure, given.by_response),
            "followup": table_followup(given.followup),
            "screen": table_screen(given.screen, dictionary=dictionary),
            "model": table_model(model, dictionary=dictionary),
            "comparison": table_model_comparison(
                given.as_published, given.screened, dictionary=dictionary
            ),
            "diagnostics": table_diagnostics(model, dictionary=dictionary),
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
