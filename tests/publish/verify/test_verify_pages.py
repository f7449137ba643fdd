"""Every number that is changed on a page or in the PDF is found, and nothing else is."""

from __future__ import annotations

import random
import re
from pathlib import Path

import typst
from lxml import html

from analysis_lib.publish.match import compare
from analysis_lib.publish.passages import executed_passages, page_passages, pdf_text
from tests.publish.verify.conftest import Built

ALTERATIONS = 200
AT_ONCE = 10
_TOKEN = re.compile(r"\d")


def test_nothing_is_found_in_an_unaltered_report(built: Built) -> None:
    computed, shown = executed_passages(built.executed), page_passages(built.page)
    assert sum(len(passage.masked.numbers) for passage in computed) > 1500
    assert compare(computed, _text(built.page)) == []
    assert compare(shown, pdf_text(built.pdf), has_pages=True) == []


def test_every_altered_number_of_a_page_is_found(built: Built, tmp_path: Path) -> None:
    computed = executed_passages(built.executed)
    altered_page = tmp_path / "index.html"
    chance = random.Random(1)
    missed = []
    for _ in range(ALTERATIONS // AT_ONCE):
        document = html.parse(str(built.page), html.HTMLParser(encoding="utf-8")).getroot()
        rows = [
            [x for x in row.iter("td") if x.text and _TOKEN.search(x.text)]
            for row in document.iter("tr")
        ]
        sentences = [
            x for x in document.xpath("//main//section//p") if x.text and _is_computed(x.text)
        ]
        cells = [chance.choice(row) for row in chance.sample(rows, 40) if row][: AT_ONCE - 2]
        chosen = cells + chance.sample(sentences, 2)
        said = [_alter(element, chance) for element in chosen]
        altered_page.write_bytes(html.tostring(document, encoding="utf-8"))
        found = compare(computed, _text(altered_page))
        assert len(said) == AT_ONCE
        missed += said[len(found) :]  # every alteration is in a row or paragraph of its own
    assert missed == []


def test_every_altered_number_of_the_pdf_is_found(built: Built, tmp_path: Path) -> None:
    shown = page_passages(built.page)
    source = built.typst.read_text(encoding="utf-8")
    begin, end = source.index("#cart-float("), source.rindex("References")
    places = [
        match.start()
        for match in re.finditer(r"(?<=[\[(])\d(?=\d*[%)\] .])", source[:end])
        if match.start() > begin
    ]
    chance = random.Random(2)
    altered_source = built.typst.with_name("altered.typ")
    found = 0
    for batch in range(4):
        chosen = sorted(chance.sample(places, ALTERATIONS // 4))
        letters = list(source)
        for place in chosen:
            letters[place] = str((int(letters[place]) + 1 + batch) % 10)
        altered_source.write_text("".join(letters), encoding="utf-8")
        altered = tmp_path / f"{batch}.pdf"
        altered.write_bytes(
            typst.compile(str(altered_source), root=str(built.typst.parent), format="pdf")
        )
        findings = compare(shown, pdf_text(altered), has_pages=True)
        found += len(findings)
        rows = {_row_of(source, place) for place in chosen}
        assert len(findings) >= len(rows), batch
    assert found >= ALTERATIONS / 2  # several alterations fall into one row, and are one finding


def _text(page: Path) -> str:
    return "\n".join(passage.text for passage in page_passages(page))


def _is_computed(text: str) -> bool:
    return bool(re.search(r"\(\d+%\)|95% CI", text))


def _alter(element: html.HtmlElement, chance: random.Random) -> str:
    match = chance.choice(list(_TOKEN.finditer(element.text)))
    other = str((int(match[0]) + chance.randrange(1, 9)) % 10)
    element.text = f"{element.text[: match.start()]}{other}{element.text[match.end() :]}"
    return str(element.text)


def _row_of(source: str, place: int) -> int:
    return source.count("\n", 0, place)
