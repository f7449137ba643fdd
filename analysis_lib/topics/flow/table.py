"""Who left at each rule of eligibility, and how the exposure was given."""

from __future__ import annotations

from analysis_lib.format import format_count, format_interval, format_number
from analysis_lib.results.rows import Key, unless_omitted
from analysis_lib.show.cells import NOTHING, count, with_unit
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.flow.numbers import DoseSummary, Flow


def table_attrition(flow: Flow) -> ReportTable:
    """Patients who entered each rule, left at it, and remained."""
    lines = []
    for step in flow.attrition.steps:
        key = Key("attrition", variable=step.name)
        entered = flow.results.row(key, "excluded").n or 0
        excluded, remaining = (count(flow.results, key, x) for x in ("excluded", "remaining"))
        lines.append(Line(step.rule, (format_count(entered), excluded, remaining)))
    columns = (Column("Rule", 5), Column("Entered"), Column("Excluded"), Column("Remaining"))
    notes = ("Each rule is applied to the patients that the rules above it leave.",)
    return finish(Layout("attrition", columns, tuple(lines), notes), flow.results)


@unless_omitted
def table_doses(doses: DoseSummary) -> ReportTable:
    """Doses of the exposure and the days between them, apheresis and infusion."""
    lines = []
    for name, label, where in doses.lines:
        key = Key("exposure_doses", population=where, variable=name)
        quantity = with_unit(doses.results.dictionary[name])
        lines.append(Line(quantity, (label, *_quantity(doses, key))))
    columns = (
        Column("Quantity", 3.4),
        Column("Patients", 2.4, align="left"),
        Column("n", 0.6),
        Column("Median", 0.9),
        Column("Quartiles", 1.2),
        *([] if doses.results.small_cell else [Column("Range", 1.2)]),
    )
    notes = ("n: patients with a value.",)
    return finish(Layout("doses", columns, tuple(lines), notes), doses.results)


def _quantity(doses: DoseSummary, key: Key) -> tuple[str, ...]:
    """Evaluable n, median, quartiles and range; dashes where nobody has a value."""
    evaluable = count(doses.results, key, "n_evaluable")
    names = ("median", "quartile_1", "quartile_3", "minimum", "maximum")
    median, low, high, first, last = (doses.results.value(key, name) for name in names)
    return (
        evaluable,
        format_number(median, missing=NOTHING),
        format_interval(low, high, _bound),
        *([] if doses.results.small_cell else [format_interval(first, last, _bound)]),
    )


def _bound(x: float) -> str:
    return format_number(x, missing=NOTHING)
