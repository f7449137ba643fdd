"""The causal diagram behind the primary model: what comes first can confound, what follows not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from analysis_lib.dictionary import lower_first
from analysis_lib.show.figure import (
    FULL_MM,
    INK,
    MARGIN_MM,
    QUIET,
    ReportFigure,
    head_height,
    in_theme,
    stroke,
    write,
)
from analysis_lib.show.measure import line_count, text_height, wrap
from analysis_lib.topics.estimands.numbers import (
    CONFOUNDER,
    EITHER,
    MEDIATOR,
    PROGNOSTIC,
    UNORDERED,
    UNSTATED,
    Estimands,
)

UNRECORDED = "Not recorded\nwhy the therapy was chosen, how the disease had behaved, fitness"
RANDOMISED = "Not recorded\nhow the disease had behaved, fitness"
_PAD_MM = 1.8
_GAP_MM = 9.0
_SIDE_MM = 38.0
_BETWEEN_MM = 5.0
_MARK = "\u2217"  # in the primary model


@dataclass(frozen=True)
class _Box:
    """A box of the diagram in millimetres from the upper left corner; its texts are wrapped."""

    heading: str
    text: str
    left: float
    top: float
    width: float
    height: float
    style: str = "plain"

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def centre(self) -> float:
        return self.top + self.height / 2


@in_theme
def plot_causal_diagram(estimands: Estimands) -> ReportFigure:
    """Confounders above, the question in the middle, what follows the exposure below it.

    Terms of the primary model carry a star. A double frame marks what everyone analysed shares.
    Arrows from the upper and the lowest bar to the boxes between are drawn only where they reach
    exposure, endpoint and infusion.
    """
    label = estimands.results.label
    boxes = _layout(estimands, head_height(label))
    height = max(box.bottom for box in boxes.values()) + MARGIN_MM
    title = f"Causal diagram of {estimands.exposure.phrase} and the endpoints"
    figure = ReportFigure(FULL_MM, height, title=title, label=label)
    axes = figure.canvas_at(0, 0, FULL_MM, height)
    for box in boxes.values():
        _draw_box(axes, box)
    _draw_arrows(axes, boxes, assigned=estimands.randomised)
    return figure


def _layout(estimands: Estimands, top: float) -> dict[str, _Box]:
    wide = FULL_MM - 2 * MARGIN_MM
    boxes: dict[str, _Box] = {}
    known = "Known before, or perhaps before, the exposure"
    if estimands.randomised:
        known = "Known before the random assignment, or perhaps before it"
    first = _listed(known, estimands, CONFOUNDER, UNORDERED, UNSTATED, PROGNOSTIC)
    boxes["confounders"] = _box(first, MARGIN_MM, top, wide)
    top = boxes["confounders"].bottom + _GAP_MM
    exposure = f"Exposure\n{estimands.exposure.label}"
    endpoints = "Endpoint\n" + "\n".join(x.label for x in estimands.endpoints)
    boxes["exposure"] = _box(exposure, MARGIN_MM, top, _SIDE_MM, "question")
    end = _box(endpoints, FULL_MM - MARGIN_MM - _SIDE_MM, top, _SIDE_MM, "question")
    boxes["endpoint"] = end
    boxes |= _middle(estimands, max(boxes["exposure"].bottom, end.bottom) + _GAP_MM)
    lowest = max(box.bottom for box in boxes.values()) + _GAP_MM
    unrecorded = RANDOMISED if estimands.randomised else UNRECORDED
    boxes["unrecorded"] = _box(unrecorded, MARGIN_MM, lowest, wide, "dashed")
    return boxes


def _middle(estimands: Estimands, top: float) -> dict[str, _Box]:
    """What may follow the exposure, the infusion that selects, and what follows it."""
    left = MARGIN_MM + _SIDE_MM / 2 + _BETWEEN_MM
    room = FULL_MM - 2 * left - 2 * _BETWEEN_MM - 4.0
    dictionary = estimands.results.dictionary
    zero = dictionary.infusion
    reached = "Infused" if dictionary.infused else zero.capitalize()
    texts = (
        ("status", _listed("May follow the exposure", estimands, EITHER), 0.44, "plain"),
        ("infused", f"{reached}\neveryone analysed", 0.22, "double"),
        ("after", _listed(f"After {zero}", estimands, MEDIATOR, "response"), 0.34, "plain"),
    )
    boxes: dict[str, _Box] = {}
    for name, text, share, style in texts:
        boxes[name] = _box(text, left, top, share * room, style)
        left = boxes[name].right + _BETWEEN_MM + 2.0
    tallest = max(box.height for box in boxes.values())
    return {name: replace(x, top=x.top + (tallest - x.height) / 2) for name, x in boxes.items()}


def _listed(heading: str, estimands: Estimands, *roles: str) -> str:
    """The heading and the covariates of some roles, those of the primary model with a star."""
    names = [
        lower_first(x.variable.label) + (_MARK if x.in_primary else "")
        for x in estimands.covariates
        if x.role in roles
    ]
    extra = [x for x in roles if x == "response"]
    return f"{heading}\n{'; '.join([*extra, *names]) or 'none of the covariates'}"


def _box(text: str, left: float, top: float, width: float, style: str = "plain") -> _Box:
    """A box as high as its text; what stands before the first line end is its heading."""
    first, _, rest = text.partition("\n")
    inside = width - 2 * _PAD_MM
    heading = wrap(first, inside, bold=True) if rest else ""
    body = "\n".join(wrap(line, inside) for line in (rest or first).split("\n"))
    lines = line_count(body) + (line_count(heading) if heading else 0)
    return _Box(heading, body, left, top, width, text_height(lines) + 2 * _PAD_MM, style)


def _draw_box(axes: Axes, box: _Box) -> None:
    colour = stroke(0).colour if box.style == "question" else INK
    insets = (0.0, 0.9) if box.style == "double" else (0.0,)
    for inset in insets:
        axes.add_patch(
            FancyBboxPatch(
                (box.left + inset, box.top + inset),
                box.width - 2 * inset,
                box.height - 2 * inset,
                boxstyle="square,pad=0",
                facecolor="none" if inset else "white",
                edgecolor=QUIET if box.style == "dashed" else colour,
                linestyle="--" if box.style == "dashed" else "-",
                linewidth=1.2 if box.style == "question" else 0.7,
            )
        )
    head = text_height(line_count(box.heading)) if box.heading else 0.0
    style = {"ha": "center", "va": "center", "linespacing": 1.2}
    middle = box.top + _PAD_MM + head / 2
    write(axes, box.middle, middle, box.heading, fontweight="bold", **style)
    below = (box.top + _PAD_MM + head + box.bottom - _PAD_MM) / 2
    write(axes, box.middle, below, box.text, **style)


def _draw_arrows(axes: Axes, boxes: dict[str, _Box], *, assigned: bool) -> None:
    """Nothing points at an exposure that chance assigned."""
    up, low = boxes["confounders"], boxes["unrecorded"]
    start, end = boxes["exposure"], boxes["endpoint"]
    status, infused, after = boxes["status"], boxes["infused"], boxes["after"]
    question = max(min(start.bottom, end.bottom) - 3.0, start.top + 1.0)
    _arrow(axes, (start.right, question), (end.left, question), question=True)
    if not assigned:
        _arrow(axes, (start.middle, up.bottom), (start.middle, start.top))
    _arrow(axes, (end.middle, up.bottom), (end.middle, end.top))
    _arrow(axes, (start.right - 6.0, start.bottom), (status.left + 12.0, status.top))
    _arrow(axes, (status.right, infused.centre), (infused.left, infused.centre))
    _arrow(axes, (infused.right, infused.centre), (after.left, infused.centre))
    _arrow(axes, (after.right - 12.0, after.top), (end.left + 6.0, end.bottom))
    for x, bottom in (
        *(() if assigned else ((start.left + 6.0, start.bottom),)),
        (status.middle, status.bottom),
        (infused.middle, infused.bottom),
        (after.middle, after.bottom),
        (end.right - 6.0, end.bottom),
    ):
        _arrow(axes, (x, low.top), (x, bottom), dashed=True)


def _arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    question: bool = False,
    dashed: bool = False,
) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=7,
            shrinkA=0,
            shrinkB=0,
            color=stroke(0).colour if question else (QUIET if dashed else INK),
            linewidth=1.6 if question else 0.8,
            linestyle="--" if dashed else "-",
        )
    )
