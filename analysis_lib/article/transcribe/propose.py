"""A claims file proposed for a printed table or sentence, and what found no place in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.cells import NUMBER, SURVIVAL, Printed, plain, read_cell
from analysis_lib.article.transcribe.grid import OTHER_COLUMN, P_COLUMN, Layout, with_sizes
from analysis_lib.article.transcribe.keys import Asked, find_groups
from analysis_lib.article.transcribe.labels_of_rows import (
    after_survival,
    find_level,
    find_variable,
    is_row_of_sizes,
    is_unknown,
    kind_by_note,
    kind_of_row,
    survival_of,
)
from analysis_lib.article.transcribe.writer import Proposed, Writer
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Contrast, Population


def propose_claims(layout: Layout, asked: Asked, dictionary: Dictionary) -> Proposed:
    """Every number of the table as a line, in the order of its rows."""
    groups, proposed = find_groups(layout, asked, dictionary), Proposed()
    indents = any(texts and texts[0][:1].isspace() for _, texts in layout.rows)
    writer = Writer(asked, groups, dictionary, proposed, layout)
    writer.sizes(layout)
    heading, kind, tested, last = "", "", False, ""
    for row, texts in layout.rows:
        label = " ".join(texts[0].split()) if texts else ""
        cells = [(c, texts[c.place]) for c in layout.columns if c.place < len(texts)]
        if is_row_of_sizes(label):
            layout = with_sizes(layout, dict(cells))
            writer.sizes(layout)
            continue
        held = [(c, text) for c, text in cells if plain(text)]
        if not label and held:
            writer.leave(row, label, held, "the row has no label")
        elif label and all(c.role in (P_COLUMN, OTHER_COLUMN) for c, _ in held):
            heading, kind, tested = label, kind_of_row(label), bool(held)
            writer.p_of_heading(row, label, held)
        elif label:
            belongs = (
                texts[0][:1].isspace()
                or not indents
                or bool(heading and _names_level(heading, label, dictionary))
            )
            inside = heading if belongs and _is_inside(texts[0], label, heading, dictionary) else ""
            is_tested = any(c.role == P_COLUMN for c, _ in held)
            if inside and tested and is_tested and not texts[0][:1].isspace():
                inside = inside if _names_level(heading, label, dictionary) else ""
            if not inside and last and is_unknown(label):
                inside = last
            last = last if is_unknown(label) else label
            heading = heading if inside == heading else ""
            own = kind_of_row(label)
            own = own if own != NUMBER or not inside else kind
            if own == NUMBER and not inside:
                own = kind_by_note(label, find_variable(label, dictionary), layout.note)
            writer.row(row, label, inside, own, held)
    return proposed


def _names_level(heading: str, label: str, dictionary: Dictionary) -> bool:
    """Whether a label is a level of the variable that a heading names, or cuts its numbers."""
    variable = find_variable(heading, dictionary)
    if variable is None:
        return False
    is_cut = variable.is_numeric and re.match(r"[<>\u2264\u2265]?=?\s*\d", label)
    return bool(is_cut or find_level(label, variable))


def _is_inside(text: str, label: str, heading: str, dictionary: Dictionary) -> bool:
    """Whether a row belongs to the heading above: by indent, level, or no name of its own."""
    if not heading:
        return False
    variable = find_variable(heading, dictionary)
    if text[:1].isspace() or _names_level(heading, label, dictionary):
        return True
    is_own = find_variable(label, dictionary) is not None or kind_of_row(label) != NUMBER
    return variable is None and not is_own


def claims_csv(lines: Sequence[dict[str, str]]) -> str:
    """A claims file."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, list(COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return buffer.getvalue()


def left_lines(proposed: Proposed) -> Iterator[str]:
    """What was not placed, and what has a name that the dictionary does not know."""
    for left in proposed.left:
        yield f"row {left.row}, {left.label or 'without label'}: {left.text!r}: {left.reason}"
    for label in dict.fromkeys(proposed.unknown):
        yield f"{label!r} is no variable of the dictionary: placed under a name of its own"


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
