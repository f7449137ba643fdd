"""Names as plain words, so that `PatID`, `pat-id` and `Pat. ID` are alike."""

from __future__ import annotations

import difflib
import re
import unicodedata

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


def likeness(one: str, other: str) -> float:
    """How alike two plain names are, from 0 to 1, whatever the order of their words."""
    straight = _ratio(one, other)
    if " " not in one and " " not in other:
        return straight
    return max(straight, _ratio(" ".join(sorted(one.split())), " ".join(sorted(other.split()))))


def _ratio(one: str, other: str) -> float:
    """difflib's ratio, or 0 where its quick upper bound is already too low to matter."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < TOO_LOW or matcher.quick_ratio() < TOO_LOW:
        return 0.0
    return matcher.ratio()
