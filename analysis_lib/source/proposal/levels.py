"""Which of their levels is which of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis_lib.dictionary import Variable
from analysis_lib.source.proposal.synonyms import CODES, LEVELS
from analysis_lib.source.proposal.words import likeness, plain_words
from analysis_lib.source.redcap.slugs import slug

_ALIKE = 0.75


@dataclass(frozen=True)
class LevelMatch:
    """A text of theirs and the level of ours, empty where none is like it."""

    theirs: str
    ours: str
    why: str


def match_levels(texts: Iterable[str], variable: Variable) -> tuple[LevelMatch, ...]:
    """Every text that is no level of ours as it stands, with the level that it seems to be."""
    others = sorted({text for text in texts if text} - set(variable.levels))
    return tuple(_match(text, variable) for text in others)


def match_choices(labels: Iterable[str], variable: Variable) -> tuple[LevelMatch, ...]:
    """The labels of a coded field that reading it would not find among our levels by itself."""
    names = {*map(slug, variable.levels), *map(slug, variable.level_labels)}
    return match_levels((label for label in labels if slug(label) not in names), variable)


def _match(text: str, variable: Variable) -> LevelMatch:
    words = plain_words(_spelled(text)) if text not in "+-" else text
    exact = [
        level
        for level, label in zip(variable.levels, variable.level_labels, strict=True)
        if words in (plain_words(level), plain_words(label), *LEVELS.get(level, ()))
        or text.casefold() == label.casefold()
    ]
    same_label = [
        level
        for level, label in zip(variable.levels, variable.level_labels, strict=True)
        if text.casefold() in (level.casefold(), label.casefold())
    ]
    found = same_label or exact
    if len(found) == 1:
        return LevelMatch(text, found[0], "")
    coded = [level for level in variable.levels if text in CODES.get(level, ())]
    if len(coded) == 1:
        return LevelMatch(text, coded[0], "a code: check")
    scores = {level: _score(words, level, variable) for level in variable.levels}
    best = max(scores, key=lambda level: scores[level], default="")
    if best and scores[best] >= _ALIKE and len(words) > 2:
        return LevelMatch(text, best, f"sounds like {variable.level_label(best)!r}: check")
    return LevelMatch(text, "", f"one of {', '.join(variable.levels)}?")


def _spelled(text: str) -> str:
    """`Ph-` is Ph negative: a sign at the end turns the meaning round and must not get lost."""
    for sign, word in (("+", " positive"), ("-", " negative"), ("−", " negative")):
        if len(text) > 1 and text.endswith(sign):
            return text.removesuffix(sign) + word
    return text


def _score(words: str, level: str, variable: Variable) -> float:
    known = (plain_words(level), plain_words(variable.level_label(level)))
    return max(likeness(words, name) for name in known)
