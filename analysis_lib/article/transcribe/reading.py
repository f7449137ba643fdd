"""The rows of a table one after another: which is a heading, and what stands below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis_lib.article.transcribe.cells import INCIDENCE, MEDIAN_CI, NUMBER, PERCENT, SURVIVAL
from analysis_lib.article.transcribe.heads import (
    GROUP,
    OTHER_COLUMN,
    P_COLUMN,
    RATIO_COLUMN,
    TOTAL,
    Column,
)
from analysis_lib.article.transcribe.kinds_of_rows import (
    endpoint_of,
    kind_by_note,
    kind_of_row,
    survival_of,
)
from analysis_lib.article.transcribe.labels_of_rows import (
    find_level,
    find_variable,
    is_grade,
    is_row_of_sizes,
    is_statistic,
    is_unknown,
)
from analysis_lib.article.transcribe.layout import Layout, with_sizes
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.article.transcribe.writer import Writer
from analysis_lib.dictionary import Dictionary

Held = list[tuple[Column, str]]
_YES_NO = ("yes", "no")  # after which nothing more is of the same heading, but the unknown
_ESTIMATES = (SURVIVAL, INCIDENCE, MEDIAN_CI)
_INTERVAL = re.compile(
    r"[(\[]?(?:95\s*%\s*)?(?:CI|confidence interval)s?[)\]]?,?\s*%?", re.IGNORECASE
)


class Reading:
    """A heading stays until a row that is not below it.

    kind, tested : what the heading says of its rows, and whether P stands beside it.
    last : the row before, to which a row of grades or of the unknown belongs.
    before : the row before with what it holds, to which a row of intervals belongs.
    """

    def __init__(self, writer: Writer, layout: Layout, dictionary: Dictionary) -> None:
        self.writer, self.layout, self.dictionary = writer, layout, dictionary
        self.indents = any(texts and texts[0][:1].isspace() for _, texts in layout.rows)
        roles = {column.role for column in layout.columns}
        self.of_ratios = RATIO_COLUMN in roles and GROUP not in roles
        self.heading, self.kind, self.tested, self.last = "", "", False, ""
        self.before = ("", "")
        self.of_response = any(re.match(r"(PR|PD)\b", _label(texts)) for _, texts in layout.rows)

    def read(self) -> None:
        self.writer.sizes(self.layout)
        rows = self.layout.rows
        below = [*(texts[0] if texts else "" for _, texts in rows[1:]), ""]
        for (row, texts), following in zip(rows, below, strict=True):
            self._read(row, texts, following)

    def _read(self, row: int, texts: Sequence[str], following: str) -> None:
        label = _label(texts)
        if self.of_response and re.match(r"SD\b", label):
            label = label.replace("SD", "Stable disease", 1)
            texts = [texts[0].replace("SD", "Stable disease", 1), *texts[1:]]
        cells = [(c, texts[c.place]) for c in self.layout.columns if c.place < len(texts)]
        held = [(c, text) for c, text in cells if plain(text)]
        if is_row_of_sizes(label) and not self.heading:
            self.layout = with_sizes(self.layout, dict(cells))
            self.writer.sizes(self.layout)
        elif is_row_of_sizes(label) and kind_of_row(following) != PERCENT:
            self.writer.leave(row, label, held, f"how many of what, below {self.heading!r}?")
        elif not label and held:
            self.writer.leave(row, label, held, "the row has no label")
        elif self._is_reference(texts, held, following):
            self.writer.references[self.heading] = label
            self.writer.leave(row, label, held, "beside the level of reference")
        elif endpoint_of(label) and held and not survival_of(label) and not _of_groups(held):
            self.heading, self.kind, self.tested = label, NUMBER, True
            if any(c.role == RATIO_COLUMN for c, _ in held):
                self.writer.row(row, label, "", NUMBER, held)
            else:
                self.writer.p_of_heading(row, label, held)
        elif label and all(c.role in (P_COLUMN, OTHER_COLUMN) for c, _ in held):
            self.heading, self.kind, self.tested = label, kind_of_row(label), bool(held)
            self.writer.p_of_heading(row, label, held)
        elif label:
            self._row(row, texts, held)

    def _is_reference(self, texts: Sequence[str], held: Held, following: str) -> bool:
        """A level without a ratio below a heading: those of the others are against it."""
        label, others = _label(texts), {c.role for c, _ in held} - {OTHER_COLUMN, P_COLUMN}
        if not (self.of_ratios and self.heading and label) or others:
            return False
        is_heading = _indent(following) > _indent(texts[0])
        return not is_heading and (bool(_indent(texts[0])) or self._names_level(label))

    def _row(self, row: int, texts: Sequence[str], held: Held) -> None:
        label = _label(texts)
        if joined := self._of_endpoint(label):
            self.before = joined, kind_of_row(joined)
            self.writer.row(row, joined, "", kind_of_row(joined), held)
            return
        if _INTERVAL.fullmatch(plain(label)) and self.before[1] in _ESTIMATES:
            self.writer.row(row, self.before[0], "", self.before[1], held)
            return
        inside = self.heading if self._is_below(texts[0], label) else ""
        is_tested = any(c.role == P_COLUMN for c, _ in held)
        if inside and self.tested and is_tested and not texts[0][:1].isspace():
            inside = inside if self._names_level(label) else ""
        of_last = is_unknown(label) or is_grade(label)
        if not inside and self.last and of_last:
            inside = self.last
        self.last = self.last if of_last else label
        self.heading = self.heading if inside == self.heading else ""
        kind = kind_of_row(label)
        kind = kind if kind != NUMBER or not inside else self.kind
        if kind == NUMBER and not inside:
            kind = kind_by_note(label, find_variable(label, self.dictionary), self.layout.note)
        self.before = label, kind
        self.writer.row(row, label, inside, kind, held)

    def _of_endpoint(self, label: str) -> str:
        """`PFS, 6-month rate` of a rate below the heading of an endpoint; empty for other rows."""
        endpoint = endpoint_of(self.heading) if not endpoint_of(label) else ""
        joined = f"{endpoint.upper()}, {label}"
        return joined if endpoint and kind_of_row(joined) in _ESTIMATES else ""

    def _is_below(self, text: str, label: str) -> bool:
        """Whether a row belongs to the heading: by indent, level, or no name of its own."""
        if not self.heading:
            return False
        if text[:1].isspace() or is_statistic(label) or self._names_level(label):
            return True
        variable = find_variable(self.heading, self.dictionary)
        is_own = find_variable(label, self.dictionary) is not None or kind_of_row(label) != NUMBER
        ends = self.last.casefold() in _YES_NO and label.casefold() not in _YES_NO
        return not (self.indents or variable or is_own or ends)

    def _names_level(self, label: str) -> bool:
        """Whether a label is a level of the heading's variable, or cuts its numbers."""
        variable = find_variable(self.heading, self.dictionary)
        if variable is None:
            return False
        is_cut = re.compile(r"[<>\u2264\u2265]?=?\s*\d")
        cuts = variable.is_numeric or any(
            map(is_cut.match, map(variable.level_label, variable.levels))
        )
        return bool((cuts and is_cut.match(label)) or find_level(label, variable))


def _of_groups(held: Held) -> bool:
    return any(column.role in (GROUP, TOTAL) for column, _ in held)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _label(texts: Sequence[str]) -> str:
    return " ".join(texts[0].split()) if texts else ""
