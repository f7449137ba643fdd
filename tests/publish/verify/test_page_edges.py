"""What stands at the edge of every page is no part of a sentence that goes on on the next."""

from __future__ import annotations

from pathlib import Path

import typst

from analysis_lib.publish.match import Passage, compare
from analysis_lib.publish.passages import pdf_text

SENTENCE = "Unadjusted, the hazard ratio was 0.97 (0.78 to 1.21) in one group and 0.69 in another."
PARTS = (
    "Unadjusted, the",
    "hazard ratio was 0.97 (0.78 to 1.21) in one group and",
    "0.69 in another.",
)
FOOTER = """#set page(height: 4cm, footer: context {
  if counter(page).get().first() > 1 [The title]
  h(1fr)
  [#counter(page).display() of 3]
})
"""


def test_the_number_of_the_first_page_alone_is_at_its_edge_too(tmp_path: Path) -> None:
    first, second, third = PARTS
    body = f"{first}\n#pagebreak()\n{second}\n\nFigure 1: A curve.\n#pagebreak()\n{third}\n"
    source, pdf = tmp_path / "pages.typ", tmp_path / "pages.pdf"
    source.write_text(FOOTER + body, encoding="utf-8")
    typst.compile(source, output=pdf)
    text = pdf_text(pdf)
    assert "of 3" not in text
    assert "The title" not in text
    assert compare([Passage("p", SENTENCE)], text, has_pages=True) == []
    changed = Passage("p", SENTENCE.replace("0.69", "0.68"))
    assert len(compare([changed], text, has_pages=True)) == 1
