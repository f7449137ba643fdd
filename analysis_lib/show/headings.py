"""Headings and labels: groups with their size, levels, units, the confidence level."""

from __future__ import annotations

from analysis_lib.dictionary import Variable
from analysis_lib.format import format_count
from analysis_lib.results.rows import Key, Results, population
from analysis_lib.results.vocabulary import SHARED
from analysis_lib.show.table import Column
from analysis_lib.study.exposure import Grouping


def populations(grouping: Grouping, base: str) -> tuple[str, ...]:
    """The populations of the columns: everyone, then each group."""
    return (base, *(population(base, grouping, level) for level in grouping.levels))


def contrasts(grouping: Grouping) -> tuple[str, ...]:
    """Each group against the reference."""
    return tuple(f"{level}_vs_{grouping.reference}" for level in grouping.levels[1:])


def group_columns(results: Results, grouping: Grouping, at: Key, share: float) -> list[Column]:
    """One column for everyone and one a group, headed by label and size.

    `at` is the key of a row that counts the patients of its population.
    """
    labels = ("All", *grouping.labels)
    sizes = [
        results.row(at._replace(population=where)).n or 0
        for where in populations(grouping, at.population)
    ]
    return [Column(sized(label, size), share) for label, size in zip(labels, sizes, strict=True)]


def sized(label: str, size: float) -> str:
    """A heading with the size of its group below."""
    return f"{label}\n(N\u00a0=\u00a0{format_count(size)})"


def contrast_columns(grouping: Grouping, heading: str, share: float) -> list[Column]:
    """One column of two groups; with more, one a group under a spanner naming the reference."""
    if len(grouping.levels) == 2:
        return [Column(heading, share)]
    spanner = f"{heading}, against {grouping.labels[0]}"
    return [Column(label, share, spanner) for label in grouping.labels[1:]]


def with_unit(variable: Variable) -> str:
    """The label and its unit, unless label or levels name it already: `Age, years`."""
    named = " ".join((variable.label, *variable.level_labels)).lower()
    if not variable.unit or variable.unit.lower() in named:
        return variable.label
    return f"{variable.label}, {variable.unit}"


def population_phrase(base: str) -> str:
    """`patients in CR or CRi after infusion`, as the vocabulary says it."""
    return SHARED.populations[base]


def definition(variable: Variable) -> str:
    """The definition without the clauses on how the extract codes it, such as `0 = none`."""
    clauses = variable.definition.rstrip(".").split("; ")
    return "; ".join(clause for clause in clauses if " = " not in clause)


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
