"""What a table holds, and how a notebook shows it: as HTML, or a table of words as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import pandas as pd
from great_tables import GT, html, loc, style
from great_tables._text import Html

from analysis_lib.errors import OutputError
from analysis_lib.format import take_notes
from analysis_lib.marks import Notes, unmarked
from analysis_lib.shown import shown


@dataclass(frozen=True)
class Column:
    """One column: `share` is its width relative to the others, `spanner` a heading above.

    A line end in the label breaks the heading.
    """

    label: str
    share: float = 1.0
    spanner: str = ""
    align: str = "right"


@dataclass(frozen=True)
class Line:
    """One line: its label, indented by `level`, and one text per column after the first."""

    label: str
    cells: tuple[str, ...]
    level: int = 0
    group: str = ""


@dataclass(frozen=True)
class Layout:
    """A whole table; `columns[0]` heads the labels, `lines` of one group stand together.

    Raises
    ------
    OutputError
        A line has too many or too few cells, or some lines are in a group and others in none.
    """

    name: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in self.lines:
            if len(line.cells) != len(self.columns) - 1:
                raise OutputError(
                    f"table {self.name}: line {line.label!r} must have {len(self.columns) - 1} "
                    f"cells, but has {len(line.cells)}; give one text per column"
                )
        if self.groups and not all(line.group for line in self.lines):
            raise OutputError(
                f"table {self.name}: some lines have a group and others have none; name it for all"
            )

    @property
    def groups(self) -> tuple[str, ...]:
        """The headings of the groups, in order of first appearance."""
        return tuple(dict.fromkeys(line.group for line in self.lines if line.group))

    def texts(self) -> tuple[str, ...]:
        """Headings and cells."""
        cells = (text for line in self.lines for text in (line.label, *line.cells))
        return (*(column.label for column in self.columns), *cells)

    def widths(self) -> tuple[str, ...]:
        """Column widths in percent of the table, which Typst understands as HTML does."""
        total = sum(column.share for column in self.columns)
        return tuple(f"{100 * column.share / total:.1f}%" for column in self.columns)


def blank(count: int) -> tuple[str, ...]:
    """Cells that say nothing, of a line that only heads the lines below it."""
    return ("",) * count


# Spaces, unlike CSS, indent in a browser, in Typst and in Word alike.
INDENT = "\u2003"
FONTS = ["Helvetica Neue", "Helvetica", "Arial", "Liberation Sans", "DejaVu Sans", "sans-serif"]
INK, RULE = "#1d2529", "#1d2529"
CLASS, SEARCHABLE = 'class="gt_table"', 'class="gt_table cart-searchable"'


@dataclass(frozen=True)
class ReportTable:
    """A layout and the way it is shown; two tables are equal when their texts are.

    A page of the report puts a field above a `searchable` one that hides what does not match.
    """

    layout: Layout
    searchable: bool = False

    @property
    def gt(self) -> GT:
        """The table in Great Tables, for anyone who wants to style it further."""
        return _styled(_with_spanners(_plain(self.layout), self.layout))

    @property
    def html(self) -> str:
        """Deterministic HTML: the identifier is the table's name, never a random one."""
        text: str = self.gt.as_raw_html()
        return text.replace(CLASS, SEARCHABLE, 1) if self.searchable else text

    def __str__(self) -> str:
        layout = self.layout
        return f"Table {layout.name}: {len(layout.lines)} rows, {len(layout.columns)} columns"

    @cached_property
    def numbers(self) -> Notes:
        """The numbers that were written for it: taken when it is first shown, as a cell does."""
        return take_notes()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return shown(str(self), table=self.html, notes=self.numbers)


def _plain(layout: Layout) -> GT:
    names = [f"column-{i}" for i in range(1, len(layout.columns))]
    # Headings are looked up by what they say, which a mark would make several.
    records = [
        (unmarked(line.group), INDENT * line.level + line.label, *line.cells)
        for line in layout.lines
    ]
    frame = pd.DataFrame(records, columns=["group", "label", *names])
    if not layout.groups:
        frame = frame.drop(columns="group")
    gt = GT(
        frame,
        rowname_col="label",
        groupname_col="group" if layout.groups else None,
        id=f"cart-{layout.name}",
    )
    gt = gt.tab_stubhead(label=layout.columns[0].label)
    for name, column in zip(names, layout.columns[1:], strict=True):
        gt = gt.cols_label({name: _heading(column.label)}).cols_align(column.align, columns=name)
    widths = dict(zip(["label", *names], layout.widths(), strict=True))
    gt = gt.cols_width(widths)
    for note in layout.notes:
        gt = gt.tab_source_note(note)
    return gt


def _heading(label: str) -> Html:
    """A heading as HTML, broken at its line ends.

    Great Tables leaves plain text above columns as it is, and reads `{{x}}` in it as a unit.
    """
    return html(escape(label).replace("{", "&#123;").replace("\n", "<br>"))


def _with_spanners(gt: GT, layout: Layout) -> GT:
    """Neighbouring columns under one heading; the same heading further on is another spanner."""
    start = 1
    columns = layout.columns
    while start < len(columns):
        end = start
        while end + 1 < len(columns) and columns[end + 1].spanner == columns[start].spanner:
            end += 1
        if columns[start].spanner:
            names = [f"column-{i}" for i in range(start, end + 1)]
            heading = _heading(columns[start].spanner)
            gt = gt.tab_spanner(heading, columns=names, id=f"spanner-{start}")
        start = end + 1
    return gt


def _styled(gt: GT) -> GT:
    """Rules above and below the header and at the end, none in between; small notes."""
    gt = gt.tab_options(
        table_width="100%",
        table_font_names=FONTS,
        table_font_size="0.85em",
        table_font_color=INK,
        table_background_color="transparent",
        table_border_top_width="1.5px",
        table_border_top_color=RULE,
        table_border_bottom_style="none",
        column_labels_background_color="transparent",
        column_labels_font_weight="bold",  # Typst refuses a number as Quarto writes it
        column_labels_border_top_style="none",
        column_labels_border_bottom_width="1px",
        column_labels_border_bottom_color=RULE,
        column_labels_padding="4px",
        column_labels_padding_horizontal="6px",
        row_group_background_color="transparent",
        row_group_font_weight="bold",
        row_group_padding="6px",
        row_group_padding_horizontal="6px",
        row_group_border_top_style="none",
        row_group_border_bottom_style="none",
        table_body_hlines_style="none",
        table_body_border_top_style="none",
        table_body_border_bottom_width="1.5px",
        table_body_border_bottom_color=RULE,
        stub_background_color="transparent",
        stub_border_style="none",
        data_row_padding="3px",
        data_row_padding_horizontal="6px",
        source_notes_background_color="transparent",
        source_notes_font_size="88%",
        source_notes_padding="2px",
        source_notes_padding_horizontal="6px",
    )
    return gt.tab_style(style.css("vertical-align: top;"), locations=[loc.body(), loc.stub()])


WIDTH = 100  # characters that the dashes under the header share out


@dataclass(frozen=True)
class MarkdownTable:
    """Cells in Markdown, so that `@tbl-x` in a cell becomes a reference; `shares` are widths."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]

    @property
    def text(self) -> str:
        """A pipe table; its rows are longer than a line, so the dashes give the widths."""
        total = sum(self.shares)
        rule = ["-" * max(3, round(WIDTH * share / total)) for share in self.shares]
        return "\n".join(_line(cells) for cells in (self.header, rule, *self.rows))

    @cached_property
    def numbers(self) -> Notes:
        """The numbers that were written for it: taken when it is first shown, as a cell does."""
        return take_notes()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        plain = f"{len(self.rows)} rows, {len(self.header)} columns"
        return shown(plain, markdown=self.text, notes=self.numbers)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |"
