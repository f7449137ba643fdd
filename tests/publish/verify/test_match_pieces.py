"""Sentences that pages part are found, and pieces of other sentences do not stand in for them."""

from __future__ import annotations

import pytest

from analysis_lib.publish.match import HEADING, PAGE_END, ROW, Passage, compare

START = "At 6 months survival was 65% (95% CI 54–75) among those who were never exposed"
TWO = Passage("p", f"{START} and 54% (95% CI 43–63) among those who were.")
THREE = Passage("p", f"{START}, 57% (95% CI 44–69) in responders and 37% (95% CI 19–54) in others.")
FLOAT = "Figure 7.8: Survival by exposure.\nNo known rows of a figure"


def changed(passage: Passage, old: str, new: str) -> str:
    assert passage.text.count(old) == 1
    return passage.text.replace(old, new)


def test_a_changed_sentence_does_not_borrow_its_beginning_from_another_changed_one() -> None:
    page = f"{changed(TWO, '43–63', '43–93')}\n{changed(THREE, '65%', '25%')}"
    assert [x.text for x in compare([TWO, THREE], page)] == [THREE.text, TWO.text]


@pytest.mark.parametrize(
    "ends",
    [
        (START, ", 57% (95% CI 44–69) in responders", " and 37% (95% CI 19–54) in others."),
        (START, ", 57% (95% CI 44–69) in responders and 37% (95% CI 19–54) in", " others."),
    ],
)
def test_a_sentence_in_three_pieces_between_floats_is_found_with_each_of_its_numbers(ends) -> None:
    first, second, third = ends
    pages = f"{first}{PAGE_END}{FLOAT}\n{second}\n{FLOAT}{PAGE_END}{third}\nMore words follow."
    assert compare([THREE], pages, has_pages=True) == []
    for old, new in (("65%", "66%"), ("44–69", "44–68"), ("37%", "38%")):
        assert len(compare([THREE], pages.replace(old, new), has_pages=True)) == 1


def test_a_heading_comes_again_and_a_row_of_one_letter_does_not() -> None:
    heading = Passage("t", "Never exposed, n = 87", HEADING)
    row = Passage("t", "I 13 (22%)", ROW)
    text = f"{heading.text}\n{row.text}\n{PAGE_END}Never exposed, n = 78\nJ Clin Invest i 19 961"
    (found,) = compare([heading, row], text, has_pages=True)
    assert found.found == ("78",)


def test_the_beginning_of_a_changed_row_does_not_answer_for_a_changed_row_of_the_same_words() -> (
    None
):
    shorter = Passage("a", "Never exposed 87 21 85 (75–91) not reached", ROW)
    longer = Passage("b", f"{shorter.text} reference .006", ROW)
    page = f"{changed(longer, '.006', '.003')}\n{changed(shorter, '(75–91)', '(75–93)')}"
    found = compare([shorter, longer], page)
    assert [x.place for x in found] == ["b", "a"]
    assert compare([shorter, longer], f"{longer.text}\n{shorter.text}") == []


def test_numbers_of_pages_behind_a_caption_are_no_row_that_comes_again() -> None:
    row = Passage("t", "Prior exposure to the drug .66 1.12", ROW)
    text = f"{row.text}\nCurves by prior exposure to the drug.\n9{PAGE_END}10\nChapter"
    assert compare([row], text, has_pages=True) == []
    again = f"{row.text}{PAGE_END}Prior exposure to the drug .66 1.13"
    assert [x.found for x in compare([row], again, has_pages=True)] == [(".66", "1.13")]


def test_a_heading_that_comes_again_is_not_the_end_of_a_longer_one() -> None:
    prior = Passage("t", "Prior therapy, n = 112", HEADING)
    never = Passage("t", "No prior therapy, n = 77", HEADING)
    once = f"{never.text}\n{prior.text}\n"
    assert compare([never, prior], f"{once}{PAGE_END}{once}", has_pages=True) == []
    wrong = once.replace("112", "77")
    (found,) = compare([never, prior], f"{once}{PAGE_END}{wrong}", has_pages=True)
    assert (found.text, found.found) == (prior.text, ("77",))
