"""Names of levels from the labels that people read: `CR, MRD-negative` is cr_mrd_negative."""

from __future__ import annotations

import re
import unicodedata

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
