"""The groups that the columns of a table are of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis_lib.article.transcribe.cells import plain
from analysis_lib.article.transcribe.grid import GROUP, Layout
from analysis_lib.article.transcribe.labels_of_rows import find_level
from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.errors import ClaimsError
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Contrast


@dataclass(frozen=True)
class Asked:
    """What a person says of the table: where it is printed, its groups, base and endpoint."""

    source: str
    groups: str = ""
    base: str = "infused"
    outcome: str = ""


@dataclass(frozen=True)
class Groups:
    """The variable that divides the patients, and the level of each column's head."""

    variable: str
    levels: dict[str, str]
    contrast: str


def find_groups(layout: Layout, asked: Asked, dictionary: Dictionary) -> Groups:
    """The variable whose levels the heads name; where none is known, `group` and the heads' words.

    Raises
    ------
    ClaimsError
        A variable was asked for whose levels the heads do not name.
    """
    heads = list(dict.fromkeys(c.head for c in layout.columns if c.role == GROUP))
    wanted = [dictionary[asked.groups]] if asked.groups in dictionary else dictionary.variables
    best: dict[str, str] = {}
    name = asked.groups or "group"
    for variable in wanted:
        found = {head: level for head in heads if (level := _level_of_head(head, variable))}
        if len(set(found.values())) > max(len(set(best.values())), 1):
            best, name = found, variable.name
    if asked.groups in dictionary and heads and len(best) < len(heads):
        missing = next(head for head in heads if head not in best)
        known = ", ".join(dictionary[asked.groups].levels)
        raise ClaimsError(
            f"--groups: {missing!r} names no level of {asked.groups!r} ({known}); write the "
            "level's label into the head of the column"
        )
    levels = best if len(best) == len(heads) else {head: slug(head) or "group" for head in heads}
    if len(best) != len(heads):
        name = asked.groups or "group"
    return Groups(name, levels, _contrast(name, list(levels.values()), dictionary))


def _level_of_head(head: str, variable: Variable) -> str:
    if variable.type == "yes_no":
        labels = {variable.group_label(level): level for level in variable.levels}
        return labels.get(head, "") or _told_yes_or_no(head, variable.label)
    return find_level(head, variable)


def _told_yes_or_no(head: str, label: str) -> str:
    """`Prior HCT` and `No prior HCT`, of a variable of that label."""
    words = plain(head).casefold()
    without = re.sub(r"^(no|without)\s+", "", words)
    if without != label.casefold():
        return ""
    return "yes" if without == words else "no"


def _contrast(variable: str, levels: Sequence[str], dictionary: Dictionary) -> str:
    """The contrast of two groups, the dictionary's reference last; of more there is none."""
    if len(set(levels)) != 2:
        return ""
    first, second = dict.fromkeys(levels)
    reference = dictionary[variable].reference if variable in dictionary else second
    if first == reference:
        first, second = second, first
    return str(Contrast(first, second))
