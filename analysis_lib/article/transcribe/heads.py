"""What the head of a column says: its role, its group, and how many patients it has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis_lib.article.transcribe.cells import MEASURED
from analysis_lib.article.transcribe.kinds_of_rows import PERCENT_FIRST, kind_of_row
from analysis_lib.article.transcribe.labels_of_rows import is_statistic
from analysis_lib.article.transcribe.texts import plain

SIZE = re.compile(r"[(\[]?\s*\bn\s*=\s*(?P<n>\d+)\s*[)\]]?", re.IGNORECASE)
MODEL = r"(?:un(?:i|adj)\w*|(?:multi|adj)\w*|crude|overall)(?: analysis)?[,:]?\s+"
_P = re.compile(
    rf"({MODEL})?(p([\s-]*(val(ue)?s?|wert))?|sig\.|(valeur|valor|valore)( de)?[\s-]*p)"
    r"(\s*[(\[].*|,? .+)?",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(total|all|overall|(entire |whole )?cohort|all patients)", re.IGNORECASE)
_RATIO = re.compile(rf"({MODEL})?(a?hr|hazard ratio)\b.*", re.IGNORECASE)
_ADJUSTED = re.compile(r"multi|(?<!un)adjusted|\bahr\b", re.IGNORECASE)
_ENDS = re.compile(rf"({MODEL})?(95\s*%\s*)?(ci|confidence interval)s?(,? 95\s*%)?", re.IGNORECASE)
COUNTS = re.compile(r"(no\.?|n|number|patients)", re.IGNORECASE)
SHARES = re.compile(
    r"(?:(?:no\.?|n|number)(?:\s*/\s*n)?\s*[(\[]\s*%\s*[)\]]|n\s*/\s*n)", re.IGNORECASE
)
GRADE = re.compile(
    r"(?P<grade>(?:any|all) grades?|grades?\s*[<>\u2264\u2265]?=?\s*\d(?:\s*-\s*\d)?)\b.*",
    re.IGNORECASE,
)
_PERCENTS = re.compile(r"(%|percent|per cent)", re.IGNORECASE)
_OTHER = re.compile(
    r"(p[\s-]*(?:values?)?\s*(?:for|of)\s.*|(?:total\s+)?n|no\.(?: of patients)?|or|odds ratio"
    r"|(?:all|any) grades?|grades?\s*[<>\u2264\u2265\d].*|(?:hr|hazard ratio) or .*"
    r"|number of patients|units?|rr|risk ratio|relative risk|smd|standardi[sz]ed difference"
    r"|difference|test|statistic|\u03c72|chi-?square|events?|missing)(?!\w)(?!\s*[(\[]\s*%).*",
    re.IGNORECASE,
)
_TEST_STATISTIC = re.compile(r"(?:[tzU]|[tFzZU][- ](?:values?|statistics?|score)|df|d\.f\.)")
GROUP, TOTAL, P_COLUMN, RATIO_COLUMN, OTHER_COLUMN = ("group", "total", "p", "ratio", "other")
ENDS_COLUMN, LOW_COLUMN, HIGH_COLUMN = "ends", "low", "high"
INTERVALS = (ENDS_COLUMN, LOW_COLUMN, HIGH_COLUMN)
_LOW = re.compile(r"(?:95\s*%\s*)?(?:(?:ci\s*)?lower\b.*|lcl)", re.IGNORECASE)
_HIGH = re.compile(r"(?:95\s*%\s*)?(?:(?:ci\s*)?upper\b.*|ucl)", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """Where a column stands, what it holds, the head of its group, and how many patients it has.

    part : `count` or `percent` where a group has a column for either, `percent first` where the
        head says `% (n)`, a kind such as `mean` below the head of a group, else empty.
    grade : `Any grade` or `Grade 3-4` where a group has a column for each, else empty.
    adjusted : whether it is of a multivariable model.
    """

    place: int
    role: str
    head: str = ""
    size: int | None = None
    part: str = ""
    adjusted: bool = False
    grade: str = ""


def part_of(text: str) -> str:
    return "count" if COUNTS.fullmatch(text) else "percent" if _PERCENTS.fullmatch(text) else ""


def column_of(place: int, head: str, below: str) -> Column:
    """`Drug (n = 60), %` holds percents alone; a word below a head is a group within it."""
    size = SIZE.search(below) or SIZE.search(head)
    graded = GRADE.fullmatch(below) if head else None
    inner = "" if part_of(below) or SHARES.fullmatch(below) or graded else _bare(below)
    name = " ".join(filter(None, (_bare(head), inner)))
    ending = re.search(r"[,(\s]([^\s,()]+)\)?$", SIZE.sub("", head).strip())
    part = part_of(below) or ("percent" if ending and _PERCENTS.fullmatch(ending[1]) else "")
    if part == "percent" and re.search(r"\b(no\.?|n)\s*[(\[]\s*%", head, re.IGNORECASE):
        part = ""
    part = "percent first" if PERCENT_FIRST.search(f"{head} {below}") else part
    if head and is_measure(below):
        part, name = kind_of_row(below), _bare(head)
    if not name and _PERCENTS.fullmatch(head):
        return Column(place, TOTAL, part="percent")
    role = TOTAL if not name and SHARES.search(head) else role_of(name)
    adjusted = bool(_ADJUSTED.search(name))
    patients, grade = int(size["n"]) if size else None, graded["grade"] if graded else ""
    return Column(place, role, name, patients, part, adjusted, grade)


def is_measure(head: str) -> bool:
    """`Mean (SD)`, `Range`: what numbers are of, and no group."""
    return is_statistic(head) and kind_of_row(head) in MEASURED


def _bare(head: str) -> str:
    """The name of a group: its head without size, `No. (%)` and `%`."""
    text = PERCENT_FIRST.sub("", SHARES.sub("", SIZE.sub("", head)))
    text = re.sub(r"(?i)(?<=\S)\s*[(\[]?(?:no\. of )?events?\s*/\s*(?:n|patients)[)\]]?", "", text)
    return re.sub(r"[,\s]*(?:[(\[]\s*%\s*[)\]]|%)$", "", text).strip(" ,;:")


def role_of(head: str) -> str:
    known = (
        (OTHER_COLUMN, _OTHER), (P_COLUMN, _P), (TOTAL, _TOTAL), (ENDS_COLUMN, _ENDS),
        (LOW_COLUMN, _LOW), (HIGH_COLUMN, _HIGH),
    )  # fmt: skip
    for role, pattern in known:
        if pattern.fullmatch(head.strip()):
            return role
    if _TEST_STATISTIC.fullmatch(head):
        return OTHER_COLUMN
    if is_measure(head):
        return OTHER_COLUMN  # `Mean`, `SD`: of what the row says, and of no group
    return RATIO_COLUMN if _RATIO.fullmatch(head.strip()) else GROUP


def is_total(label: str) -> bool:
    """Whether a label means all patients together: `Overall`, `All patients`."""
    return bool(_TOTAL.fullmatch(plain(label)))
