"""A figure that shows itself as one deterministic SVG and carries the label of its cohort."""

from __future__ import annotations

import io
from typing import Any

from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis_lib.figures.theme import MM_PER_INCH, QUIET, SMALL_PT, themed
from analysis_lib.printed import take_notes

MARGIN_MM = 1.0
LABEL_MM = 4.5


def label_height(label: str) -> float:
    """Millimetres at the top of a figure that its label fills: none without a label."""
    return LABEL_MM if label else 0.0


class ReportFigure(Figure):
    """A matplotlib figure outside pyplot, laid out in millimetres.

    Parameters
    ----------
    width_mm, height_mm : the printed size
    title : what the figure shows, in one line; also the title inside the SVG
    label : the label of a synthetic cohort, drawn top right; empty for patients
    """

    def __init__(self, width_mm: float, height_mm: float, *, title: str, label: str) -> None:
        super().__init__(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
        self.width_mm = width_mm
        self.height_mm = height_mm
        self.title = title
        self.label = label
        self._svg = ""
        if label:
            self.text_at(
                width_mm - MARGIN_MM,
                MARGIN_MM,
                label,
                ha="right",
                va="top",
                fontsize=SMALL_PT,
                color=QUIET,
                fontweight="bold",
            )

    @property
    def description(self) -> str:
        """The title, and the label after it."""
        return f"{self.title} ({self.label})" if self.label else self.title

    def position(self, left: float, top: float) -> tuple[float, float]:
        """Millimetres from the upper left corner as matplotlib's fractions."""
        return left / self.width_mm, 1 - top / self.height_mm

    def axes_at(self, left: float, top: float, width: float, height: float, **kind: Any) -> Axes:
        """Axes whose frame lies there, in millimetres from the upper left corner."""
        x, y = self.position(left, top + height)
        return self.add_axes((x, y, width / self.width_mm, height / self.height_mm), **kind)

    def text_at(self, left: float, top: float, text: str, **style: Any) -> None:
        """Text anchored there, in millimetres from the upper left corner."""
        self.text(*self.position(left, top), text, **style)

    def svg(self) -> str:
        """The figure as SVG: the same bytes whenever and wherever it is asked for."""
        if not self._svg:
            buffer = io.StringIO()
            metadata = {"Title": self.description, "Date": None, "Creator": "cart-report"}
            with themed():
                self.savefig(buffer, format="svg", metadata=metadata)
            self._svg = buffer.getvalue()
        return self._svg

    def __repr__(self) -> str:
        return f"Figure: {self.description}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        bundle = {"image/svg+xml": self.svg(), "text/plain": repr(self)}
        take_notes()  # numbers drawn are shapes that nobody can read back
        return bundle

    def _ipython_display_(self) -> None:
        # Where pyplot's inline backend is active it adds a PNG to every Figure's bundle.
        display(self._repr_mimebundle_(), raw=True)
