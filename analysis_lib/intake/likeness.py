"""The levels and forms of a column that is ours under other names."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

import numpy as np
import pandas as pd

from analysis_lib.dictionary import Variable
from analysis_lib.intake.mapping.numbers import is_iso_date_or_time
from analysis_lib.intake.reading.distinct import distinct

# Words for levels, by the level of ours; a level of this name takes them in any variable.
LEVELS: dict[str, tuple[str, ...]] = {
    "female": ("f", "w", "fem", "woman", "weiblich", "femme", "mujer"),
    "male": ("m", "man", "mann", "maennlich", "mannlich", "homme", "hombre"),
    "yes": ("y", "j", "ja", "oui", "si", "true", "x", "positive", "present"),
    "no": ("n", "nein", "non", "false", "negative", "absent"),
    "negative": ("neg", "undetectable", "mrd neg", "minus"),
    "positive": ("pos", "detectable", "mrd pos", "plus"),
    "ph_positive": ("ph", "bcr abl positive", "philadelphia positive"),
    "ph_like": ("bcr abl like",),
    "non_hispanic_white": ("white", "caucasian"),
    "leukemia": ("leukaemia", "relapse", "disease", "progression"),
    "none": ("no", "keine"),
    "allo_hct": ("hct", "hsct", "allo", "transplant", "sct"),
}
# Codes that mean yes and no in most files, but have to be looked at.
CODES: dict[str, tuple[str, ...]] = {"yes": ("1",), "no": ("0",)}

_MISSING = "na n/a n.a. nan null none nd n.d. unknown unk missing k.a. ? - . -- #n/a"
MISSING = frozenset(_MISSING.split())
# These alone where a column has levels: `none` may be one, and `-` may be negative.
MISSING_LEVELS = MISSING - frozenset(["none", "nd", "?", "-", ".", "--"])


def counts_given(column: pd.Series) -> dict[str, int]:
    """How often each text stands in a column, without what is known to mean not recorded."""
    texts, places = distinct(column)
    counts = np.bincount(places, minlength=len(texts)).tolist()
    known = zip(texts, counts, strict=True)
    return {text: n for text, n in known if text and text.casefold() not in MISSING}


TOO_LOW = 0.7
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o"}
)


def plain_words(name: str) -> str:
    """Lower-case words and numbers with one space between them, without accents."""
    plain = unicodedata.normalize("NFKD", name.translate(_UMLAUTS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).casefold()
    return " ".join(re.findall(r"[^\W\d_]+|\d+", split))


_SIGNS = {
    "<": " lt ",
    ">": " gt ",
    "≤": " le ",
    "≥": " ge ",
    "%": " percent ",
    "+": " plus ",
    "&": " and ",
    "ß": "ss",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
}
_NOT_NAME = re.compile(r"[^a-z0-9]+")


def slug(label: str) -> str:
    """Small letters, digits and `_`; empty where a label has no Latin letter and no digit."""
    text = label.lower()
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_NAME.sub("_", plain).strip("_")


def slugs_of(labels: dict[str, str]) -> dict[str, str]:
    """Code -> name of the level, different for different codes."""
    names = {code: slug(label) for code, label in labels.items()}
    taken = list(names.values())
    return {
        code: name
        if name and taken.count(name) == 1
        else "_".join(filter(None, (name or "level", slug(code.replace("-", "minus ")))))
        for code, name in names.items()
    }


def levels_by_name(variable: Variable) -> dict[str, str]:
    """Our levels by their own name and by their label, where no two share one."""
    by_label = [slug(label) for label in variable.level_labels]
    named = {
        name: level
        for name, level in zip(by_label, variable.levels, strict=True)
        if name and by_label.count(name) == 1
    }
    if variable.type == "yes_no":
        named |= {"true": "yes", "false": "no"}
    return named | {level: level for level in variable.levels}


def likeness(one: str, other: str) -> float:
    """How alike two plain names are, from 0 to 1, whatever the order of their words."""
    if not may_be_alike(one, other, TOO_LOW):
        return 0.0
    straight = _ratio(one, other)
    if " " not in one and " " not in other:
        return straight
    return max(straight, _ratio(_sorted(one), _sorted(other)))


@lru_cache(maxsize=100_000)
def _sorted(words: str) -> str:
    return " ".join(sorted(words.split()))


def _ratio(one: str, other: str) -> float:
    """difflib's ratio, or 0 where its quick upper bound is already too low to matter."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < TOO_LOW or matcher.quick_ratio() < TOO_LOW:
        return 0.0
    return matcher.ratio()


def may_be_alike(one: str, other: str, least: float) -> bool:
    """Whether difflib's ratio could reach `least`, told at once from lengths and distinct signs."""
    apart = max((_signs(one) ^ _signs(other)).bit_count(), abs(len(one) - len(other)))
    return apart <= (1 - least) * (len(one) + len(other))


@lru_cache(maxsize=100_000)
def _signs(text: str) -> int:
    """The letters, digits and other signs of ASCII in a text as 64 bits, two signs a bit."""
    return reduce(or_, (1 << (ord(sign) % 64) for sign in set(text) if sign.isascii()), 0)


class Names:
    """Plain names, of which those that may be like another are found without comparing each."""

    def __init__(self, names: Sequence[str], least: float) -> None:
        self._least = least
        self._lengths = np.array([len(name) for name in names])
        self._signs = np.array([_signs(name) for name in names], dtype=np.uint64)

    def near(self, words: str) -> list[int]:
        """The places of the names that `may_be_alike` does not rule out."""
        differing = np.bitwise_count(self._signs ^ np.uint64(_signs(words)))
        apart = np.maximum(differing, np.abs(self._lengths - len(words)))
        bound = (1 - self._least) * (self._lengths + len(words))
        return np.flatnonzero(apart <= bound).tolist()


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


DATE_FORMATS = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d %Y",
    "%Y%m%d",
)


def possible_formats(texts: Iterable[str]) -> tuple[str, ...]:
    """The formats that read every date which is not in ISO form; none where all are ISO."""
    others = [text for text in texts if text and not is_iso_date_or_time(text)]
    others = [text for text in others if text.casefold() not in MISSING]
    if not others:
        return ()
    return tuple(form for form in DATE_FORMATS if all(_reads(text, form) for text in others))


def texts_for_missing(texts: Iterable[str], levels: Iterable[str]) -> tuple[str, ...]:
    """Texts that are known to stand for 'not recorded', as they are written here.

    `texts` are of numbers and dates, `levels` of columns with levels: what is known to mean
    something there is left alone everywhere, since the list holds for all columns.
    """
    found = {text for text in texts if text.casefold() in MISSING}
    of_levels = {text for text in levels if text.casefold() in MISSING}
    known = {text for text in of_levels if text.casefold() in MISSING_LEVELS}
    return tuple(sorted((found - of_levels) | known))


def _reads(text: str, form: str) -> bool:
    try:
        dt.datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def new_variable(label: str, kind: str, levels: dict[str, str]) -> Variable:
    """A variable as another file describes it, without the name that the mapping will give it."""
    return Variable(
        name="",
        label=label,
        type=kind,
        unit="ISO 8601 date" if kind == "date" else "",
        levels=tuple(levels),
        level_labels=tuple(levels.values()),
        reference=next(iter(levels), ""),
    )
