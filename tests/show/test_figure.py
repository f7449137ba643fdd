"""A figure shows itself as the same SVG every time, under the label of its cohort."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure

from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.show.figure import RC, ReportFigure, stroke, themed
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.show.measure import shorten, text_width, wrap
from analysis_lib.study.study import SYNTHETIC_LABEL

SVG = "image/svg+xml"


def test_two_figures_of_one_result_are_the_same_bytes(two_groups: SurvivalComparison) -> None:
    first, second = (plot_kaplan_meier(two_groups)._repr_mimebundle_() for _ in range(2))
    assert first == second
    assert len(first[SVG]) > 10_000


def test_asking_again_after_other_output_gives_the_same_bytes(
    two_groups: SurvivalComparison,
) -> None:
    figure = plot_kaplan_meier(two_groups)
    again = plot_kaplan_meier(two_groups)
    again.savefig("/dev/null", format="png")
    assert figure.svg() == figure.svg() == again.svg()


def test_the_svg_holds_no_time_and_no_text_elements(two_groups: SurvivalComparison) -> None:
    svg = plot_kaplan_meier(two_groups).svg()
    assert "dc:date" not in svg
    assert not re.search(r"\d\d:\d\d:\d\d", svg)
    assert "<text" not in svg


def test_the_settings_of_the_caller_stay_and_do_not_matter(
    two_groups: SurvivalComparison,
) -> None:
    plain = plot_kaplan_meier(two_groups).svg()
    with mpl.rc_context({"font.size": 20, "svg.hashsalt": "other", "axes.grid": True}):
        before = {name: mpl.rcParams[name] for name in RC}
        other = plot_kaplan_meier(two_groups).svg()
        assert {name: mpl.rcParams[name] for name in RC} == before
    assert other == plain


def test_the_printed_size_is_in_the_svg() -> None:
    root = ElementTree.fromstring(ReportFigure(85, 50, title="A", label="").svg())
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(85 / 25.4 * 72)
    assert float(root.attrib["height"].removesuffix("pt")) == pytest.approx(50 / 25.4 * 72)


def test_a_synthetic_cohort_is_labelled_in_sight_and_in_the_title(
    two_groups: SurvivalComparison, see: Callable
) -> None:
    figure = plot_kaplan_meier(two_groups)
    assert SYNTHETIC_LABEL in see(figure).written
    title = ElementTree.fromstring(figure.svg()).find("{http://www.w3.org/2000/svg}title")
    assert title is not None and title.text is not None
    assert title.text.endswith(f"({SYNTHETIC_LABEL})")
    assert repr(figure).count("\n") == 0 and SYNTHETIC_LABEL in repr(figure)


def test_a_cohort_of_patients_is_not_labelled(comparison_of: Callable, see: Callable) -> None:
    figure = plot_kaplan_meier(comparison_of(["A", "B"]))
    assert not [text for text in see(figure).written if "SYNTHETIC" in text]
    assert "SYNTHETIC" not in figure.svg() + repr(figure)
    assert repr(figure) == "Figure: Progression-free survival by centre"


def test_a_figure_is_a_matplotlib_figure_unknown_to_pyplot(
    two_groups: SurvivalComparison,
) -> None:
    figure = plot_kaplan_meier(two_groups)
    assert isinstance(figure, Figure)
    assert figure not in [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]


def test_a_dollar_sign_in_a_label_is_no_formula(comparison_of: Callable, see: Callable) -> None:
    figure = plot_kaplan_meier(comparison_of(["Below $5 and $10", "Above"]))
    assert figure.svg()
    assert "Below $5 and $10" in see(figure).written


def test_strokes_differ_in_more_than_colour() -> None:
    strokes = [stroke(i) for i in range(32)]
    assert len({(x.colour, str(x.dashes)) for x in strokes}) == 32
    assert len({str(x.dashes) for x in strokes[:4]}) == 4


def test_the_theme_ends_with_its_block() -> None:
    before = mpl.rcParams["font.size"]
    with themed():
        assert mpl.rcParams["font.size"] == RC["font.size"]
    assert mpl.rcParams["font.size"] == before


def test_text_without_room_is_cut_with_an_ellipsis() -> None:
    assert shorten("Overall survival", 44.0) == "Overall survival"
    cut = shorten("Overall survival " + "x" * 300, 44.0)
    assert cut.startswith("Overall survival x") and cut.endswith("…")
    assert text_width(cut) <= 44.0


@pytest.mark.parametrize("width", [12.0, 25.0, 40.0])
def test_wrapped_text_fits_its_width_and_loses_nothing(width: float) -> None:
    text = "Non-Hispanic White or immunohistochemistry-confirmed"
    wrapped = wrap(text, width)
    assert text_width(wrapped) <= width
    assert wrapped.replace("\n", "").replace(" ", "") == text.replace(" ", "")
