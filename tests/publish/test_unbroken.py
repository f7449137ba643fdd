"""Where a line may not end: inside an interval, and between P and its value."""

from __future__ import annotations

import subprocess
from pathlib import Path

import lxml.html
import pypdfium2
import pytest
import typst

from analysis_lib.publish.pandoc import pandoc_path

FILTER = Path(__file__).parents[2] / "analysis_lib" / "publish" / "filters" / "unbroken.lua"


def written(markdown: str, form: str) -> str:
    command = [str(pandoc_path()), "--from=markdown", f"--to={form}", f"--lua-filter={FILTER}"]
    done = subprocess.run(
        command, input=markdown, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("markdown", "whole"),
    {
        "by a word": ("from [0.83]{r=1} to [2.08]{r=2}.", "0.83\u00a0to\u00a02.08"),
        "negative": ("from −24.6 to −2.4, and", "−24.6\u00a0to\u00a0−2.4"),
        "signs before": ("by −[24.6]{r=1} to −[2.4]{r=2}.", "−24.6\u00a0to\u00a0−2.4"),
        "percent": ("in [94.3]{r=1}% to [96.4]{r=2}%", "94.3%\u00a0to\u00a096.4%"),
        "P": ("of *P* = [.03]{r=1}, and *P* < .001", "P\u00a0=\u00a0.03"),
    }.values(),
)
def test_spaces_inside_do_not_break(markdown: str, whole: str) -> None:
    page = lxml.html.fromstring(f"<div>{written(markdown, 'html')}</div>")
    assert whole in page.text_content()
    assert len(page.xpath("//*[@data-r]")) == markdown.count("{r=")


@pytest.mark.parametrize(
    ("markdown", "whole"),
    [
        ("CI [43]{r=1}–[64]{r=2}) of", "43–64)"),
        ("were 10–15% of", "10–15%"),
        ("about *(5%–.5)* then", "(5%–.5)"),
        ("**Of many words: Grade 3–4:** so", "3–4:"),
    ],
)
def test_a_dash_between_numbers_does_not_break(markdown: str, whole: str) -> None:
    page = lxml.html.fromstring(f"<div>{written(markdown, 'html')}</div>")
    (span,) = page.xpath("//span[@style='white-space: nowrap']")
    assert span.text_content() == whole


def test_what_is_no_interval_may_break() -> None:
    text = "Go to 5, from a to 7, of Kaplan–Meier 1958, and x = 3; 12 – 13."
    assert "nowrap" not in written(text, "html") and "\u00a0" not in written(text, "html")


@pytest.mark.parametrize("lead", range(8, 16))
def test_no_line_of_the_pdf_ends_inside(lead: int, tmp_path: Path) -> None:
    """Whatever stands before, as far as the line."""
    body = written(f"{'m' * lead} 0.83–2.08 and 43 to 64 so.", "typst")
    source = tmp_path / "one.typ"
    source.write_text(f"#set page(width: 150pt)\n#set par(justify: true)\n{body}", encoding="utf-8")
    document = pypdfium2.PdfDocument(typst.compile(str(source), ignore_system_fonts=True))
    lines = document[0].get_textpage().get_text_range().replace("\u00a0", " ").splitlines()
    assert len(lines) > 1
    assert all(any(x in line for line in lines) for x in ("0.83–2.08", "43 to 64"))
