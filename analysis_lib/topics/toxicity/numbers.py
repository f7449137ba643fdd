"""Table 2: CRS and ICANS by grade, their management, hospital stay and early deaths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis_lib.estimates.describe import (
    chi_square_row,
    count_rows,
    difference_rows,
    quantity_rows,
    rank_row,
)
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.once import once
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context, population
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

GRADED = ("crs", "icans")
GRADE_GROUPS = ("grade_1_2", "grade_3_4", "grade_5")
MANAGEMENT = ("tocilizumab", "steroids", "anakinra")
DEATHS = ("death_30d", "sos_death")


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
    for name in (*management, *DEATHS):
        rows += event_rows(study, study.patients, "toxicity", name, "infused")
    rows += _sos_after_transplant_rows(study)
    if known["hospital_days"]:
        rows += _quantity_rows(study, study.patients, "hospital_days", "infused")
    absent = tuple(study.dictionary[name].label for name, there in known.items() if not there)
    return Toxicity(
        study.groups,
        graded,
        management,
        known["hospital_days"],
        DEATHS,
        absent,
        study_results(study, rows),
    )


def event_rows(
    study: Study, patients: pd.DataFrame, analysis: str, outcome: str, base: str
) -> list[Row]:
    """A yes/no outcome by exposure among those known for it: counts, P, difference."""
    known = patients[patients[outcome].notna()]
    happened = known[outcome] == "yes"
    return level_rows(study, known, happened, Key(analysis, outcome=outcome, population=base))


def level_rows(
    study: Study, patients: pd.DataFrame, happened: pd.Series, key: Key, *, tested: bool = True
) -> list[Row]:
    """Counts of `happened` among `patients`, overall and by exposure, with P and difference."""
    groups, confidence = study.groups, study.parameters.confidence_level
    rows = count_rows(context(key), int(happened.sum()), len(patients), confidence)
    counts = {}
    for level in groups.levels:
        inside = patients[groups.variable] == level
        counts[level] = (int(happened[inside].sum()), int(inside.sum()))
        where = population(key.population, groups, level)
        rows += count_rows(context(key._replace(population=where)), *counts[level], confidence)
    rows += difference_rows(context(key), counts, groups, confidence)
    if tested:
        exposure = patients[groups.variable].cat.set_categories(groups.levels)
        here = context(key._replace(contrast=groups.contrast))
        rows.append(chi_square_row(here, happened, exposure))
    return rows


def _graded_rows(study: Study, name: str) -> list[Row]:
    """Any grade of the evaluable; grade groups of the infused, the evaluable and the affected."""
    evaluable = study.patients[study.patients[name].notna()]
    affected = evaluable[evaluable[name] == "yes"]
    group = f"{name}_grade_group"
    rows = event_rows(study, study.patients, "toxicity", name, f"{name}_evaluable")
    none = Key("toxicity", name, f"{name}_evaluable", group, "none")
    rows += level_rows(study, evaluable, evaluable[name] == "no", none, tested=False)
    bases = {
        "infused": study.patients,
        f"{name}_evaluable": evaluable,
        f"{name}_affected": affected,
    }
    for base, patients in bases.items():
        key = Key("toxicity", outcome=name, population=base, variable=group)
        for level in GRADE_GROUPS:
            at = key._replace(level=level)
            rows += level_rows(study, patients, patients[group] == level, at, tested=False)
    grades = evaluable[group].astype("object").fillna("none")
    for base, values in (("evaluable", grades), ("affected", grades[affected.index])):
        key = Key("toxicity", name, f"{name}_{base}", group, contrast=study.groups.contrast)
        exposure = study.patients.loc[values.index, study.groups.variable]
        exposure = exposure.cat.set_categories(study.groups.levels)
        rows.append(chi_square_row(context(key), values, exposure))
    return rows + _quantity_rows(study, affected, f"{name}_onset_days", f"{name}_affected")


def _quantity_rows(study: Study, patients: pd.DataFrame, name: str, base: str) -> list[Row]:
    unit, groups = study.dictionary[name].unit, study.groups
    rows = quantity_rows(
        context(Key("toxicity", outcome=name, population=base)), patients[name], unit
    )
    for level in groups.levels:
        where = population(base, groups, level)
        values = groups.members(patients, level)[name]
        rows += quantity_rows(
            context(Key("toxicity", outcome=name, population=where)), values, unit
        )
    key = Key("toxicity", outcome=name, population=base, contrast=groups.contrast)
    exposure = patients[groups.variable].cat.set_categories(groups.levels)
    rows.append(rank_row(context(key), patients[name], exposure))
    return rows


def _sos_after_transplant_rows(study: Study) -> list[Row]:
    """Of the deaths from sinusoidal obstruction syndrome, those after consolidation by HCT."""
    patients = study.patients
    sos = patients[patients["sos_death"] == "yes"]
    after = (sos["consolidation"] == "allo_hct") & (sos["consolidation_date"] <= sos["death_date"])
    key = Key("toxicity", "sos_death", "sos_deaths", "consolidation", "allo_hct")
    return count_rows(context(key), int(after.sum()), len(sos), study.parameters.confidence_level)


def parts(study: Study) -> Iterator[OfStudy]:
    """Toxicity by exposure."""
    yield toxicity_by_exposure(study)
