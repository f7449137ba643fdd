"""The page in a browser: silent, alone, for everybody; each of its numbers explains itself."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator

from analysis_lib.publish.cards import FILE

CARD = "#cart-card"
SENTENCE = "main p [data-r]"
# What is the same all over the page is tried on the first chapters and the explorer.
SHORTER = """() => {
  const parts = [...document.querySelectorAll("main > section")];
  parts.slice(3, -1).forEach((part) => part.remove());
  document.querySelectorAll("main tbody").forEach((body) =>
    [...body.rows].slice(8).forEach((row) => row.remove()));
}"""


def findings(shown: Any) -> list[str]:
    """What axe finds, each with the first element that it is found on."""
    options = {"resultTypes": ["violations"]}
    found = Axe().run(shown.page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def value_in(card: Locator) -> float:
    """The value that a card gives at full precision."""
    entries = dict(re.findall(r"^(.+)\n(.+)$", card.locator("dl").inner_text(), re.M))
    text = entries.get("Value") or entries["Value of the row"]
    return float(text.split(" ")[0].replace("−", "-"))


def test_the_page_says_nothing_and_asks_for_nothing(shown: Any) -> None:
    shown.page.locator(SENTENCE).first.click()
    shown.page.locator(CARD).get_by_text("Row in the results explorer").click()
    shown.page.wait_for_timeout(200)
    assert shown.said == []
    assert shown.asked == [shown.address]


def test_axe_finds_nothing_with_card_and_explorer_open(shown: Any) -> None:
    shown.page.evaluate(SHORTER)
    shown.page.locator("#results-explorer summary").click()
    shown.page.locator(SENTENCE).first.click()
    assert shown.page.locator(CARD).is_visible()
    assert findings(shown) == []


def test_every_number_is_a_rounding_of_its_row(shown: Any) -> None:
    numbers = shown.page.evaluate(
        "() => [...document.querySelectorAll('main [data-r]')]"
        ".filter((x) => x.textContent).map((x) => [x.textContent, x.dataset.r])"
    )
    assert len(numbers) > 500
    wrong = [(text, name) for text, name in numbers if not _is_rounding(shown, text, name)]
    assert wrong == []


def _is_rounding(shown: Any, text: str, name: str) -> bool:
    row = shown.row(int(name.rstrip("nd")))
    column = {"n": "n", "d": "denominator"}.get(name[-1], "value")
    held = abs(row[column])
    digits = len(text.partition(".")[2])
    number = float(text.replace("\u00a0", ""))
    bounds = number in (0.001, 0.01, 0.99)  # of a very small or large one
    return bounds or any(abs(x - number) <= 0.500001 * 10.0**-digits for x in (held, 100 * held))


def test_a_number_in_a_sentence_answers_to_the_mouse(shown: Any) -> None:
    number = shown.page.locator(SENTENCE).nth(1)
    number.hover()
    card = shown.page.locator(CARD)
    card.wait_for()
    row = shown.row(int(number.get_attribute("data-r") or ""))
    assert value_in(card) == row["value"]
    assert row["method"] in card.inner_text()
    assert " · ".join(str(row[x]) for x in ("analysis", "outcome") if row[x]) in card.inner_text()
    assert "In R\n" in card.inner_text()
    shown.page.mouse.move(1, 1)
    card.wait_for(state="hidden")


def test_a_card_that_is_pointed_at_stays(shown: Any) -> None:
    shown.page.locator(SENTENCE).first.hover()
    card = shown.page.locator(CARD)
    card.wait_for()
    card.hover()
    shown.page.wait_for_timeout(500)
    assert card.is_visible()


def test_numbers_are_reached_and_left_by_keyboard(shown: Any) -> None:
    page, card = shown.page, shown.page.locator(CARD)
    first = page.locator(SENTENCE).first
    page.locator("main a").first.focus()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.r"):
            break
    assert page.evaluate("document.activeElement.dataset.r") == first.get_attribute("data-r")
    assert card.is_visible()
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert page.locator(f"#{described}").inner_text() in card.inner_text()
    page.keyboard.press("ArrowRight")
    second = page.locator(SENTENCE).nth(1).get_attribute("data-r")
    assert page.evaluate("document.activeElement.dataset.r") == second
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "cart-card"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Row in the results explorer"
    page.keyboard.press("Escape")
    assert card.is_hidden()
    assert page.evaluate("document.activeElement.dataset.r") == second
    assert page.evaluate("document.activeElement.getAttribute('role')") == "button"


def test_one_number_of_each_block_is_a_stop_of_the_tabulator(shown: Any) -> None:
    stops = shown.page.evaluate(
        "() => [...document.querySelectorAll('main table')].map((x) =>"
        " x.querySelectorAll('[data-r][tabindex=\"0\"]').length)"
    )
    assert max(stops) == 1


def test_the_card_leads_to_the_row_and_to_the_call(shown: Any) -> None:
    page, number = shown.page, shown.page.locator(SENTENCE).nth(2)
    row = shown.row(int(number.get_attribute("data-r") or ""))
    number.click()
    page.locator(CARD).get_by_text("Row in the results explorer").click()
    cells = page.locator("tr.cart-found td").all_inner_texts()
    assert cells[0] == row["analysis"]
    assert cells[7] == row["statistic"]
    assert float(cells[8].replace("−", "-")) == row["value"]
    assert page.evaluate("document.activeElement.className") == "cart-found"
    assert page.locator("tr.cart-found").bounding_box()["height"] < 80, "a few lines"
    number.click()
    page.locator(CARD).get_by_text("Call that shows it").click()
    code = page.locator("details.code[open]")
    assert "summary" in code.inner_text()


def test_the_explorer_holds_all_rows_searches_sorts_and_filters(shown: Any, report: Path) -> None:
    with (report / "results.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    page, box = shown.page, shown.page.locator("#results-explorer")
    box.locator("summary").click()
    assert f"of {len(rows)} rows" in box.locator("output").inner_text()
    box.locator("#cart-words").fill("survival_by_exposure median")
    wanted = [
        x for x in rows if x["analysis"] == "survival_by_exposure" and "median" in x["statistic"]
    ]
    assert f"of {len(wanted)} rows" in box.locator("output").inner_text()
    box.get_by_role("button", name="value", exact=True).click()
    shown_values = box.locator("tbody td:nth-child(9)").all_inner_texts()
    numbers = [float(x) for x in shown_values if x]
    assert numbers == sorted(numbers) and len(shown_values) == len(wanted)
    box.locator("#cart-words").fill("")
    box.locator("#cart-chapter").select_option(index=3)
    held = page.evaluate("document.querySelector('#cart-chapter').selectedOptions[0].textContent")
    count = int(re.findall(r"\((\d+)\)$", held)[0])
    assert 0 < count < len(rows) and f"of {count} rows" in box.locator("output").inner_text()


def test_the_value_of_a_row_is_in_view(shown: Any) -> None:
    shown.page.locator("#results-explorer summary").click()
    head = shown.page.locator("#results-explorer").get_by_role("button", name="value", exact=True)
    region = shown.page.locator("#results-explorer .table-scroll").bounding_box()
    box = head.bounding_box()
    assert box["x"] + box["width"] < region["x"] + region["width"] <= 1300


def test_a_forest_answers_for_each_of_its_numbers(shown: Any) -> None:
    zone = shown.page.locator("#fig-answer .cart-drawing [data-r]").first
    zone.hover()
    card = shown.page.locator(CARD)
    card.wait_for()
    row = shown.row(int((zone.get_attribute("data-r") or "").rstrip("nd")))
    assert value_in(card) == row["value"]


def test_curves_answer_at_a_time(shown: Any) -> None:
    """At a landmark, what the rows of the results say."""
    slider = shown.page.locator(".cart-along").first
    slider.focus()
    shown.page.keyboard.press("Home")
    for _ in range(2):
        shown.page.keyboard.press("PageUp")
    assert slider.get_attribute("aria-valuenow") == "12"
    said = slider.get_attribute("aria-valuetext") or ""
    assert "at 12 months" in shown.page.locator(CARD).inner_text()
    for level in ("naive", "exposed"):
        at = [
            row
            for row in map(shown.row, range(len(shown.numbers["rows"]["value"])))
            if row["analysis"] == "survival_by_exposure"
            and row["outcome"] == "pfs"
            and row["population"] == f"infused[ino={level}]"
            and row["time_months"] == 12
        ]
        values = {row["statistic"]: row["value"] for row in at}
        assert f"{100 * values['survival']:.1f}%" in said
        assert f"{100 * values['survival_ci_low']:.1f}%" in said
        assert f"{values['at_risk']} at risk" in said


def test_a_long_table_is_searched(shown: Any) -> None:
    field = shown.page.locator(".cart-search input").first
    every = shown.page.locator(".cart-search output").first.inner_text()
    field.fill("overall survival")
    assert shown.page.locator(".cart-search output").first.inner_text() != every
    assert shown.page.locator("table.cart-searchable .cart-unmatched").count() > 0


def test_dark_is_dark_and_can_be_read(shown: Any) -> None:
    shown.page.emulate_media(color_scheme="dark")
    shown.page.evaluate(SHORTER)
    shown.page.locator(SENTENCE).first.click()
    for element in ("body", CARD):
        colour = shown.page.locator(element).evaluate("x => getComputedStyle(x).backgroundColor")
        assert max(map(int, re.findall(r"\d+", colour)[:3])) < 60
    options = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    assert Axe().run(shown.page, options=options).response["violations"] == []


def test_a_phone_scrolls_one_way_and_taps(shown: Any) -> None:
    page = shown.page
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(SENTENCE).first.tap()
    card = page.locator(CARD)
    box = card.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert box["y"] >= 0 and box["y"] + box["height"] <= 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_print_has_neither_cards_nor_explorer(shown: Any) -> None:
    shown.page.locator(SENTENCE).first.click()
    shown.page.emulate_media(media="print")
    for element in (CARD, "#results-explorer", ".cart-along"):
        assert shown.page.locator(element).first.is_hidden()


def test_nothing_is_wider_than_the_page(shown: Any) -> None:
    for width in (420, 800, 1300, 2000):
        shown.page.set_viewport_size({"width": width, "height": 900})
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_screen_answers(shown: Any) -> None:
    """The three sentences, and the first figure, stand on it."""
    for element in ("#fig-answer img", "main section:nth-of-type(2) > p:nth-of-type(2)"):
        box = shown.page.locator(element).first.bounding_box()
        assert box and box["y"] + box["height"] <= 800


def test_a_page_of_a_book_reads_the_rows_beside_it(
    shown: Any, report: Path, tmp_path: Path
) -> None:
    """As Quarto writes it: no rows inside, and the way to the top of the book in a field."""
    text = (report / "index.html").read_text(encoding="utf-8")
    text = re.sub(r"<meta http-equiv[^>]*>", '<meta name="quarto:offset" content="../">', text)
    text = re.sub(r'<script type="application/json" id="cart-numbers">.*?</script>', "", text)
    (tmp_path / "notebooks").mkdir()
    page = tmp_path / "notebooks" / "page.html"
    page.write_text(text, encoding="utf-8")
    rows = tmp_path / FILE
    rows.write_bytes((report / "project" / FILE).read_bytes())
    shown.asked.clear()
    shown.page.goto(page.as_uri())
    shown.page.wait_for_selector(".cart-on")
    assert shown.asked == [page.as_uri(), rows.as_uri()]
    shown.page.locator(SENTENCE).first.hover()
    shown.page.locator(CARD).wait_for()
    assert shown.said == []
