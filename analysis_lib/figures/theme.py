"""The look of every figure: sizes for print, a colour-blind safe palette, distinct lines in grey.

seaborn gives the palettes and the plain style of the axes; matplotlib draws.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import seaborn as sns

Arguments = ParamSpec("Arguments")
Drawn = TypeVar("Drawn")

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
COLUMN_MM = 85.0
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
