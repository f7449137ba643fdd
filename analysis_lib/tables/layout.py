"""What a table holds before anyone draws it: columns, lines of text, notes."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.errors import OutputError


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
