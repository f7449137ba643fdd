"""Eligibility, the flow of patients, and how the exposure was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis_lib.estimates.describe import count_rows, quantity_rows
from analysis_lib.format import is_suppressed
from analysis_lib.marks import PlacedCount
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context, population
from analysis_lib.results.store import once
from analysis_lib.study.eligibility import Attrition
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study


@dataclass(frozen=True)
class Box:
    """One box of the flow diagram: `parent` is the name of the box it is split from."""

    name: str
    parent: str
    label: str
    n: int


@dataclass(frozen=True)
class Flow:
    """The attrition by rule, and the boxes from the eligible patients downwards."""

    attrition: Attrition
    boxes: tuple[Box, ...]
    results: Results


@dataclass(frozen=True)
class DoseSummary:
    """Doses and intervals of the exposure: (variable, group label, population) per line."""

    lines: tuple[tuple[str, str, str], ...]
    results: Results


@once
def patient_flow(study: Study) -> Flow:
    """From the extract to the groups that are compared; every split adds up to its parent."""
    boxes = _boxes(study)
    confidence = study.parameters.confidence_level
    rows: list[Row] = []
    for step in study.attrition.steps:
        here = context(Key("attrition", variable=step.name), n=step.entered)
        rows += here.patients({"excluded": step.excluded, "remaining": step.remaining})
    sizes = {box.name: box.n for box in boxes}
    for box in boxes:
        rows += count_rows(context(box_key(box)), box.n, sizes.get(box.parent, box.n), confidence)
    results = study_results(study, rows)
    return Flow(_shown_attrition(study.attrition, results), _shown_boxes(boxes, results), results)


def _shown_attrition(attrition: Attrition, results: Results) -> Attrition:
    """The steps with the counts of their rows."""
    shown = []
    for step in attrition.steps:
        row = results.row(Key("attrition", variable=step.name, statistic="excluded"))
        entered: Any = row.n
        shown.append(replace(step, entered=entered, excluded=_whole(row.value)))
    return Attrition(tuple(shown))


def _shown_boxes(boxes: tuple[Box, ...], results: Results) -> tuple[Box, ...]:
    return tuple(replace(box, n=_whole(results.value(box_key(box)))) for box in boxes)


def _whole(count: Any) -> Any:
    return count if is_suppressed(count) else PlacedCount(int(count), count.place)


def box_key(box: Box) -> Key:
    """The count of a box and its share of the box that it is split from."""
    variable, _, level = box.name.partition("=")
    split, _, group = box.parent.partition("=")
    parent = Population("infused", split, group) if group else Population("infused")
    return Key("flow", "", str(parent), variable, level, statistic="count")


_EVERYONE = {True: "Infused and eligible", False: "Eligible"}


def _boxes(study: Study) -> tuple[Box, ...]:
    patients, groups = study.patients, study.groups
    boxes = [Box("infused", "", _EVERYONE[bool(study.dictionary.infused)], len(patients))]
    boxes += _split(patients, groups, "infused")
    exposed = _exposed(study)
    if exposed is None:
        return tuple(boxes)
    level, members = exposed
    parent = f"{groups.variable}={level}"
    if study.exposure.timing is not None:
        boxes += _split(members, study.exposure.timing, parent)
        boxes += _bridging_split(members)
    if study.exposure.response is not None:
        variable = study.dictionary[study.exposure.response.variable]
        for response in variable.levels:
            n = int((members[variable.name] == response).sum())
            label = variable.level_label(response)
            boxes.append(Box(f"{variable.name}={response}", parent, label, n))
    return tuple(boxes)


def _split(patients: pd.DataFrame, grouping: Grouping, parent: str) -> list[Box]:
    return [
        Box(
            f"{grouping.variable}={level}",
            parent,
            grouping.label_of(level),
            len(grouping.members(patients, level)),
        )
        for level in grouping.levels
    ]


def _bridging_split(exposed: pd.DataFrame) -> list[Box]:
    """Of the exposed in bridging: with or without doses before apheresis as well."""
    bridged = exposed[exposed["ino_timing"] == "bridging"]
    both = int((bridged["ino_doses_preapheresis"].fillna(0) > 0).sum())
    parent = "ino_timing=bridging"
    return [
        Box("ino_doses_preapheresis=some", parent, "also before apheresis", both),
        Box("ino_doses_preapheresis=none", parent, "in bridging only", len(bridged) - both),
    ]


def _exposed(study: Study) -> tuple[str, pd.DataFrame] | None:
    if study.exposure.timing is None and study.exposure.response is None:
        return None
    level = study.exposure.exposed
    return level, study.groups.members(study.patients, level)


@once
def exposure_doses(study: Study) -> DoseSummary | Omitted:
    """Doses per period, and the days from the last dose to apheresis and to infusion."""
    timing = study.exposure.timing
    if timing is None:
        return Omitted(
            f"The extract records no doses or dates of {study.exposure.phrase}; "
            "doses and intervals are left out."
        )
    patients = study.patients
    before = patients[patients["ino_doses_preapheresis"].fillna(0) > 0]
    bridged = timing.members(patients, "bridging")
    exposed_level = study.exposure.exposed
    everyone = population("infused", study.groups, exposed_level)
    preapheresis = str(Population("infused", "ino_doses_preapheresis", "some"))
    bridging = population("infused", timing, "bridging")
    summaries = (
        ("ino_doses", study.groups.label_of(exposed_level), everyone,
         study.groups.members(patients, exposed_level)),
        ("ino_doses_preapheresis", "Any dose before apheresis", preapheresis, before),
        ("ino_doses_bridging", "Any dose in bridging", bridging, bridged),
        ("days_ino_to_apheresis", "Any dose before apheresis", preapheresis, before),
        ("days_ino_to_infusion", "Any dose in bridging", bridging, bridged),
    )  # fmt: skip
    rows: list[Row] = []
    for name, _, where, members in summaries:
        here = context(Key("exposure_doses", population=where, variable=name))
        rows += quantity_rows(here, members[name], study.dictionary[name].unit)
    lines = tuple((name, label, where) for name, label, where, _ in summaries)
    return DoseSummary(lines, study_results(study, rows))


def parts(study: Study) -> Iterator[OfStudy]:
    """Eligibility, the flow, and the doses."""
    yield patient_flow(study)
    yield exposure_doses(study)
