"""How long patients were followed, by the definitions in use; the article names none."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.analyses.describe import quantity_rows
from analysis_lib.analyses.results import Key, Results, Row, context, population, study_results
from analysis_lib.analyses.survival import curve_rows
from analysis_lib.cohort import Grouping, Study
from analysis_lib.cohort.endpoints import months
from analysis_lib.stats import follow_up_completeness, reverse_kaplan_meier

DEFINITIONS = (
    ("reverse_kaplan_meier", "Reverse Kaplan-Meier"),
    ("survivors", "Last contact of the living"),
    ("all_patients", "Last contact or death, all patients"),
    ("potential", "{} to data lock"),
)


@dataclass(frozen=True)
class Followup:
    """Median follow-up by definition, and its completeness.

    Populations are (label, population), all patients first. `has_calendar` is false where all
    patients have one date of time zero: such dates are nominal, and a data lock means nothing.
    """

    definitions: tuple[tuple[str, str], ...]
    populations: tuple[tuple[str, str], ...]
    grouping: Grouping
    results: Results
    has_calendar: bool


def followup(study: Study) -> Followup:
    """Follow-up overall and by exposure; the reverse Kaplan-Meier is the one to quote.

    Schemper and Smith (1996), Control Clin Trials 17:343. Completeness by Clark, Altman and
    De Stavola (2002), Lancet 359:1309.
    """
    groups, zero = study.groups, study.time_zero_phrase
    populations = [("All patients", "infused", study.patients)]
    for level in groups.levels:
        where = population("infused", groups, level)
        members = groups.members(study.patients, level)
        populations.append((groups.label_of(level), where, members))
    rows: list[Row] = []
    for _, where, members in populations:
        rows += _rows(study, members, where)
        if study.has_calendar:
            rows += _until_lock(study, members, where)
    definitions = DEFINITIONS if study.has_calendar else DEFINITIONS[:-1]
    return Followup(
        tuple((x, label.format(zero.capitalize())) for x, label in definitions),
        tuple((label, where) for label, where, _ in populations),
        groups,
        study_results(study, rows),
        study.has_calendar,
    )


def _rows(study: Study, patients: pd.DataFrame, where: str) -> list[Row]:
    key = Key("followup", "followup", where)
    reverse = reverse_kaplan_meier(
        patients["os_months"],
        patients["os_event"],
        confidence_level=study.parameters.confidence_level,
    )
    here = context(key._replace(variable="reverse_kaplan_meier"), n=reverse.n)
    rows = curve_rows(here, reverse, (), small_cell=study.parameters.small_cell)
    quantities = {
        "survivors": patients.loc[~patients["os_event"], "os_months"],
        "all_patients": patients["os_months"],
    }
    for name, values in quantities.items():
        rows += quantity_rows(context(key._replace(variable=name)), values, "months")
    return rows


def _until_lock(study: Study, patients: pd.DataFrame, where: str) -> list[Row]:
    """The time to the data lock, and Clark's C with its person-time; the dead are complete."""
    key = Key("followup", "followup", where)
    lock = pd.Timestamp(study.parameters.data_lock)
    potential = months((lock - patients[study.parameters.time_zero]).dt.days)
    rows = quantity_rows(context(key._replace(variable="potential")), potential, "months")
    found = follow_up_completeness(patients["os_months"], patients["os_event"], potential)
    here = context(key._replace(variable="completeness"), n=found.n)
    return [
        *rows,
        here.at("completeness", found.completeness, unit="proportion", method=found.method),
        here.at("observed_person_time", found.observed, unit="months"),
        here.at("potential_person_time", found.potential, unit="months"),
    ]
