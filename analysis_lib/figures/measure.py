"""How wide a text will be in print, so that layouts are computed and nothing is clipped."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from analysis_lib.figures.theme import FONT, MM_PER_INCH, POINTS_PER_INCH, SMALL_PT

LINE_SPACING = 1.2
CAP_DROP_MM = 0.25  # matplotlib's centred baseline lies this much too low for small text
_TO_PATH = TextToPath()


def mm(points: float) -> float:
    """Typographic points in millimetres."""
    return points * MM_PER_INCH / POINTS_PER_INCH


def points(millimetres: float) -> float:
    """Millimetres in typographic points."""
    return millimetres * POINTS_PER_INCH / MM_PER_INCH


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = SMALL_PT, *, bold: bool = False) -> float:
    """Width in millimetres of the longest line of a text."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    lines = text.split("\n")
    return max(
        mm(_TO_PATH.get_text_width_height_descent(line, font, ismath=False)[0]) for line in lines
    )


def line_count(text: str) -> int:
    return text.count("\n") + 1


def text_height(lines: int, size: float = SMALL_PT) -> float:
    """Height in millimetres of so many lines."""
    return mm(lines * size * LINE_SPACING)


def wrap(text: str, width: float, size: float = SMALL_PT, *, bold: bool = False) -> str:
    """Break a text at its spaces to fit a width, and a word that is too long at any letter."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines += _pieces(word, width, size, bold)
    return "\n".join(lines)


def shorten(text: str, width: float, size: float = SMALL_PT) -> str:
    """The text cut to a width, with an ellipsis, where there is no room for a second line."""
    if text_width(text, size) <= width:
        return text
    fits = [n for n in range(len(text)) if text_width(f"{text[:n]}…", size) <= width]
    return f"{text[: max(fits, default=0)].rstrip()}…"


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """The word, cut where it would leave the width; after a hyphen or slash if it has one."""
    if text_width(word, size, bold=bold) <= width or len(word) < 2:
        return [word]
    fits = max(
        (n for n in range(1, len(word)) if text_width(word[:n], size, bold=bold) <= width),
        default=1,
    )
    breaks = [n for n in range(1, fits + 1) if word[n - 1] in "-/–"]
    cut = breaks[-1] if breaks else fits
    return [word[:cut], *_pieces(word[cut:], width, size, bold)]
