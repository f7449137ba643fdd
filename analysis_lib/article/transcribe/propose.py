"""A claims file proposed for a printed table or sentence, and what found no place in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.cells import (
    INCIDENCE,
    MEDIAN_CI,
    NUMBER,
    SURVIVAL,
    Printed,
    plain,
    read_cell,
)
from analysis_lib.article.transcribe.keys import Asked, contrast_of, find_groups, key_of
from analysis_lib.article.transcribe.kinds_of_rows import (
    after_survival,
    endpoint_of,
    kind_by_note,
    kind_of_row,
)
from analysis_lib.article.transcribe.labels_of_rows import (
    find_level,
    find_variable,
    is_grade,
    is_row_of_sizes,
    is_unknown,
)
from analysis_lib.article.transcribe.layout import (
    OTHER_COLUMN,
    P_COLUMN,
    Layout,
    is_total,
    with_sizes,
)
from analysis_lib.article.transcribe.writer import Proposed, Writer
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Population


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
            of_last = is_unknown(label) or is_grade(label)
            if not inside and last and of_last:
                inside = last
            last = last if of_last else label
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
    is_cut = re.compile(r"[<>\u2264\u2265]?=?\s*\d")
    cuts = variable.is_numeric or any(map(is_cut.match, map(variable.level_label, variable.levels)))
    return bool((cuts and is_cut.match(label)) or find_level(label, variable))


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
    groups = [_group(match["group"], asked, dictionary) for match in found]
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
            lines.append(_line(line | key, printed, f"{section}_s{number}_{level}"))
    levels = [level for _, level, _ in groups]
    if p is not None and len(levels) == 2:
        printed = read_cell(p["text"], "p").numbers[0]
        contrast = contrast_of(asked.groups or "group", levels, dictionary)
        line = shared | key_of(asked, dictionary, printed, None, kind, text, None)
        line |= {"population": asked.base, "contrast": contrast, "p_scope": "as printed"}
        lines.append(_line(line, printed, f"{section}_s{number}"))
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


def _group(words: str, asked: Asked, dictionary: Dictionary) -> tuple[str, str, str]:
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


def _line(shared: dict[str, str], printed: Printed, name: str) -> dict[str, str]:
    own = {
        "claim_id": f"{name}_{shared['outcome']}_{printed.statistic}",
        "statistic": printed.statistic, "value": printed.value,
        "comparator": printed.comparator, "printed_decimals": str(printed.decimals),
        "unit": printed.unit,
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | shared | own
