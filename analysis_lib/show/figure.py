"""The look of every figure, as one deterministic SVG with the label of its cohort."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import seaborn as sns
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis_lib.format import take_notes
from analysis_lib.marks import unmarked
from analysis_lib.show.answers import Along, Answers, placed_numbers
from analysis_lib.shown import shown

Arguments = ParamSpec("Arguments")
Drawn = TypeVar("Drawn")

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
MIDDLE_MM = 120.0
FULL_MM = 178.0

FONT = "DejaVu Sans"  # matplotlib ships it, so a figure is the same on every machine
TEXT_PT = 7.0
SMALL_PT = 6.5
PANEL_PT = 9.0
INK = "#1a1a1a"
QUIET = "#767676"
RULE = "#d9d9d9"

# seaborn's colorblind palette without its two palest colours, which vanish on white paper.
_COLOURS = [sns.color_palette("colorblind").as_hex()[i] for i in (0, 1, 2, 3, 4, 7, 5, 9)]
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (6, 1.6, 1.2, 1.6)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")

RC: Any = {
    **sns.axes_style("ticks"),
    "font.family": [FONT],
    "font.size": TEXT_PT,
    "axes.labelsize": TEXT_PT,
    "axes.titlesize": TEXT_PT,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "legend.fontsize": SMALL_PT,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.2,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "text.parse_math": False,  # a label with a dollar sign is no formula
    "svg.fonttype": "path",
    "svg.hashsalt": "cart-report",
}


@dataclass(frozen=True)
class Stroke:
    """How one group is drawn wherever it appears: colour, dashes and marker together."""

    colour: str
    dashes: Any
    marker: str


def stroke(index: int) -> Stroke:
    """The stroke of the group at a position; 32 positions pass before one comes again."""
    turn = index // len(_COLOURS)
    return Stroke(
        _COLOURS[index % len(_COLOURS)],
        _DASHES[(index + turn) % len(_DASHES)],
        _MARKERS[index % len(_MARKERS)],
    )


@contextmanager
def themed() -> Iterator[None]:
    """matplotlib's settings for the length of a block; what was set before comes back.

    A letter of a script that the font lacks is drawn as an empty box, as it is elsewhere; the
    tables and sentences name what the box stands for, so that no warning needs to.
    """
    with mpl.rc_context(RC), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        yield


def in_theme(draw: Callable[Arguments, Drawn]) -> Callable[Arguments, Drawn]:
    """Run a plotting function in the theme."""

    @wraps(draw)
    def drawn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Drawn:
        with themed():
            return draw(*args, **kwargs)

    return drawn


def write(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Small text in the units of the axes, its capitals centred unless the style says otherwise."""
    axes.text(x, y, text, **{"va": "center_baseline", "fontsize": SMALL_PT, **style})


MARGIN_MM = 1.0
LABEL_MM = 4.5


def head_height(label: str) -> float:
    """Millimetres above what a figure shows: its margin, and its label if it has one."""
    return MARGIN_MM + label_height(label)


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
        self._answers = Answers()
        if label:
            style = {"ha": "right", "va": "top", "color": QUIET, "fontweight": "bold"}
            self.text_at(width_mm - MARGIN_MM, MARGIN_MM, label, **style)

    @property
    def description(self) -> str:
        """The title, and the label after it."""
        title = unmarked(self.title)
        return f"{title} ({self.label})" if self.label else title

    def position(self, left: float, top: float) -> tuple[float, float]:
        """Millimetres from the upper left corner as matplotlib's fractions."""
        return left / self.width_mm, 1 - top / self.height_mm

    def axes_at(self, left: float, top: float, width: float, height: float, **kind: Any) -> Axes:
        """Axes whose frame lies there, in millimetres from the upper left corner."""
        x, y = self.position(left, top + height)
        return self.add_axes((x, y, width / self.width_mm, height / self.height_mm), **kind)

    def canvas_at(self, left: float, top: float, width: float, height: float) -> Axes:
        """A place to draw in whose units are millimetres, downwards from its upper left corner."""
        axes = self.axes_at(left, top, width, height)
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        return axes

    def text_at(self, left: float, top: float, text: str, **style: Any) -> None:
        """Small text anchored there, in millimetres from the upper left corner."""
        self.text(*self.position(left, top), text, **{"fontsize": SMALL_PT, **style})

    def answer_along(
        self, left: float, top: float, width: float, height: float, axis: Along
    ) -> None:
        """Let a rectangle, in millimetres from the upper left corner, say more than it draws."""
        x, y = left / self.width_mm, top / self.height_mm
        size = width / self.width_mm, height / self.height_mm
        self._answers.along.append(([x, y, *size], axis))

    def svg(self) -> str:
        """The figure as SVG: the same bytes whenever and wherever it is asked for."""
        if not self._svg:
            buffer = io.StringIO()
            metadata = {"Title": self.description, "Date": None, "Creator": "cart-report"}
            with themed():
                self._answers.numbers = placed_numbers(self)
                self.savefig(buffer, format="svg", metadata=metadata)
            self._svg = buffer.getvalue()
        return self._svg

    def __repr__(self) -> str:
        return f"Figure: {self.description}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = shown(repr(self), figure=self.svg(), data=self._answers.data())
        take_notes()  # those that are drawn are in the answers
        return bundle

    def _ipython_display_(self) -> None:
        # Where pyplot's inline backend is active it adds a PNG to every Figure's bundle.
        display(self._repr_mimebundle_(), raw=True)
