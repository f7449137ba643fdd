"""The parts of a mapping file that go by our names: levels, values, variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Pairs
from dataclasses import replace

from analysis_lib.dictionary import SAME_STAGES, STAGES, Dictionary, Variable, nearest
from analysis_lib.intake.mapping.document import (
    Node,
    Problems,
    pairs_of,
    text_of,
    unknown_names,
    value_fits,
)

ORIGIN = "data_origin"
NOT_BLANK = "not blank"  # among levels: every text that is not listed itself
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


# The `variables` part: what the dictionary lacks, or other words for what it has.
NAMES = (
    "label",
    "type",
    "unit",
    "levels",
    "reference",
    "plausible_min",
    "plausible_max",
    "definition",
    "known",
)
TYPES = ("category", "yes_no", "code", "integer", "decimal", "date")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LEVEL = re.compile(r"[a-z0-9][a-z0-9_]*")
YES_NO = {"no": "No", "yes": "Yes"}


def read_variables(
    node: Node,
    dictionary: Dictionary,
    proposed: Pairs[str, Variable],
    problems: Problems,
) -> tuple[Variable, ...]:
    """The variables as the extended dictionary shall hold them, in the order of the file.

    `proposed` describes variables that another file already defines, such as the data dictionary
    of a REDCap project; what the mapping file says goes before it.
    """
    variables = []
    for name, entry in pairs_of(node, "variables", problems).items():
        part = f"variables.{name}"
        given = pairs_of(entry, part, problems)
        unknown_names(part, given, NAMES, problems)
        texts = {
            key: text_of(value, f"{part}.{key}", problems)
            for key, value in given.items()
            if key in NAMES and key != "levels"
        }
        levels = _levels(given.get("levels", ""), part, problems)
        made = None
        if name in dictionary:
            made = _relabelled(dictionary[name], texts, levels, part, problems)
        elif _can_be_new(name, dictionary, part, problems):
            made = _new(name, texts, levels, proposed.get(name), part, problems)
        if made is not None and _is_consistent(made, part, problems):
            variables.append(replace(made, known=SAME_STAGES.get(made.known, made.known)))
    _check_known(variables, dictionary, problems)
    return tuple(variables)


def _check_known(variables: list[Variable], dictionary: Dictionary, problems: Problems) -> None:
    """A variable is known at a stage, or on the day that a date of the extract holds."""
    extract = dictionary.with_variables(variables).extract()
    dates = [one.name for one in extract if one.type == "date"]
    for variable in variables:
        if variable.known not in ("", *STAGES, *dates):
            problems.add(
                f"variables.{variable.name}",
                f"known must be one of {', '.join(STAGES)}, or the name of a date, but is "
                f"{variable.known!r}{nearest(variable.known, [*STAGES, *dates])}",
            )


def _can_be_new(name: str, dictionary: Dictionary, part: str, problems: Problems) -> bool:
    if not _NAME.fullmatch(name):
        problems.add(part, "must be a name of small letters, digits and _, like disease_group")
        return False
    if name in dictionary.derived_columns:
        problems.add(
            part,
            "is a column that the report derives itself; declare yours under another name, like "
            f"registry_{name}, and map it: columns: {{{name}: registry_{name}}}",
        )
        return False
    return True


def _levels(node: Node, part: str, problems: Problems) -> dict[str, str]:
    """Levels and their labels; a list labels each level by itself."""
    if isinstance(node, list):
        node = {str(level): str(level) for level in node}
    pairs = pairs_of(node, f"{part}.levels", problems)
    levels = {}
    for level, label in pairs.items():
        if not _LEVEL.fullmatch(level):
            problems.add(
                f"{part}.levels",
                f"{level!r} must be small letters, digits and _; what the report shall call it "
                "stands behind the colon",
            )
        levels[level] = text_of(label, f"{part}.levels.{level}", problems) or level
    return levels


def _relabelled(
    known: Variable,
    texts: Pairs[str, str],
    levels: Pairs[str, str],
    part: str,
    problems: Problems,
) -> Variable | None:
    """A variable of the dictionary in other words; its levels may be added to, never taken away."""
    if texts.get("type", known.type) != known.type:
        problems.add(part, f"is of type {known.type} in the dictionary, which cannot be changed")
        return None
    if levels and not known.levels:
        problems.add(part, f"is of type {known.type} and has no levels; leave levels out")
        return None
    added = [level for level in levels if level not in known.levels]
    if added and (known.origin == "derived" or known.type == "yes_no"):
        problems.add(
            part,
            f"has the levels {', '.join(known.levels)} and no others; {added[0]!r} must go, or be "
            "a level of a variable with another name",
        )
        return None
    labels = dict(zip(known.levels, known.level_labels, strict=True)) | dict(levels)
    return replace(
        known,
        label=texts.get("label") or known.label,
        unit=texts.get("unit") or known.unit,
        reference=texts.get("reference") or known.reference,
        plausible_min=texts.get("plausible_min") or known.plausible_min,
        plausible_max=texts.get("plausible_max") or known.plausible_max,
        definition=texts.get("definition") or known.definition,
        known=texts.get("known") or known.known,
        levels=tuple(labels),
        level_labels=tuple(labels.values()),
    )


def _new(
    name: str,
    texts: Pairs[str, str],
    levels: Pairs[str, str],
    proposed: Variable | None,
    part: str,
    problems: Problems,
) -> Variable | None:
    base = proposed or _blank(name)
    labels = dict(levels) or dict(zip(base.levels, base.level_labels, strict=True))
    kind = texts.get("type") or base.type or ("category" if labels else "")
    if kind not in TYPES:
        problems.add(part, f"type must be one of {', '.join(TYPES)}, but is {kind!r}")
        return None
    if kind == "yes_no":
        labels = {level: labels.get(level, label) for level, label in YES_NO.items()}
    label = texts.get("label") or base.label
    return replace(
        base,
        label=label,
        type=kind,
        unit=texts.get("unit", base.unit),
        levels=tuple(labels),
        level_labels=tuple(labels.values()),
        reference=texts.get("reference") or _reference(base, labels),
        plausible_min=texts.get("plausible_min", base.plausible_min),
        plausible_max=texts.get("plausible_max", base.plausible_max),
        definition=texts.get("definition") or base.definition or f"{label}.",
        known=texts.get("known", ""),
    )


def _reference(base: Variable, labels: Pairs[str, str]) -> str:
    """The proposed reference, unless other levels were declared: then the first of these."""
    return base.reference if base.reference in labels else next(iter(labels), "")


def _blank(name: str) -> Variable:
    label = name.replace("_", " ").capitalize()
    return Variable(name, label, "")


def _is_consistent(variable: Variable, part: str, problems: Problems) -> bool:
    before = len(problems.sentences)
    if variable.type in ("category", "yes_no") and len(variable.levels) < 2:
        problems.add(part, "needs at least two levels, like levels: {low: Low risk, high: High}")
    if variable.levels and not variable.is_categorical:
        problems.add(part, f"is of type {variable.type}, which has no levels; leave levels out")
    elif variable.reference and variable.levels and variable.reference not in variable.levels:
        problems.add(
            part,
            f"reference must be one of {', '.join(variable.levels)}, but is "
            f"{variable.reference!r}{nearest(variable.reference, variable.levels)}",
        )
    for name in ("plausible_min", "plausible_max"):
        bound = getattr(variable, name)
        if bound and not value_fits(bound, variable):
            kind = "an ISO date" if variable.type == "date" else "a number"
            problems.add(part, f"{name} must be {kind}, but is {bound!r}")
    return len(problems.sentences) == before
