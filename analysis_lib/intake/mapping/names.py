"""The parts of a mapping file that go by our names: columns, levels, values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from analysis_lib.dictionary import Dictionary, Variable, nearest
from analysis_lib.intake.mapping.document import Node, Problems, pairs_of, text_of, value_fits

ORIGIN = "data_origin"
WITH_LEVELS = ("category", "yes_no", "code", "integer", "decimal")


def our_variable(
    name: str, part: str, dictionary: Dictionary, problems: Problems
) -> Variable | None:
    """The variable of an extract that a part names, or a problem and nothing."""
    names = dictionary.names("extract")
    if name in names:
        return dictionary[name]
    if name in dictionary.derived_columns:
        problems.add(
            part, f"{name!r} is derived by the report; map the columns it is derived from instead"
        )
    else:
        problems.add(
            part,
            f"{name!r} is no variable of the dictionary{nearest(name, names)}; use one of its "
            "names, or declare it under variables",
        )
    return None


def by_our_names(
    node: Node, part: str, dictionary: Dictionary, problems: Problems
) -> Iterator[tuple[str, Variable, Node]]:
    """The place in the file, the variable and what is said of it, for every name of ours."""
    for name, value in pairs_of(node, part, problems).items():
        place = f"{part}.{name}"
        variable = our_variable(name, place, dictionary, problems)
        if variable is not None:
            yield place, variable, value


def read_columns(node: Node, dictionary: Dictionary, problems: Problems) -> dict[str, str]:
    """Theirs -> ours; an empty name of ours leaves their column out."""
    columns = {}
    takers: dict[str, list[str]] = defaultdict(list)
    for theirs, value in pairs_of(node, "columns", problems).items():
        ours = text_of(value, f"columns.{theirs}", problems)
        if ours and our_variable(ours, f"columns.{theirs}", dictionary, problems) is None:
            continue
        if theirs == ORIGIN != ours:
            problems.add("columns", f"{ORIGIN!r} keeps its name: it labels synthetic records")
            continue
        columns[theirs] = ours
        if ours:
            takers[ours].append(theirs)
    for ours, several in takers.items():
        if len(several) > 1:
            problems.add(
                "columns",
                f"{', '.join(map(repr, several))} are all mapped to {ours}; keep one of them",
            )
    return columns


def read_levels(
    node: Node, dictionary: Dictionary, problems: Problems
) -> dict[str, dict[str, str]]:
    """Per variable of ours, their level -> ours; an empty one of ours means not recorded."""
    levels = {}
    for part, variable, pairs in by_our_names(node, "levels", dictionary, problems):
        if variable.type not in WITH_LEVELS:
            problems.add(part, f"is of type {variable.type}, which has no levels; take it out")
            continue
        levels[variable.name] = {
            theirs: text_of(ours, f"{part}.{theirs}", problems)
            for theirs, ours in pairs_of(pairs, part, problems).items()
        }
        _check_levels(variable, levels[variable.name], part, problems)
    return levels


def _check_levels(variable: Variable, pairs: dict[str, str], part: str, problems: Problems) -> None:
    for theirs, ours in pairs.items():
        if ours and not value_fits(ours, variable):
            what = (
                f"a level of {variable.name} ({', '.join(variable.levels)})"
                if variable.levels
                else "a number"
            )
            problems.add(
                part,
                f"{theirs!r} is mapped to {ours!r}, which is not {what}"
                f"{nearest(ours, variable.levels)}",
            )
    if variable.name == ORIGIN and pairs.get("synthetic", "synthetic") != "synthetic":
        problems.add(part, "synthetic records stay synthetic; take 'synthetic' out")


def read_values(node: Node, dictionary: Dictionary, problems: Problems) -> dict[str, str]:
    """Per variable of ours, the one value that every patient has."""
    values = {}
    for part, variable, value in by_our_names(node, "values", dictionary, problems):
        text = text_of(value, part, problems)
        if variable.type == "identifier":
            problems.add(part, "must differ from patient to patient; map a column to it")
        elif not text or not value_fits(text, variable):
            allowed = f" ({', '.join(variable.levels)})" if variable.levels else ""
            problems.add(
                part,
                f"must be a {variable.type}{allowed}, but is {text!r}"
                f"{nearest(text, variable.levels)}",
            )
        else:
            values[variable.name] = text
    return values
