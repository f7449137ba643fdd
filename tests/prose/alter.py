"""False alterations of true sentences: what a reader beside the results must notice."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from reading.reader import CLOSE, OPEN

_TURNED = (
    ("higher", "lower"),
    ("longer", "shorter"),
    ("worse", "better"),
    ("more frequent", "less frequent"),
    ("rises", "falls"),
    ("contains 1", "excludes 1"),
    ("contain 1", "exclude 1"),
    ("halved", "doubled"),
    ("towards 1", "away from 1"),
    ("wider", "narrower"),
    ("below the first", "above the first"),
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\.?\d)")
_GROUP = re.compile(f"{OPEN}[^{CLOSE}]+{CLOSE}")
# Of a test of all groups their order says nothing.
UNORDERED = ("log_rank", "no_mean", "no_cause_ratio")


def other_direction(text: str, random: np.random.Generator) -> str:
    """A word of direction turned round."""
    words = [(x, y) for pair in _TURNED for x, y in (pair, pair[::-1]) if x in text]
    if not words:
        return text
    word, other = words[int(random.integers(len(words)))]
    return text.replace(word, other, 1)


def other_number(text: str, random: np.random.Generator) -> str:
    """A number raised by two to eight units of its last digit."""
    hidden = _GROUP.sub(lambda x: "x" * len(x[0]), text)
    found = list(_NUMBER.finditer(hidden))
    if not found:
        return text
    match = found[int(random.integers(len(found)))]
    decimals = len(match[0].partition(".")[2])
    changed = float(match[0]) + float(random.integers(2, 9)) * 10**-decimals
    return f"{text[: match.start()]}{changed:.{decimals}f}{text[match.end() :]}"


def other_groups(text: str, random: np.random.Generator) -> str:
    """Two neighbouring groups change places."""
    found = list(_GROUP.finditer(text))
    pairs = [(x, y) for x, y in pairwise(found) if x[0] != y[0]]
    pairs = [(x, y) for x, y in pairs if _said_of(text, x) != _said_of(text, y)]
    if not pairs:
        return text
    one, two = pairs[int(random.integers(len(pairs)))]
    between = text[one.end() : two.start()]
    return f"{text[: one.start()]}{two[0]}{between}{one[0]}{text[two.end() :]}"


def _said_of(text: str, group: re.Match[str]) -> str:
    """The words before a group, up to the group before or the start of the list's item."""
    return re.split(f"{CLOSE}|, | and | was | by | for ", text[: group.start()])[-1].strip()


def negated(text: str, random: np.random.Generator) -> str:
    """No clear difference becomes one, and a clear one none."""
    clear = re.search(
        rf"(?:was|is) (?:\w+ )?(\w+) in ({_GROUP.pattern})(?: than in ({_GROUP.pattern})| (?=\())",
        text,
    )
    if clear:
        both = f" between {clear[2]} and {clear[3]}" if clear[3] else " "
        said = f"did not differ clearly{both}"
        return text[: clear.start()] + said + text[clear.end() :]
    unclear = re.search(
        rf"(did|does) not differ clearly between ({_GROUP.pattern}) and ({_GROUP.pattern})", text
    )
    if unclear:
        way = "is longer in" if unclear[1] == "does" else "was higher in"
        rest = re.sub(r"; the interval [^.]+(?=\.)", "", text[unclear.end() :])
        return f"{text[: unclear.start()]}{way} {unclear[2]} than in {unclear[3]}{rest}"
    text = text.replace("did not differ clearly (", "differed clearly (")
    return text.replace("Nobody", "3").replace("None of", "All of").replace("No death", "A death")


ALTERATIONS: dict[str, Callable[[str, np.random.Generator], str]] = {
    "direction": other_direction,
    "number": other_number,
    "groups": other_groups,
    "negation": negated,
}
