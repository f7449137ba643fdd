"""Table 2: CRS and ICANS by grade, their management, hospital stay and early deaths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis_lib.estimates.describe import (
    chi_square_rows,
    count_rows,
    event_rows,
    quantity_rows,
    rank_row,
    share_rows,
)
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

GRADED = ("crs", "icans")
GRADE_GROUPS = ("grade_1_2", "grade_3_4", "grade_5")
MANAGEMENT = ("tocilizumab", "steroids", "anakinra")
DEATHS = ("death_30d", "sos_death")
CAUSE = "cause_of_death"  # without which nobody knows of the second


@dataclass(frozen=True)
class Toxicity:
    """Toxicity by exposure; what the extract does not record is named in `absent`."""

    grouping: Grouping
    graded: tuple[str, ...]
    management: tuple[str, ...]
    has_hospital_stay: bool
    deaths: tuple[str, ...]
    absent: tuple[str, ...]
    results: Results


@once
def toxicity_by_exposure(study: Study) -> Toxicity | Omitted:
    """Any CRS and ICANS among the evaluable, grades among the evaluable and among the affected."""
    known = {
        name: bool(study.patients[name].notna().any())
        for name in (*GRADED, *MANAGEMENT, "hospital_days")
    }
    if not any(known.values()):
        return Omitted("The extract records no toxicity; this part is left out.")
    graded = tuple(name for name in GRADED if known[name])
    management = tuple(name for name in MANAGEMENT if known[name])
    rows: list[Row] = []
    for name in graded:
        rows += _graded_rows(study, name)
    has_causes = bool(study.patients[CAUSE].notna().any())
    deaths = DEATHS if has_causes else DEATHS[:1]
    for name in (*management, *deaths):
        rows += event_rows(study, study.patients, "toxicity", name, "infused")
    if has_causes:
        rows += _sos_after_transplant_rows(study)
    if known["hospital_days"]:
        rows += _quantity_rows(study, study.patients, "hospital_days", "infused")
    absent = tuple(study.dictionary[name].label for name, there in known.items() if not there)
    return Toxicity(
        study.groups,
        graded,
        management,
        known["hospital_days"],
        deaths,
        absent,
        study_results(study, rows),
    )


def _graded_rows(study: Study, name: str) -> list[Row]:
    """Any grade of the evaluable; grade groups of the infused, the evaluable and the affected."""
    evaluable = study.patients[study.patients[name].notna()]
    affected = evaluable[evaluable[name] == "yes"]
    group = f"{name}_grade_group"
    rows = event_rows(study, study.patients, "toxicity", name, f"{name}_evaluable")
    none = Key("toxicity", name, f"{name}_evaluable", group, "none")
    rows += share_rows(study, evaluable, evaluable[name] == "no", none, tested=False)
    bases = {
        "infused": study.patients,
        f"{name}_evaluable": evaluable,
        f"{name}_affected": affected,
    }
    for base, patients in bases.items():
        key = Key("toxicity", outcome=name, population=base, variable=group)
        for level in GRADE_GROUPS:
            at = key._replace(level=level)
            rows += share_rows(study, patients, patients[group] == level, at, tested=False)
    grades = evaluable[group].astype("object").fillna("none")
    for base, values in (("evaluable", grades), ("affected", grades[affected.index])):
        key = Key("toxicity", name, f"{name}_{base}", group, contrast=study.groups.contrast)
        exposure = study.groups.of(study.patients.loc[values.index])
        rows += chi_square_rows(context(key), values, exposure)
    return rows + _quantity_rows(study, affected, f"{name}_onset_days", f"{name}_affected")


def _quantity_rows(study: Study, patients: pd.DataFrame, name: str, base: str) -> list[Row]:
    unit, groups = study.dictionary[name].unit, study.groups
    key = Key("toxicity", outcome=name, population=base)
    rows = quantity_rows(context(key), patients[name], unit)
    for level in groups.levels:
        values = groups.members(patients, level)[name]
        rows += quantity_rows(context(key.within(groups, level)), values, unit)
    here = context(key._replace(contrast=groups.contrast))
    return [*rows, rank_row(here, patients[name], groups.of(patients))]


def _sos_after_transplant_rows(study: Study) -> list[Row]:
    """Of the deaths from sinusoidal obstruction syndrome, those after consolidation by HCT."""
    patients = study.patients
    sos = patients[patients["sos_death"] == "yes"]
    after = (sos["consolidation"] == "allo_hct") & (sos["consolidation_date"] <= sos["death_date"])
    key = Key("toxicity", "sos_death", "sos_deaths", "consolidation", "allo_hct")
    return count_rows(context(key), int(after.sum()), len(sos), study.confidence_level)


def parts(study: Study) -> Iterator[OfStudy]:
    """Toxicity by exposure."""
    yield toxicity_by_exposure(study)
