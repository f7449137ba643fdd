"""What the label of a row, or a note, says that its cells hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis_lib.article.transcribe.cells import (
    DEVIATION,
    INCIDENCE,
    MAXIMUM,
    MEAN,
    MEAN_ERROR,
    MEDIAN,
    MEDIAN_ALONE,
    MEDIAN_CI,
    MIDDLE_HALF,
    MINIMUM,
    NUMBER,
    PERCENT,
    PERCENT_CI,
    PERCENT_COUNT,
    QUARTILES,
    RANGE,
    SURVIVAL,
    UNTOLD,
)
from analysis_lib.article.transcribe.labels_of_rows import sign_of
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.dictionary import Variable

_MEDIAN = r"\b(?:median|m[e\u00e9]diane|mediana)\b"
_KINDS = (
    (MEAN_ERROR, re.compile(r"\bsem?\b|standard error", re.IGNORECASE)),
    (MEAN, re.compile(r"\bmean\b|\bsd\b|standard deviation|mittelwert|moyenne", re.IGNORECASE)),
    (QUARTILES, re.compile(r"\biqr\b|interquartil|quartile|\bq1\b", re.IGNORECASE)),
    (MEDIAN, re.compile(rf"{_MEDIAN}|\brange\b|\bmin\b.{{1,3}}\bmax\b", re.IGNORECASE)),
)
_IN_A_ROW = (
    (DEVIATION, re.compile(r"sd|std\.? dev\.?|standard deviation", re.IGNORECASE)),
    (MINIMUM, re.compile(r"min(?:imum|\.)?", re.IGNORECASE)),
    (MAXIMUM, re.compile(r"max(?:imum|\.)?", re.IGNORECASE)),
    (RANGE, re.compile(r"min(?:imum|\.)?\s*[-,;/]\s*max(?:imum|\.)?", re.IGNORECASE)),
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
    r"(?:(?P<before>\d+(?:\.\d+)?)[\s-]*(?P<unit>months?|mo|years?|yr?)\b[\s,-]*(?:the )?)?"
    rf"(?P<outcome>{'|'.join((*_OUTCOMES, *_INCIDENCES))})\b"
    r"(?:\s*(?:at|,)?\s*(?P<after>\d+(?:\.\d+)?)[\s-]*(?P<later>months?|mo|years?|yr?))?",
    re.IGNORECASE,
)
PERCENT_FIRST = re.compile(r"%\s*[(\[]\s*(?:n|no\.?)\s*[)\]]", re.IGNORECASE)
_PERCENT = re.compile(r"(?<!95)(?<!95 )%.*\b(?:CI|confidence)", re.IGNORECASE)
_CI = re.compile(r"\bCIs?\b|confidence interval", re.IGNORECASE)
# A unit at the end of a label, after a comma or in brackets: a number of each patient.
_UNIT = re.compile(
    r"[,(]\s*(?:(?:\S*/)?[\u00b5\u03bcmnpkM]?(?:g|L|l|mol|U|IU)(?:/\S+)?|\S*\s?[x\u00d7]\s?10\S*"
    r"|years?|yrs?|y|months?|days?|weeks?|kg(?:/\S+)?|cm|mm|mmHg)\)?\s*$"
)


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
    alone = plain(label).strip(" ()")
    if row := next((kind for kind, pattern in _IN_A_ROW if pattern.fullmatch(alone)), ""):
        return row
    found = next((kind for kind, pattern in _KINDS if pattern.search(label)), "")
    if _CI.search(label):
        return {MEDIAN: MEDIAN_CI, "": PERCENT_CI if _PERCENT.search(label) else UNTOLD}.get(
            found, UNTOLD
        )
    if found == MEDIAN and not re.search(r"\brange\b|\bmin", label, re.IGNORECASE):
        return MEDIAN_ALONE
    if found in (MEDIAN, QUARTILES) and not re.search(_MEDIAN, label, re.IGNORECASE):
        return RANGE if found == MEDIAN else MIDDLE_HALF
    if found:
        return found
    if PERCENT_FIRST.search(label):
        return PERCENT_COUNT
    return PERCENT if re.search(r"(?<!\()%\s*$", label.strip()) else NUMBER


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
    told -= {MEAN} if MEAN_ERROR in told else set()
    return told.pop() if len(told) == 1 else ""


def after_survival(text: str) -> str:
    """What follows an endpoint with its time; the whole text where there is none."""
    match = _SURVIVAL.search(text)
    return text if match is None else text[match.end() :]
