"""What stands at the edge of a page is part of no sentence, and no page holds a patient."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import typst

from analysis_lib.publish.match import PAGE_END, Passage, compare
from analysis_lib.publish.passages import pdf_text
from analysis_lib.study.study import Study
from tests.publish.verify.conftest import Built

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


# As a book of Quarto's has them: the title of the chapter or of the section, the number below.
BOOK = """#set page(height: 4cm, width: 9cm, margin: 1cm, header: context {
  let (at, number) = (counter(page).get().first(), counter(page).display())
  if at > 1 and calc.even(at) [#number #h(1fr) Chapter #at]
  if at > 1 and calc.odd(at) [#at.1 A section #h(1fr) #number]
}, footer: context align(center, counter(page).display()))
#set text(hyphenate: true, lang: "en")
"""
WORD = "counterrevolutionaries"


def test_a_sentence_goes_on_behind_the_running_heads_of_a_book(tmp_path: Path) -> None:
    source, pdf = tmp_path / "pages.typ", tmp_path / "pages.pdf"
    parted = "\n#pagebreak()\n".join(PARTS)
    broken = f"Of 0.61 {30 * f'{WORD} '}0.72 are left."  # a word is parted by a page, and a number
    source.write_text(f"{BOOK}{parted}\n#pagebreak()\n{broken}\n", encoding="utf-8")
    typst.compile(source, output=pdf)
    text = pdf_text(pdf)
    assert "Chapter" not in text and "section" not in text
    pages = text.split(PAGE_END)
    assert any(WORD.startswith(page.split()[-1]) and page.split()[-1] != WORD for page in pages)
    said = [Passage("p", SENTENCE), Passage("q", broken)]
    assert compare(said, text, has_pages=True) == []
    for one, changed in (("0.69", "0.68"), ("0.72", "0.73")):
        altered = [Passage(x.place, x.text.replace(one, changed)) for x in said]
        assert len(compare(altered, text, has_pages=True)) == 1


DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@pytest.mark.parametrize("of", ["page", "pdf"])
def test_no_patient_is_on_a_page(of: str, built: Built, root: Path, study: Study) -> None:
    with (root / "data" / "cohort.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    limits = {value for value in vars(study.parameters).values() if isinstance(value, str)}
    dates = {value for row in rows for value in row.values() if DATE.fullmatch(value)} - limits
    names = {row["patient_id"] for row in rows}
    assert len(names) > 100 and len(dates) > 500
    text = built.page.read_text(encoding="utf-8") if of == "page" else pdf_text(built.pdf)
    assert "SYNTHETIC DATA" in text and len(text) > 20_000
    assert not names & set(re.findall(r"[\w-]+", text))
    assert not dates & set(DATE.findall(text))
