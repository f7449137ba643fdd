"""Read and check a mapping file; everything wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import replace
from pathlib import Path, PurePath

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.mapping.days_part import PART as DAYS
from analysis_lib.source.mapping.days_part import read_days
from analysis_lib.source.mapping.document import Node, read_document
from analysis_lib.source.mapping.mapping import Mapping, Repeat
from analysis_lib.source.mapping.names_parts import (
    read_columns,
    read_levels,
    read_values,
)
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.mapping.reading_part import read_reading
from analysis_lib.source.mapping.repeats_part import read_repeats
from analysis_lib.source.mapping.shapes import text_of, unknown_names
from analysis_lib.source.mapping.units import read_units
from analysis_lib.source.mapping.variables_part import read_variables

PARTS = ("read", "redcap", "repeats", "columns", "levels", "units", "values", DAYS, "variables")


def redcap_file(path: Path) -> Path | None:
    """The REDCap data dictionary that a mapping file names, which lies beside it.

    Raises
    ------
    SourceError
        The mapping file is no YAML, or names a file that is not beside it.
    """
    problems = Problems(path.name)
    found = _redcap(read_document(path).get("redcap", ""), path, problems)
    problems.raise_any()
    return found


def read_mapping(
    path: Path, dictionary: Dictionary, proposed: Pairs[str, Variable] | None = None
) -> Mapping:
    """A mapping file, checked against the dictionary.

    `proposed` holds, by column of the extract, variables that its own data dictionary describes;
    the mapping file may name them under `variables` without saying more.

    Raises
    ------
    SourceError
        The file is no YAML, or names parts, variables or levels that do not exist, or contradicts
        itself; the message lists all problems.
    """
    document = read_document(path)
    problems = Problems(path.name)
    unknown_names("mapping", document, PARTS, problems)

    def part(name: str) -> Node:
        return document.get(name, "")

    described = _under_our_names(part("columns"), proposed or {})
    variables = read_variables(part("variables"), dictionary, described, problems)
    extended = dictionary.with_variables(variables)
    zero, days = read_days(part(DAYS), extended, problems)
    mapping = Mapping(
        name=path.name,
        reading=read_reading(part("read") or {}, problems),
        redcap=_redcap(part("redcap"), path, problems),
        repeats=_repeats(document, problems),
        columns=read_columns(part("columns"), extended, problems),
        levels=read_levels(part("levels"), extended, problems),
        units=read_units(part("units"), extended, problems),
        values=read_values(part("values"), extended, problems),
        zero=zero,
        days=days,
        variables=variables,
    )
    _check_sources(mapping, problems)
    problems.raise_any()
    return mapping


def _under_our_names(columns: Node, proposed: Pairs[str, Variable]) -> dict[str, Variable]:
    """Described variables by the name that the mapping gives their column, else their own."""
    named = {name: replace(variable, name=name) for name, variable in proposed.items()}
    for theirs, ours in columns.items() if isinstance(columns, dict) else ():
        if isinstance(ours, str) and theirs in proposed:
            named[ours] = replace(proposed[theirs], name=ours)
    return named


def _redcap(node: Node, path: Path, problems: Problems) -> Path | None:
    name = text_of(node, "redcap", problems)
    if not name:
        return None
    if PurePath(name).name != name or "\\" in name:
        problems.add("redcap", f"must name a file beside {path.name}, but is {name!r}")
        return None
    file = path.parent / name
    if not file.is_file():
        problems.add("redcap", f"there is no file {name} beside {path.name}; put it there")
        return None
    return file


def _repeats(document: Pairs[str, Node], problems: Problems) -> dict[str, Repeat]:
    if "repeats" in document and "redcap" not in document:
        problems.add("repeats", "is for REDCap exports, whose data dictionary redcap names")
    return read_repeats(document.get("repeats", ""), problems)


def _check_sources(mapping: Mapping, problems: Problems) -> None:
    """Each variable of ours comes from one place."""
    sources: dict[str, list[str]] = {}
    for name in filter(None, mapping.columns.values()):
        sources.setdefault(name, []).append("columns")
    for name in mapping.values:
        sources.setdefault(name, []).append("values")
    for name in mapping.days:
        sources.setdefault(name, []).append(DAYS)
    for name, parts in sources.items():
        places = list(dict.fromkeys(parts))
        if len(places) > 1:
            problems.add(name, f"is filled by {' and by '.join(places)}; keep one of them")
    if mapping.zero and mapping.zero.column in mapping.days:
        problems.add(f"{DAYS}.zero", f"{mapping.zero.column} cannot be counted from itself")
