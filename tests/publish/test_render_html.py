"""The one HTML page of the built-in renderer."""

from __future__ import annotations

import html
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analysis_lib.errors import BuildError


def plain(page: str) -> str:
    """The text of a page, without tags and with single spaces."""
    text = html.unescape(re.sub(r"<[^>]+>", "", page)).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def test_captions_are_numbered_by_the_number_in_the_file_name(rendered: Any) -> None:
    text = plain(rendered.html)
    assert "Table 2.1: Baseline by prior exposure X (Cox 1972)." in text
    assert "Table 2.2: A long table." in text
    assert "Figure 5.1: Survival by prior exposure X." in text


def test_sections_carry_the_chapter_number_and_the_preface_none(rendered: Any) -> None:
    headings = [plain(text) for text in re.findall(r"<h[12][ >].*?</h[12]>", rendered.html, re.S)]
    assert "2 Cohort" in headings
    assert "2.1 Baseline" in headings
    assert "5 Survival" in headings
    assert "About this report" in headings


def test_heading_of_a_callout_is_not_a_section(rendered: Any) -> None:
    assert re.search(r'<p class="callout-title">How to read</p>', rendered.html)
    assert "2.2" not in re.findall(r'class="section-number">([\d.]+)<', rendered.html)


def test_references_link_across_chapters(rendered: Any) -> None:
    links = re.findall(r'<a\s+href="#([\w-]+)"[^>]*class="crossref"[^>]*>(.*?)</a>', rendered.html)
    shown = {target: plain(text) for target, text in links}
    assert shown["fig-km"] == "Figure 5.1"
    assert shown["sec-survival"] == "Chapter 5"
    assert shown["sec-baseline"] == "Section 2.1"
    for target, _ in links:
        assert rendered.html.count(f'id="{target}"') == 1


def test_reference_and_citation_side_by_side_stay_two(rendered: Any) -> None:
    assert "Table 2.1 (Cox 1972)" in plain(rendered.html)


def test_suppressed_reference_shows_the_number_alone(rendered: Any) -> None:
    assert "see 2.3." in plain(rendered.html)


def test_group_of_references_keeps_all(rendered: Any) -> None:
    assert "and Table 2.1, Table 2.2." in plain(rendered.html)


def test_bibliography_lists_each_cited_work_once(rendered: Any) -> None:
    assert rendered.html.count('id="ref-cox1972"') == 1
    assert rendered.html.count('id="ref-kaplan1958"') == 1


def test_notes_of_two_chapters_stay_apart(rendered: Any) -> None:
    text = plain(rendered.html)
    assert "A note of this chapter." in text
    assert "Another note." in text


def test_figure_has_its_alternative_text_with_variables_and_quotes(rendered: Any) -> None:
    alts = [html.unescape(alt) for alt in re.findall(r'<img [^>]*alt="([^"]*)"', rendered.html)]
    assert alts == ['Step curves with "risk" by prior exposure X.']


def test_page_loads_nothing_from_elsewhere(rendered: Any) -> None:
    sources = re.findall(r'\bsrc\s*=\s*"([^"]*)"', rendered.html)
    assert sources
    assert all(source.startswith("data:") for source in sources)
    assert not re.search(r"<link\b|@import|url\(|<iframe|<object", rendered.html)


def test_mathematics_is_mathml(rendered: Any) -> None:
    assert len(re.findall(r"<math\b", rendered.html)) == 2


def test_code_is_folded_and_without_options(rendered: Any) -> None:
    folded = re.findall(r"<details class=\"code\">.*?</details>", rendered.html, re.S)
    assert any("plot" in plain(code) for code in folded)
    assert "#|" not in rendered.html


def test_label_is_on_top_and_under_every_chapter(rendered: Any) -> None:
    label = "Synthetic data: not for inference"
    assert re.search(rf'<aside class="banner"[^>]*>\s*{label}', rendered.html)
    chapters = rendered.html.count("<h1 ") + rendered.html.count("<h1>") - 1  # without the title
    assert rendered.html.count(f'<p class="label">{label}</p>') == chapters


def test_renderer_is_named(rendered: Any) -> None:
    assert "Rendered with a test." in plain(rendered.html)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("See @fig-nowhere.", "@fig-nowhere in 02_chapter"),
        ("See @tbl-nowhere [@cox1972].", "@tbl-nowhere in 02_chapter"),
        ("As in [@nobody1999].", "@nobody1999 in 02_chapter"),
    ],
)
def test_open_reference_fails_and_is_named(
    text: str, named: str, book: SimpleNamespace, tmp_path: Path
) -> None:
    figure = book.code("#| label: fig-km\n#| fig-cap: C\n#| fig-alt: A\nplot()", svg=book.SVG)
    with pytest.raises(BuildError, match=re.escape(named)):
        book.render_html(tmp_path, _2=book.chapter("# A", figure, text))


def test_label_defined_twice_fails(book: SimpleNamespace, tmp_path: Path) -> None:
    figure = book.code("#| label: fig-km\n#| fig-cap: C\n#| fig-alt: A\nplot()", svg=book.SVG)
    with pytest.raises(BuildError, match="@fig-km is defined twice"):
        book.render_html(tmp_path, _2=book.chapter("# A", figure), _3=book.chapter("# B", figure))


def test_other_shortcodes_are_refused(book: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"02_chapter, cell 1: .*pagebreak"):
        book.render_html(tmp_path, _2=book.chapter("# A\n\n{{< pagebreak >}}"))


def test_unknown_variable_is_refused(book: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"'drug' is not in _variables\.yml"):
        book.render_html(tmp_path, _2=book.chapter("# A\n\n{{< var drug >}}"))


def test_figure_without_alternative_text_is_refused(book: SimpleNamespace, tmp_path: Path) -> None:
    figure = book.code("#| label: fig-km\n#| fig-cap: C\nplot()", svg=book.SVG)
    with pytest.raises(BuildError, match="fig-km must have an alternative text"):
        book.render_html(tmp_path, _2=book.chapter("# A", figure))
