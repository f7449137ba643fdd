"""When CRS and ICANS begin, by exposure, with death before them as competing event."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses.competing.incidence import (
    EventTimes,
    Incidence,
    Question,
    incidence_by_exposure,
)
from analysis_lib.analyses.disclosure import withheld_count
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, combine, context, study_results
from analysis_lib.analyses.toxicity import GRADED
from analysis_lib.cohort import Study
from analysis_lib.cohort.first_events import toxicity_onset

ANALYSIS = "toxicity_onset"
HORIZON_DAYS = 30
LANDMARK_DAYS = (7.0, 14.0, 30.0)
RISK_DAYS = (0.0, 7.0, 14.0, 21.0, 30.0)
LABELS = {"crs": "CRS of any grade", "icans": "ICANS of any grade"}


@dataclass(frozen=True)
class ToxicityOnset:
    """Each syndrome's onset in the first days; `undated` counts the affected without a date,
    who are left out, and `left_out` says which syndrome is not shown and why.
    """

    incidences: tuple[Incidence, ...]
    undated: dict[str, int]
    left_out: tuple[str, ...]
    results: Results


def toxicity_onset_by_exposure(study: Study) -> ToxicityOnset | Omitted:
    """Cumulative incidence of CRS and ICANS from infusion to day 30, and Gray's test."""
    incidences, undated, rows, left_out = [], {}, [], []
    for name in GRADED:
        found = _onset(study, name)
        if isinstance(found, Omitted):
            left_out.append(found.reason)
            continue
        incidences.append(found)
        affected = study.patients[name] == "yes"
        undated[name] = int(study.patients.loc[affected, f"{name}_onset_days"].isna().sum())
        rows.append(_undated_row(name, undated[name]))
        undated[name] = withheld_count(study, undated[name])
    if not incidences:
        return Omitted(" ".join(left_out))
    parts = (*(x.results for x in incidences), study_results(study, rows))
    return ToxicityOnset(tuple(incidences), undated, tuple(left_out), combine(study, parts))


def _onset(study: Study, name: str) -> Incidence | Omitted:
    affected = study.patients[study.patients[name] == "yes"]
    if affected.empty:
        known = study.patients[name].notna().any()
        why = f"Nobody had {name.upper()}" if known else f"The extract records no {name.upper()}"
        return Omitted(f"{why}; its onset is left out.")
    if affected[f"{name}_onset_days"].isna().all():
        return Omitted(
            f"The extract records no date of onset of {name.upper()}; its onset is left out."
        )
    times = toxicity_onset(
        study.patients,
        name,
        data_lock=study.parameters.data_lock,
        horizon_days=HORIZON_DAYS,
    )
    question = Question(
        ANALYSIS, name, LABELS[name], f"{name}_evaluable", "days", LANDMARK_DAYS, RISK_DAYS
    )
    flags = EventTimes(times["days"], times["onset"], times["died"])
    return incidence_by_exposure(study, question, flags)


def _undated_row(name: str, count: int) -> Row:
    key = Key(ANALYSIS, name, f"{name}_affected")
    return context(key).at("excluded", count, unit="patients")
