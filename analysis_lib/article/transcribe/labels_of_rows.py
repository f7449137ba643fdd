"""What the label of a row says: which variable and level."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from analysis_lib.article.transcribe.texts import plain
from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.likeness import plain_words, slug

_STATISTICS = re.compile(
    r"[,;]?\s*%?\s*\(\s*95\s*%\s*CI\s*\)|[,;]?\s*(?:%\s*\(\s*n\s*/\s*n\s*\)|(?:no\.?|n)\s*/\s*(?:total|n)\s*(?:\(\s*%\s*\))?)|"
    r"[,;(\s]*\b(no|n|number)\b\.?\s*\(\s*%\s*\)\)?|[,;\s]*%\s*[(\[]\s*(?:n|no\.?)\s*[)\]]|\(\s*%\s*\)|,?\s*%$|[,;]?\s*\bno\.(?=\s|$)"
    r"|[,;(\s]*\b(median|mean)\b.*|[,;(\s]*\b(range|iqr|sd|interquartile)\b.*"
    r"|[,(\s]+(years?|yrs?|y|months?|days?|lines?)\)?$",
    re.IGNORECASE,
)
# `Median age`, but not `Median, range` nor `Mean SD`.
_BEFORE = re.compile(
    r"^(?:median|mean)\s+(?!(?:sd|sem?|iqr|range|values?|ci|q1|min|of)\b)(?=[^\W\d])", re.IGNORECASE
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


_STATISTIC = re.compile(
    r"(?:n|min(?:imum)?|max(?:imum)?|sd|std\.? dev|q1)\.?"
    r"(?:\s*[-,;/]\s*(?:max(?:imum)?|q3)\.?)?",
    re.IGNORECASE,
)


def is_statistic(label: str) -> bool:
    """Whether a row names a statistic alone, of the variable above it: `Median (range)`, `%`."""
    text = plain(label).strip(" ()")
    if text.casefold() == "no":
        return False
    without = _STATISTICS.sub("", _BEFORE.sub("", plain(label))).strip(" ,;:-()")
    return bool(text) and (not without or bool(_STATISTIC.fullmatch(text)))


def sign_of(label: str) -> str:
    """`ge_60` of `Age \u226560 years` and of `60 or older`; empty where there is no bound."""
    match = _BOUND.search(plain(label))
    if match is None:
        return ""
    return f"{_WORDS[match['sign']] if match['sign'] else 'ge'}_{match['number'] or match['low']}"


def bare(label: str) -> str:
    """The label without footnote marks, units and names of statistics."""
    text = re.sub(r"[*\u2020\u2021\u00a7\u00b6]", "", plain(label))
    shorter = _STATISTICS.sub("", _BEFORE.sub("", text)).strip(" ,;:")
    return re.sub(r"^-|\s-$", "", shorter).strip() or text


_SPELT_OUT = (
    (re.compile(r"cytokine[- ]release syndrome", re.IGNORECASE), "CRS"),
    (re.compile(r"immune effector cell[- ]associated neurotoxicity syndrome", re.I), "ICANS"),
)


def _signed(text: str) -> str:
    """`Ph+` and `Ph-` in words, since they differ by nothing else."""
    for spelt, short in _SPELT_OUT:
        text = spelt.sub(short, text)
    told = re.sub(r"(?<=[A-Za-z])\+(?!\w)", " positive", plain(text))
    return re.sub(r"(?<=[A-Za-z])-(?=$|[\s,;)])", " negative", told)


def _words(label: str) -> str:
    return plain_words(bare(_signed(label)))


def find_variable(label: str, dictionary: Dictionary) -> Variable | None:
    """The variable of which the label, the name or a synonym says the same; None if none does."""
    wanted = {_words(label), plain_words(_signed(label))}
    best, most = None, 0.0
    for variable in dictionary.variables:
        likeness = max(_likeness(text, name) for name in _names(variable) for text in wanted)
        if likeness > most and variable.type not in ("date", "identifier"):
            best, most = variable, likeness
    if best is None or most < _ALIKE:
        return None
    # `CRS` alone counts patients with any; their grade is named so.
    event = best.name.removesuffix("_grade")
    is_event = event != best.name and event in dictionary and plain_words(event) in wanted
    return dictionary[event] if is_event else best


def is_row_of_sizes(label: str) -> bool:
    """Whether a row says how many patients each column has: `N`, `No. of patients`."""
    return bool(_SIZES.fullmatch(plain(label)))


def find_level(label: str, variable: Variable) -> str:
    """The level of a variable that a label names; empty if none."""
    wanted, sign = _words(label), sign_of(label)
    scored = [
        (max(_likeness(wanted, text) for text in (variable.level_label(level), level)), level)
        for level in variable.levels
        if sign_of(variable.level_label(level)) == sign
    ]
    initials = [x for x in variable.levels if variable.level_label(x)[:1].casefold() == wanted]
    if len(variable.levels) == 2 and len(initials) == 1 and wanted.isalpha():
        return initials[0]  # `F` and `M`
    likeness, level = max(scored, default=(0.0, ""))
    return level if likeness >= _ALIKE else ""


_GRADE = re.compile(
    r"[,;:(\s]+(?:of\s+)?(?:(?P<any>(?:any|all)[\s-]+grades?)|(?P<grade>grades?\s*\d.*))$",
    re.IGNORECASE,
)


def is_grade(label: str) -> bool:
    """Whether a label is a grade of something above it: `Grade 3-4`, `Any grade`."""
    return bool(_GRADE.fullmatch(f" {bare(label)}"))


def _graded(label: str, dictionary: Dictionary) -> Named | None:
    """`CRS, Grade 3-4`, `ICANS of any grade`; None where no grade or no such event is known."""
    match = _GRADE.search(f" {bare(label)}")
    event = find_variable(f" {bare(label)}"[: match.start()], dictionary) if match else None
    if match is None or event is None:
        return None
    name = event.name.removesuffix("_grade_group").removesuffix("_grade")
    if match["any"]:
        return Named(name, "yes") if name in dictionary else None
    grouped = f"{name}_grade_group"
    level = find_level(match["grade"], dictionary[grouped]) if grouped in dictionary else ""
    return Named(grouped, level) if level else None


def name_row(label: str, heading: str, dictionary: Dictionary) -> Named:
    """Variable and level of a row, under the heading above it if there is one.

    What the dictionary does not know has a name made of the label.
    """
    graded = _graded(f"{bare(heading)}, {label}" if heading else label, dictionary)
    if graded is not None:
        return graded
    if heading:
        variable = find_variable(heading, dictionary)
        if variable is not None:
            level = find_level(label, variable)
            return Named(variable.name, level or _short(label), bool(level))
        return Named(_short(heading), _short(label), known=False)
    label = re.sub(r"\s+=\s+", ": ", label)  # `sex = F`
    wanted = _words(label)
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
    if len(told) == 1 and wanted not in _TELLS_NOTHING:
        return Named(told[0][0].name, told[0][1])
    return Named(_short(label), "yes", known=False)


def _in_words(label: str, variables: Iterable[Variable]) -> list[tuple[Variable, str]]:
    """`Female sex`, `Sex: female`: a level beside the name of its variable."""
    words, found = _words(label), []
    for variable in _told_by_level(variables):
        for name in map(plain_words, _names(variable)):
            if name and re.search(rf"^{re.escape(name)} | {re.escape(name)}$", words):
                rest = re.sub(rf"^{re.escape(name)} | {re.escape(name)}$", "", words)
                level = find_level(rest, variable) if not sign_of(label) else ""
                found += [(variable, level)] if level else []
    return found


_TELLS_NOTHING = ("none", "other", "unknown", "missing", "not reported")


def _told_by_level(variables: Iterable[Variable]) -> list[Variable]:
    """Variables whose levels tell what they are of, unlike yes and no and causes of death."""
    return [v for v in variables if v.levels and v.type != "yes_no" and v.concerns != "dead"]


def _names(variable: Variable) -> list[str]:
    return [variable.label, variable.name, *filter(None, variable.also_called)]


def _likeness(wanted: str, name: str) -> float:
    other = plain_words(_signed(name))
    if not wanted or not other:
        return 0.0
    if wanted == other:
        return 1.0
    # What differs by a number or by a word of denial is something else, however alike it looks.
    numbers = [re.findall(r"\d+|positive|negative", words) for words in (wanted, other)]
    if numbers[0] != numbers[1] or _affirmed(wanted) == _affirmed(other):
        return 0.0
    return SequenceMatcher(None, wanted, other).ratio()


def _affirmed(words: str) -> str:
    return re.sub(r"\b(?:non|not|no|un|in|without) ?", "", words)


def _short(label: str) -> str:
    text = bare(label).replace(">=", "\u2265").replace("<=", "\u2264")
    return slug(text)[:40] or "row"
