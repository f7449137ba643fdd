"""How many of the evaluable had which grade, group by group, read from the results."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses import Key, Toxicity, population
from analysis_lib.analyses.toxicity import GRADE_GROUPS
from analysis_lib.format import EN_DASH, format_count


@dataclass(frozen=True)
class GradeBar:
    """One bar: the evaluable of one group, as (count, proportion) by grade group."""

    label: str
    evaluable: int
    parts: tuple[tuple[float, float], ...]

    @property
    def counts(self) -> tuple[float, ...]:
        return (self.evaluable, *(count for count, _ in self.parts))


def grade_bars(toxicity: Toxicity, name: str) -> list[GradeBar]:
    """Everyone evaluable for a toxicity, then each group, from the results' counts."""
    grouping, base = toxicity.grouping, f"{name}_evaluable"
    places = [("All patients", base)]
    places += [
        (grouping.label_of(level), population(base, grouping, level)) for level in grouping.levels
    ]
    bars = []
    for label, where in places:
        any_grade = toxicity.results.row(
            Key("toxicity", outcome=name, population=where, statistic="count")
        )
        evaluable = any_grade.denominator or 0
        parts = []
        for level in ("none", *GRADE_GROUPS):
            key = Key("toxicity", name, where, f"{name}_grade_group", level, statistic="count")
            count = toxicity.results.value(key)
            share = toxicity.results.value(key._replace(statistic="proportion"))
            parts.append((count, share if evaluable else 0.0))
        named = f"{label} (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{format_count(evaluable)})"
        bars.append(GradeBar(named, evaluable, tuple(parts)))
    return bars


def grade_label(level: str) -> str:
    """`grade_3_4` as `Grade 3–4`."""
    return f"Grade {level.removeprefix('grade_').replace('_', EN_DASH)}"
