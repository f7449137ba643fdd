"""Check the shape of a part of the mapping file: a text, a list of texts, a table of texts."""

from __future__ import annotations

from collections.abc import Iterable

from analysis_lib.dictionary import nearest
from analysis_lib.source.mapping.document import Node
from analysis_lib.source.mapping.problems import Problems
from analysis_lib.source.reading.cleaning import clean_text


def text_of(node: Node, part: str, problems: Problems) -> str:
    """One text, cleaned like the values of the extract; empty where it is none."""
    if isinstance(node, str):
        return clean_text(node)
    problems.add(part, "must be one text")
    return ""


def texts_of(node: Node, part: str, problems: Problems, *, blank: bool = False) -> tuple[str, ...]:
    """One text or a list of texts; empty ones only where `blank` is a value like another."""
    if isinstance(node, dict):
        problems.add(part, "must be a text or a list of texts, like [a, b]")
        return ()
    items = [node] if isinstance(node, str) else node
    texts = (text_of(item, part, problems) for item in items)
    return tuple(text for text in texts if text or blank)


def pairs_of(node: Node, part: str, problems: Problems) -> dict[str, Node]:
    """Names and what belongs to them; an empty part is an empty table."""
    if isinstance(node, dict):
        return {clean_text(name): value for name, value in node.items()}
    if node != "":
        problems.add(part, "must hold names and values, like {name: value}")
    return {}


def unknown_names(
    part: str, given: Iterable[str], known: Iterable[str], problems: Problems
) -> None:
    """Refuse names that a part does not have, with the nearest one that it has."""
    allowed = list(known)
    for name in given:
        if name not in allowed:
            problems.add(part, f"{name!r} is none of {', '.join(allowed)}{nearest(name, allowed)}")
