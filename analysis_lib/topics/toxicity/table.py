"""Table 2: CRS and ICANS, their management, hospital stay and early deaths."""

from __future__ import annotations

from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.labels import level_label
from analysis_lib.marks import alike
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.cells import (
    contrasts,
    count_of,
    count_percent,
    definition,
    denominator,
    evaluable,
    median_range,
    sentence,
    spread,
    with_unit,
)
from analysis_lib.show.notes import Comparison, absent_note, finish
from analysis_lib.show.table import Layout, Line, ReportTable, blank
from analysis_lib.topics.toxicity.numbers import Toxicity

GRADE_GROUPS = ("grade_1_2", "grade_3_4", "grade_5")
SOS_AFTER_HCT = Key("toxicity", "sos_death", "sos_deaths", "consolidation", "allo_hct")


@unless_omitted
def table_toxicity(toxicity: Toxicity) -> ReportTable:
    """Any grade and grade groups of the evaluable and of the affected, and what followed."""
    sizes = Key("toxicity", toxicity.deaths[0], "infused", statistic="count")
    comparison = Comparison(toxicity.results, toxicity.grouping, sizes)
    lines: list[Line] = []
    for name in toxicity.graded:
        lines += _graded(comparison, name)
    lines += _management(comparison, toxicity)
    lines += _deaths(comparison, toxicity)
    notes = (
        "Numbers are n (%) unless stated otherwise; n/N (%) where N is not the column's.",
        *(_grading(toxicity.results.dictionary[f"{x}_grade"]) for x in toxicity.graded),
        *comparison.notes(),
        absent_note(toxicity.absent),
    )
    layout = Layout("toxicity", comparison.columns("Outcome"), tuple(lines), notes)
    return finish(layout, toxicity.results)


def _graded(comparison: Comparison, name: str) -> list[Line]:
    """Evaluable patients, any grade, and grade groups in two denominators; days to onset."""
    group, variable = name.upper(), f"{name}_grade_group"
    evaluable = Key("toxicity", name, f"{name}_evaluable")
    affected = Key("toxicity", name, f"{name}_affected")
    grades = _grades(comparison, evaluable._replace(variable=variable))
    lines = [
        comparison.cells_only("Evaluable, n", evaluable, denominator, group=group),
        comparison.line("Any grade, of the evaluable", evaluable, count_percent, group=group),
    ]
    for key, base in ((evaluable, "the evaluable"), (affected, f"those with {group}")):
        tested = key._replace(variable=variable)
        lines.append(comparison.line(f"Grades, of {base}", tested, None, group=group))
        for grade in grades:
            label = level_label(comparison.results.dictionary[variable], grade)
            at = key._replace(variable=variable, level=grade)
            lines.append(comparison.line(label, at, count_percent, level=1, group=group))
    onset = affected._replace(outcome=f"{name}_onset_days")
    patients = affected._replace(variable=variable, level=grades[0])
    return [*lines, *_quantity(comparison, onset, patients, group)]


def _grades(comparison: Comparison, key: Key) -> list[str]:
    """Grade 5 has a line only where somebody had it."""
    key = key._replace(level="grade_5", statistic="count")
    return [x for x in GRADE_GROUPS if x != key.level or comparison.results.value(key) != 0]


def _quantity(comparison: Comparison, key: Key, patients: Key, group: str) -> list[Line]:
    """A median; below it the patients with a value where they are fewer than `patients`."""
    quantity = with_unit(comparison.results.dictionary[key.outcome])
    label = f"{quantity}, median ({spread(comparison.results)})"
    line = comparison.line(label, key, median_range, group=group)
    known = comparison.cells_only("Evaluable, n", key, evaluable, level=1, group=group)
    everyone = comparison.cells_only("Evaluable, n", patients, denominator, level=1, group=group)
    return [line] if alike(known.cells, everyone.cells) else [line, known]


def _management(comparison: Comparison, toxicity: Toxicity) -> list[Line]:
    group, dictionary = "Management", toxicity.results.dictionary
    lines = [
        comparison.counted(dictionary[name].label, Key("toxicity", name, "infused"), group=group)
        for name in toxicity.management
    ]
    if toxicity.has_hospital_stay:
        key = Key("toxicity", "hospital_days", "infused")
        lines += _quantity(comparison, key, comparison.sizes, group)
    return lines


def _deaths(comparison: Comparison, toxicity: Toxicity) -> list[Line]:
    """Early deaths and deaths from SOS; of the latter, how many followed transplantation."""
    group, dictionary = "Deaths", toxicity.results.dictionary
    lines = [
        comparison.counted(dictionary[name].label, Key("toxicity", name, "infused"), group=group)
        for name in toxicity.deaths
    ]
    if toxicity.results.row(SOS_AFTER_HCT, "count").denominator:
        consolidation = level_label(dictionary["consolidation"], SOS_AFTER_HCT.level)
        label = f"After {lower_first(consolidation)}"
        overall = count_of(toxicity.results, SOS_AFTER_HCT)
        empty = blank(len(toxicity.grouping.levels) + 1 + len(contrasts(toxicity.grouping)))
        lines.append(Line(label, (overall, *empty), 1, group))
    return lines


def _grading(variable: Variable) -> str:
    """What was graded and how, in the dictionary's words."""
    return sentence(f"{variable.label}: {lower_first(definition(variable))}")
