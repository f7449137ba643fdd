"""What the label of a row says: which variable and level, and which statistics its cells hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from analysis_lib.article.transcribe.cells import (
    INCIDENCE,
    MEAN,
    MEDIAN,
    MEDIAN_ALONE,
    MEDIAN_CI,
    NUMBER,
    PERCENT,
    PERCENT_CI,
    QUARTILES,
    SURVIVAL,
    UNTOLD,
    plain,
)
from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.likeness import plain_words, slug

_KINDS = (
    (MEAN, re.compile(r"\bmean\b|\bsd\b|standard deviation", re.IGNORECASE)),
    (QUARTILES, re.compile(r"\biqr\b|interquartile|quartile|\bq1\b", re.IGNORECASE)),
    (MEDIAN, re.compile(r"\bmedian\b|\brange\b", re.IGNORECASE)),
)
_OUTCOMES = {
    **{"progression-free survival": "pfs", "overall survival": "os"},
    **{"event-free survival": "efs", "relapse-free survival": "rfs"},
    **{"disease-free survival": "dfs", "leukemia-free survival": "lfs"},
    **{name: name for name in ("pfs", "os", "efs", "rfs", "dfs", "lfs")},
}
_INCIDENCES = {
    **{"cumulative incidence of relapse": "relapse", "relapse incidence": "relapse"},
    **dict.fromkeys(("non-relapse mortality", "nonrelapse mortality"), "death_without_relapse"),
    **dict.fromkeys(("nrm", "trm"), "death_without_relapse"),
    **{"cir": "relapse"},
}
_SURVIVAL = re.compile(
    r"(?:(?P<before>\d+(?:\.\d+)?)[\s-]*(?P<unit>months?|mo|years?|yr?)\b[\s-]*)?"
    rf"(?P<outcome>{'|'.join((*_OUTCOMES, *_INCIDENCES))})\b"
    r"(?:\s*(?:at|,)?\s*(?P<after>\d+(?:\.\d+)?)[\s-]*(?P<later>months?|mo|years?|yr?))?",
    re.IGNORECASE,
)
_CI = re.compile(r"\bCIs?\b|confidence interval", re.IGNORECASE)
# A unit at the end of a label, after a comma or in brackets: a number of each patient.
_UNIT = re.compile(
    r"[,(]\s*(?:(?:\S*/)?[\u00b5\u03bcmnpkM]?(?:g|L|l|mol|U|IU)(?:/\S+)?|\S*\s?[x\u00d7]\s?10\S*"
    r"|years?|yrs?|y|months?|days?|weeks?|kg(?:/\S+)?|cm|mm|mmHg)\)?\s*$"
)
_STATISTICS = re.compile(
    r"[,;]?\s*(?:%\s*\(\s*n\s*/\s*n\s*\)|(?:no\.?|n)\s*/\s*(?:total|n)\s*(?:\(\s*%\s*\))?)|"
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
    timed = survival_of(label)
    if timed is not None:
        return SURVIVAL if timed.outcome in _OUTCOMES.values() else INCIDENCE
    found = next((kind for kind, pattern in _KINDS if pattern.search(label)), "")
    if _CI.search(label):
        return {MEDIAN: MEDIAN_CI, "": PERCENT_CI if "%" in _CI.split(label)[0] else UNTOLD}.get(
            found, UNTOLD
        )
    if found == MEDIAN and not re.search(r"\brange\b|\bmin", label, re.IGNORECASE):
        return MEDIAN_ALONE
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
    return Survival((_OUTCOMES | _INCIDENCES)[outcome], f"{months:g}")


def endpoint_of(label: str) -> str:
    """The endpoint of a median, `os` of `Median OS, months (95% CI)`; empty where none is named."""
    match = _SURVIVAL.search(label)
    return _OUTCOMES.get(match["outcome"].lower(), "") if match is not None else ""


def kind_by_note(label: str, variable: Variable | None, note: str) -> str:
    """What the cells of a row hold whose label names no statistic.

    note : title and footnotes of the table, such as `Data are median (IQR) or n (%)`.
    """
    is_number = variable is not None and variable.is_numeric and not sign_of(label)
    counts = re.search(r"\b(?:no|n|number)\b\.?\s*[(\[]\s*%", label, re.IGNORECASE)
    if counts or not (is_number or _UNIT.search(plain(label))):
        return NUMBER
    return kind_of_note(note) or UNTOLD


def median_by_note(note: str) -> str:
    """What stands behind a median whose label does not say it."""
    told = kind_of_note(note)
    return told if told in (MEDIAN, QUARTILES) else MEDIAN_ALONE


def kind_of_note(note: str) -> str:
    """The one statistic that a note names; empty where it names none or several."""
    said = re.sub(r"(?i)median\s*[(\[]\s*(?=iqr|inter|quart|q1)|(?<=quartile) range", "", note)
    told = {kind for kind, pattern in _KINDS if pattern.search(said)}
    return told.pop() if len(told) == 1 else ""


_UNKNOWN = re.compile(r"(?:n )?(?:unknown|missing|not (?:available|reported|known|done))", re.I)


def is_unknown(label: str) -> bool:
    """Whether a row counts patients without a value."""
    return bool(_UNKNOWN.fullmatch(plain(label)))


_BOUND = re.compile(
    r"(?P<sign>[<>\u2264\u2265]=?)\s*(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<low>\d+(?:\.\d+)?)\s*(?:\+|or (?:more|older|higher|greater|above))",
    re.IGNORECASE,
)
_WORDS = {"<": "lt", ">": "gt", "\u2264": "le", "<=": "le", "\u2265": "ge", ">=": "ge"}


def sign_of(label: str) -> str:
    """`ge_60` of `Age \u226560 years` and of `60 or older`; empty where there is no bound."""
    match = _BOUND.search(plain(label))
    if match is None:
        return ""
    return f"{_WORDS[match['sign']] if match['sign'] else 'ge'}_{match['number'] or match['low']}"


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
    wanted, sign = plain_words(bare(label)), sign_of(label)
    scored = [
        (max(_likeness(wanted, text) for text in (variable.level_label(level), level)), level)
        for level in variable.levels
        if sign_of(variable.level_label(level)) == sign
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
    wanted = plain_words(bare(label))
    is_named = any(wanted == plain_words(x) for v in dictionary.variables for x in _names(v))
    told = [] if is_named else _in_words(label, dictionary.variables)
    if told:
        return Named(told[0][0].name, told[0][1])
    without = re.sub(r"^(?:no|without)\s+", "", label, flags=re.IGNORECASE)
    variable = find_variable(without, dictionary)
    if variable is not None and variable.type == "yes_no":
        return Named(variable.name, "yes" if without == label else "no")
    if variable is not None and without == label:
        return Named(variable.name, sign_of(label), not sign_of(label))
    owners = [(v, find_level(label, v)) for v in _told_by_level(dictionary.variables)]
    told = [(v, level) for v, level in owners if level]
    if told:
        return Named(told[0][0].name, told[0][1])
    return Named(_short(label), "yes", known=False)


def _in_words(label: str, variables: Iterable[Variable]) -> list[tuple[Variable, str]]:
    """`Female sex`, `Sex: female`: a level beside the name of its variable."""
    words, found = plain_words(bare(label)), []
    for variable in _told_by_level(variables):
        for name in map(plain_words, _names(variable)):
            if name and re.search(rf"^{re.escape(name)} | {re.escape(name)}$", words):
                rest = re.sub(rf"^{re.escape(name)} | {re.escape(name)}$", "", words)
                level = find_level(rest, variable) if not sign_of(label) else ""
                found += [(variable, level)] if level else []
    return found


def _told_by_level(variables: Iterable[Variable]) -> list[Variable]:
    """Variables whose levels tell what they are of, unlike yes and no."""
    return [v for v in variables if v.levels and v.type != "yes_no"]


def _names(variable: Variable) -> list[str]:
    return [variable.label, variable.name, *filter(None, variable.also_called)]


def _likeness(wanted: str, name: str) -> float:
    other = plain_words(name)
    if not wanted or not other:
        return 0.0
    if wanted == other:
        return 1.0
    # What differs by a number or by a word of denial is something else, however alike it looks.
    numbers = [re.findall(r"\d+", words) for words in (wanted, other)]
    if numbers[0] != numbers[1] or _affirmed(wanted) == _affirmed(other):
        return 0.0
    return SequenceMatcher(None, wanted, other).ratio()


def _affirmed(words: str) -> str:
    return re.sub(r"\b(?:non|not|no|un|in|without) ?", "", words)


def _short(label: str) -> str:
    text = bare(label).replace(">=", "\u2265").replace("<=", "\u2264")
    return slug(text)[:40] or "row"
