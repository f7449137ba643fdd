"""What no sentence may hold, whatever it says: raw values, broken grammar, claims of no effect."""

from __future__ import annotations

import re

from reading.reader import CLOSE, OPEN, bracketed, plain
from reading.world import World

_BLEMISHES = {
    "a raw value": r"\b(nan|NaN|NaT|inf|Infinity|True|False)\b|<NA>|\bNone\b(?! of\b)",
    "doubled punctuation": (
        r",,|;;|::|\.\.(?!\.)|,\.|;\.|:\.|\s[,;]|\s\.(?!\d)|\(\)|\( | \)|; and (?=\.)"
    ),
    "a doubled space": r"  ",
    "a doubled word": r"\b(\w+) \1\b",
    "an empty list": r"\b(are|(?<!it )is|was|in|of|by|between) ?[.;,]",
    "a raw key": r"(?<![\w`])(?<!\(parameter )[a-z]+_[a-z_]+(?![\w`])",
    "one of many": r"(?<![\d.–−])\b1 (patients|events|characteristics|variables|cohorts|months)\b",
    "many of one": r"(?<![\d.–−])\b(?!1\b)\d+ (patient|event|characteristic|variable|cohort)\b",
    "an unknown unit": r"not (reached|estimable) (months|days|%|percentage)|not estimable%",
    "significance": r"significan",
    "no effect": (
        r"\bno (effect|difference|association|influence|impact)\b(?! is (?:clear|evident))"
        r"|\b(does|did|do|is|are|was|were) not (differ|different)\b(?! clearly)"
        r"|\b(equivalent|identical|proves?|proven|unaffected|no longer(?! be ))\b"
    ),
    "a conclusion from a lack": r"\btherefore\b(?! (?:enters|ends))",
}
_ALLOWED = ("no evidence that there is no difference", "groups that do not differ")
_FOUND = {name: re.compile(text) for name, text in _BLEMISHES.items()}
_GROUP = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")


def blemishes(text: str, world: World) -> list[str]:
    """Each blemish of a paragraph with the words around it; names of groups may hold anything."""
    words = _GROUP.sub("the group", bracketed(plain(text), world))
    for group in sorted(world.groups, key=lambda x: -len(x.label)):
        words = re.sub(rf"(?<!\w){re.escape(group.label)}(?!\w)", "X", words, flags=re.IGNORECASE)
    for allowed in _ALLOWED:
        words = words.replace(allowed, "")
    found = []
    for name, compiled in _FOUND.items():
        if match := compiled.search(words):
            near = words[max(0, match.start() - 50) : match.end() + 50]
            found.append(f"{name}: {near!r}")
    if not re.search(r"[.?!)]$", words.strip()):
        found.append(f"unfinished: {words[-60:]!r}")
    return found
