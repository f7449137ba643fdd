"""A sentence on survival as lines of a claims file.

`12-month PFS 45% (95% CI 30-59) in exposed vs 60% (48-70) in naive, P = .03`
"""

from __future__ import annotations

import re

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.cells import SURVIVAL, Printed, plain, read_cell
from analysis_lib.article.transcribe.groups import Asked
from analysis_lib.article.transcribe.labels_of_rows import after_survival, find_level, survival_of
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Contrast, Population

FORM = "12-month PFS 45% (95% CI 30-59) in GROUP vs 60% (48-70) in OTHER GROUP, P = .03"
_ESTIMATE = re.compile(
    r"(?P<cell>\d+(?:\.\d+)?\s*%?(?:\s*[(\[][^)\]]*[)\]])?)\s*(?:in|for|with|among)\s+"
    r"(?P<group>.+?)(?=\s+(?:v|vs\.?|versus|and|against)\s+\d|[,;]|$)",
    re.IGNORECASE,
)
_P = re.compile(r"\bp\s*(?P<text>[<>=\u2264\u2265]*\s*[01]?\.\d+)", re.IGNORECASE)


def sentence_lines(
    sentence: str, asked: Asked, dictionary: Dictionary, number: int
) -> list[dict[str, str]]:
    """The estimates of one endpoint at one time in each group, with P if it is told.

    Raises
    ------
    ClaimsError
        The sentence lacks the endpoint, the months, an estimate or its group.
    """
    text = plain(sentence)
    told = survival_of(text)
    found = list(_ESTIMATE.finditer(after_survival(text)))
    if told is None or not found:
        raise ClaimsError(
            f"--sentence: must be as {FORM!r}, but is {sentence!r}; one endpoint and one time a "
            "sentence"
        )
    variable = asked.groups or "group"
    levels = [_level(match["group"], variable, dictionary) for match in found]
    section = slug(asked.source) or "text"
    shared = {
        "section": section, "analysis": "survival_by_exposure", "outcome": told.outcome,
        "source": asked.source, "base": asked.base, "note": sentence,
    }  # fmt: skip
    lines = []
    for match, level in zip(found, levels, strict=True):
        population = str(Population(asked.base, variable, level))
        cell = read_cell(match["cell"], SURVIVAL)
        if cell.left and not cell.numbers:
            raise ClaimsError(f"--sentence: {match['cell']!r} is no estimate with its interval")
        for printed in cell.numbers:
            line = shared | {
                "population": population, "time_months": told.months,
                "denominator_source": "unknown",
            }  # fmt: skip
            lines.append(_line(line, printed, f"{section}_s{number}_{level}"))
    p = _P.search(text)
    if p is not None and len(levels) == 2:
        printed = read_cell(p["text"], "p").numbers[0]
        contrast = str(Contrast(levels[0], levels[1]))
        line = shared | {"population": asked.base, "contrast": contrast, "p_scope": "as printed"}
        lines.append(_line(line, printed, f"{section}_s{number}"))
    return lines


def _level(words: str, variable: str, dictionary: Dictionary) -> str:
    known = find_level(words, dictionary[variable]) if variable in dictionary else ""
    return known or slug(words)


def _line(shared: dict[str, str], printed: Printed, name: str) -> dict[str, str]:
    own = {
        "claim_id": f"{name}_{shared['outcome']}_{printed.statistic}",
        "statistic": printed.statistic, "value": printed.value,
        "comparator": printed.comparator, "printed_decimals": str(printed.decimals),
        "unit": printed.unit,
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | shared | own
