"""What the label of a row says: which variable and level, and which statistics its cells hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from analysis_lib.article.transcribe.cells import MEAN, MEDIAN, NUMBER, PERCENT, SURVIVAL, plain
from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.likeness import plain_words, slug

_KINDS = (
    (MEAN, re.compile(r"\bmean\b|\bsd\b|standard deviation", re.IGNORECASE)),
    ("quartiles", re.compile(r"\biqr\b|interquartile|quartile", re.IGNORECASE)),
    (MEDIAN, re.compile(r"\bmedian\b|\brange\b", re.IGNORECASE)),
)
_SURVIVAL = re.compile(
    r"(?:(?P<before>\d+(?:\.\d+)?)[\s-]*(?P<unit>months?|mo|years?|yr?)\b[\s-]*)?"
    r"(?P<outcome>pfs|os|efs|progression-free survival|overall survival)\b"
    r"(?:\s*(?:at|,)?\s*(?P<after>\d+(?:\.\d+)?)\s*(?P<later>months?|mo|years?|yr?))?",
    re.IGNORECASE,
)
_OUTCOMES = {"progression-free survival": "pfs", "overall survival": "os"}
_STATISTICS = re.compile(
    r"[,;(\s]*\b(no|n|number)\b\.?\s*\(\s*%\s*\)\)?|\(\s*%\s*\)|,?\s*%$|[,;]?\s*\bno\.(?=\s|$)"
    r"|[,;(\s]*\b(median|mean)\b.*|[,;(\s]*\b(range|iqr|sd|interquartile)\b.*"
    r"|[,(\s]+(years?|yrs?|y|months?|days?|lines?)\)?$",
    re.IGNORECASE,
)
_SIZES = re.compile(
    r"n|no\.|(no\.|number|n) of (patients|subjects|participants)|(patients|subjects)(, n| \(n\))?",
    re.IGNORECASE,
)
_ALIKE = 0.87


@dataclass(frozen=True)
class Named:
    """A variable with its level, both empty where nothing is known of it; `known` as a match."""

    variable: str
    level: str = ""
    known: bool = True


@dataclass(frozen=True)
class Survival:
    """An endpoint and the months of an estimate."""

    outcome: str
    months: str


def kind_of_row(label: str) -> str:
    """What the label says of its cells: median with range or quartiles, mean, percent, or nothing.

    `Age, median (IQR)` holds quartiles, `Sex, No. (%)` counts.
    """
    if survival_of(label) is not None:
        return SURVIVAL
    found = next((kind for kind, pattern in _KINDS if pattern.search(label)), "")
    if found:
        return found
    alone = re.search(r"(?<!\()%\s*$", label.strip())
    return PERCENT if alone else NUMBER


def survival_of(label: str) -> Survival | None:
    """`12-month PFS`, `OS at 2 years`: the endpoint and its months; None without a time."""
    match = _SURVIVAL.search(label)
    if match is None or not (match["before"] or match["after"]):
        return None
    unit = match["unit"] if match["before"] else match["later"]
    months = float(match["before"] or match["after"]) * (12 if unit.lower().startswith("y") else 1)
    outcome = match["outcome"].lower()
    return Survival(_OUTCOMES.get(outcome, outcome), f"{months:g}")


def after_survival(text: str) -> str:
    """What follows an endpoint with its time; the whole text where there is none."""
    match = _SURVIVAL.search(text)
    return text if match is None else text[match.end() :]


def bare(label: str) -> str:
    """The label without footnote marks, units and names of statistics."""
    text = re.sub(r"[*\u2020\u2021\u00a7\u00b6]", "", plain(label))
    shorter = _STATISTICS.sub("", text).strip(" ,;:-")
    return shorter or text


def find_variable(label: str, dictionary: Dictionary) -> Variable | None:
    """The variable of which the label, the name or a synonym says the same; None if none does."""
    wanted = {plain_words(bare(label)), plain_words(plain(label))}
    best, most = None, 0.0
    for variable in dictionary.variables:
        likeness = max(_likeness(text, name) for name in _names(variable) for text in wanted)
        if likeness > most and variable.type not in ("date", "identifier"):
            best, most = variable, likeness
    return best if most >= _ALIKE else None


def is_row_of_sizes(label: str) -> bool:
    """Whether a row says how many patients each column has: `N`, `No. of patients`."""
    return bool(_SIZES.fullmatch(plain(label)))


def find_level(label: str, variable: Variable) -> str:
    """The level of a variable that a label names; empty if none."""
    wanted = plain_words(bare(label))
    scored = [
        (max(_likeness(wanted, text) for text in (variable.level_label(level), level)), level)
        for level in variable.levels
    ]
    likeness, level = max(scored, default=(0.0, ""))
    return level if likeness >= _ALIKE else ""


def name_row(label: str, heading: str, dictionary: Dictionary) -> Named:
    """Variable and level of a row, under the heading above it if there is one.

    What the dictionary does not know has a name made of the label.
    """
    if heading:
        variable = find_variable(heading, dictionary)
        if variable is not None:
            level = find_level(label, variable)
            return Named(variable.name, level or _short(label), bool(level))
        return Named(_short(heading), _short(label), known=False)
    variable = find_variable(label, dictionary)
    if variable is not None:
        return Named(variable.name, "yes" if variable.type == "yes_no" else "")
    owners = [(v, find_level(label, v)) for v in _told_by_level(dictionary.variables)]
    told = [(v, level) for v, level in owners if level]
    if told:
        return Named(told[0][0].name, told[0][1])
    return Named(_short(label), "yes", known=False)


def _told_by_level(variables: Iterable[Variable]) -> list[Variable]:
    """Variables whose levels tell what they are of, unlike yes and no."""
    return [v for v in variables if v.levels and v.type != "yes_no"]


def _names(variable: Variable) -> list[str]:
    return [variable.label, variable.name, *filter(None, variable.also_called)]


def _likeness(wanted: str, name: str) -> float:
    other = plain_words(name)
    if not wanted or not other:
        return 0.0
    return 1.0 if wanted == other else SequenceMatcher(None, wanted, other).ratio()


def _short(label: str) -> str:
    return slug(bare(label))[:40] or "row"
