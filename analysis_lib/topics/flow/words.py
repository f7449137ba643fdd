"""Who was studied, and how the groups differed before infusion."""

from __future__ import annotations

from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    counted,
    format_count,
    format_count_percent,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.show.prose import Prose, escape, paragraph
from analysis_lib.topics.flow.numbers import Flow


def describe_flow(flow: Flow) -> Prose:
    """How many entered, who was left out and why, and the sizes of the groups."""
    steps, results = flow.attrition.steps, flow.results
    excluded = [step for step in steps if step.excluded]
    reasons = [f"{format_count(x.excluded)} by the rule “{escape(x.rule)}”" for x in excluded]
    first, last = steps[0].entered, steps[-1].remaining
    left_out = f" {capital_listed(reasons)}." if reasons else " No patient was excluded."
    boxes = [box for box in flow.boxes if box.parent == "infused"]
    groups = []
    for box in boxes:
        variable, _, level = box.name.partition("=")
        key = Key("flow", population="infused", variable=variable, level=level)
        count, share = results.values(key, "count", "proportion")
        groups.append(f"{escape(lower_first(box.label))} {format_count_percent(count, share)}")
    return paragraph(
        f"Of {counted(first, 'patient')} in the extract {format_count(last)} "
        f"{'was' if last == 1 else 'were'} eligible." + left_out,
        f"The groups compared are {listed(groups)}.",
    )


def capital_listed(reasons: list[str]) -> str:
    """`Left out were ...` in the order of the rules."""
    return f"Left out were {listed(reasons)}"
