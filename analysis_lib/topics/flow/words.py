"""Who was studied, and how the groups differed before infusion."""

from __future__ import annotations

from typing import Any

from analysis_lib.dictionary import AT_ZERO, lower_first
from analysis_lib.format import counted, format_count, format_count_percent
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.show.prose import ALL_PATIENTS, Prose, bullets, escape, paragraph
from analysis_lib.study.eligibility import Step
from analysis_lib.study.study import Study
from analysis_lib.topics.flow.numbers import Flow


def describe_flow(flow: Flow) -> Prose:
    """How many entered, who was left out and why, and the sizes of the groups."""
    steps, results = flow.attrition.steps, flow.results
    excluded = [step for step in steps if step.excluded]
    reasons = [
        f"{format_count(_excluded(flow, x))} by the rule “{escape(x.rule)}”" for x in excluded
    ]
    first, last = entered(flow), results.value(ALL_PATIENTS)
    boxes = [box for box in flow.boxes if box.parent == "infused"]
    groups = []
    for box in boxes:
        variable, _, level = box.name.partition("=")
        key = Key("flow", population="infused", variable=variable, level=level)
        count, share = results.values(key, "count", "proportion")
        groups.append(f"{escape(lower_first(box.label))} {format_count_percent(count, share)}")
    kept = f"All {counted(first, 'patient')} in the extract were eligible."
    if reasons:
        kept = (
            f"Of {counted(first, 'patient')} in the extract {format_count(last)} "
            f"{'was' if last == 1 else 'were'} eligible. {capital_listed(reasons)}."
        )
    return paragraph(
        kept,
        f"The groups compared are {listed(groups)}.",
    )


def _excluded(flow: Flow, step: Step) -> float:
    return flow.results.value(Key("attrition", variable=step.name), "excluded")


def entered(flow: Flow) -> Any:
    """The patients of the extract, who are the same number whatever the first rule is."""
    key = Key("attrition", variable=flow.attrition.steps[0].name, statistic="remaining")
    return flow.results.row(key).n


def capital_listed(reasons: list[str]) -> str:
    """`Left out were ...` in the order of the rules."""
    return f"Left out were {listed(reasons)}"


def describe_limits(study: Study) -> Prose:
    """What the way of the patients into the extract hides, as far as it can here."""
    zero = escape(study.dictionary.infusion)
    return bullets(
        f"Only patients who reached {zero} are in the extract; who was meant to and did not is "
        f"not{_unseen(study)}.",
        "A minimum follow-up “or death” lets those treated late in only if they died; it selects "
        "on the outcome."
        if study.parameters.minimum_followup_days
        else "",
        "The groups were assigned at random, so that differences at baseline are due to chance "
        "and are not tested; a standardised difference says how large one is."
        if study.is_randomised
        else "A P value says how often chance alone would make a difference as large; a "
        "standardised difference says how large it is. Neither speaks of what was not recorded.",
    )


def _unseen(study: Study) -> str:
    """What an exposure from before time zero has done by then; one from time zero on has not."""
    if study.is_randomised or study.dictionary[study.groups.variable].known == AT_ZERO:
        return ""
    return ", so whatever the exposure does before it cannot be seen here"
