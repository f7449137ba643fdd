"""A sentence on survival, median survival or incidence as lines of a claims file."""

from __future__ import annotations

import re

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.cells import INCIDENCE, MEDIAN_CI, SURVIVAL, Printed, read_cell
from analysis_lib.article.transcribe.heads import is_total
from analysis_lib.article.transcribe.keys import Asked, contrast_of, key_of
from analysis_lib.article.transcribe.kinds_of_rows import after_survival, endpoint_of, kind_of_row
from analysis_lib.article.transcribe.labels_of_rows import find_level
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Population

FORM = "12-month PFS 45% (95% CI 30-59) in GROUP vs 60% (48-70) in OTHER GROUP, P = .03"
_ESTIMATE = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s*(?:%|months?\b|mo\b)?(?P<ends>\s*[(\[][^)\]]*[)\]])?\s*"
    r"(?:in|for|with|among)\s+(?P<group>.+?)(?=\s+(?:v|vs\.?|versus|and|against)\s+\d|[,;]|$)",
    re.IGNORECASE,
)
_P = re.compile(r"[(,;\s]*\bp\s*(?P<text>[<>=\u2264\u2265]*\s*[01]?\.\d+)\)?", re.IGNORECASE)
_SIZE = re.compile(r"[(\[]\s*n\s*=\s*(?P<n>\d+)\s*[)\]]", re.IGNORECASE)
_PATIENTS = re.compile(r"^the\s+|\s+(?:patients|groups?|arms?|cohort)$|[\s.]+$", re.IGNORECASE)


def sentence_lines(
    sentence: str, asked: Asked, dictionary: Dictionary, number: int
) -> list[dict[str, str]]:
    """The estimates of one endpoint at one time, or its medians, by group, with P if it is told.

    Raises
    ------
    ClaimsError
        The sentence lacks the endpoint, the months, an estimate or its group, or has more numbers.
    """
    text = plain(sentence)
    kind = _kind(text)
    p = _P.search(text)
    after = after_survival(_P.sub("", text))
    found = list(_ESTIMATE.finditer(after))
    left = _left_over(text[: -len(after_survival(text))], after) if found else []
    if not kind or not found or left:
        why = f"{' and '.join(left)} found no place; " if left else ""
        raise ClaimsError(
            f"--sentence: must be as {FORM!r}, but is {sentence!r}; {why}one endpoint and one time "
            "a sentence, and after each estimate its group"
        )
    groups = [_group_of(match["group"], asked, dictionary) for match in found]
    section = slug(asked.source) or "text"
    shared = {"section": section, "source": asked.source, "base": asked.base, "note": sentence}
    lines = []
    for match, (population, level, size) in zip(found, groups, strict=True):
        cell = read_cell(f"{match['number']} {match['ends'] or ''}", kind)
        if cell.left and not cell.numbers:
            raise ClaimsError(f"--sentence: {match[0]!r} is no estimate with its interval")
        line = shared | {
            "population": population, "denominator": size,
            "denominator_source": "printed" if size else "unknown",
        }  # fmt: skip
        for printed in cell.numbers:
            key = key_of(asked, dictionary, printed, None, kind, text, None)
            lines.append(line_under(line | key, printed, f"{section}_s{number}_{level}"))
    levels = [level for _, level, _ in groups]
    if p is not None and len(levels) == 2:
        printed = read_cell(p["text"], "p").numbers[0]
        contrast = contrast_of(asked.groups or "group", levels, dictionary)
        line = shared | key_of(asked, dictionary, printed, None, kind, text, None)
        line |= {"population": asked.base, "contrast": contrast, "p_scope": "as printed"}
        lines.append(line_under(line, printed, f"{section}_s{number}"))
    return lines


def _kind(text: str) -> str:
    """What the estimates are; empty without an endpoint, or without its time or `median`."""
    if (kind := kind_of_row(text)) in (SURVIVAL, INCIDENCE):
        return kind
    return MEDIAN_CI if re.search(r"(?i)\bmedian\b", text) and endpoint_of(text) else ""


def _left_over(before: str, after: str) -> list[str]:
    """Numbers of the sentence that would be lost: another time, an estimate without its group."""
    times = re.findall(r"\d+(?:\.\d+)?", before)[:-1]
    rest = _ESTIMATE.sub("", after)
    cells = re.findall(r"\d[^,;]*", rest)
    return [*times, *(re.sub(r"\s+(?:and|v|vs\.?|versus)?\s*$", "", cell) for cell in cells)]


def _group_of(words: str, asked: Asked, dictionary: Dictionary) -> tuple[str, str, str]:
    """The population, the level and the size of a group in words."""
    size = _SIZE.search(words)
    bare = _SIZE.sub("", words).strip()
    if is_total(bare):
        return asked.base, "all", size["n"] if size else ""
    variable = asked.groups or "group"
    bare = _PATIENTS.sub("", _PATIENTS.sub("", bare))
    known = find_level(bare, dictionary[variable]) if variable in dictionary else ""
    level = known or slug(bare)
    population = str(Population(asked.base, variable, level))
    return population, level, size["n"] if size else ""


def line_under(shared: dict[str, str], printed: Printed, name: str) -> dict[str, str]:
    own = {
        "claim_id": f"{name}_{shared['outcome']}_{printed.statistic}",
        "statistic": printed.statistic, "value": printed.value,
        "comparator": printed.comparator, "printed_decimals": str(printed.decimals),
        "unit": printed.unit,
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | shared | own
