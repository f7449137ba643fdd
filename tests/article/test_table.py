"""The scorecard adds up, and the table of all numbers holds each of them once."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis_lib.article.comparison.published import PublishedComparison
from analysis_lib.article.comparison.together import Together, together
from analysis_lib.article.table import table_published, table_scorecard
from analysis_lib.results.rows import Omitted
from analysis_lib.show.table import ReportTable


def scorecard(published: PublishedComparison) -> dict[str, list[int]]:
    """The numbers of every line, percents left out."""
    table = table_scorecard(published)
    assert isinstance(table, ReportTable)
    return {
        line.label: [int(cell.partition(" ")[0]) for cell in line.cells]
        for line in table.layout.lines
    }


def test_what_is_omitted_comes_back() -> None:
    omitted = Omitted("No published numbers are given.")
    assert table_scorecard(omitted) is omitted
    assert table_published(omitted) is omitted


def test_sections_add_up_to_all_and_verdicts_to_the_total(
    every_status: PublishedComparison,
) -> None:
    lines = scorecard(every_status)
    total = lines.pop("All sections")
    assert [sum(column) for column in zip(*lines.values(), strict=True)] == total
    for numbers in (*lines.values(), total):
        assert sum(numbers[1:5]) == numbers[0]
    tally, without = (every_status.comparison.tally(counts=x) for x in (True, False))
    assert total == [tally.total, *tally.counts, without.total, without.reproduced]
    assert total[3] == total[4] == 1


def test_every_number_is_in_one_line_with_ours_and_its_verdict(
    every_status: PublishedComparison,
) -> None:
    table = table_published(every_status)
    assert isinstance(table, ReportTable)
    numbers = [
        group
        for section in every_status.comparison.sections
        for group in together(every_status.comparison.of_section(section))
    ]
    held = [one for group in numbers for one in group.members]
    assert len(held) == len(set(map(id, held))) == every_status.comparison.tally().total
    shown = [line.cells[1:] for line in table.layout.lines]
    assert shown == [(x.printed, x.computed, x.difference, x.verdict) for x in numbers]


def test_the_table_is_marked_as_searchable_and_labelled(every_status: PublishedComparison) -> None:
    table = table_published(every_status)
    assert isinstance(table, ReportTable)
    assert re.findall(r'<table[^>]*class="(.*?)"', table.html) == ["gt_table cart-searchable"]
    assert "cart-searchable" not in replace(table, searchable=False).html
    assert table.layout.notes[-1] == every_status.label != ""


def find(published: PublishedComparison, statistic: str, **key: object) -> Together:
    """The one group whose first number has this statistic and these parts of the key."""
    found = [
        group
        for group in together(published.comparison.counted)
        if group.first.claim.key.statistic == statistic
        and all(getattr(group.first.claim.key, name) == value for name, value in key.items())
    ]
    assert len(found) == 1
    return found[0]


def test_counts_stand_with_their_percent_and_estimates_with_their_interval(
    published: PublishedComparison,
) -> None:
    sex = find(published, "count", variable="sex", population="infused[ino=naive]")
    assert re.fullmatch(r"\d+ \(\d+%\)", sex.printed)
    age = find(published, "median", variable="age_years", population="infused[ino=naive]")
    assert re.fullmatch(r"\d+ \(\d+–\d+\)", age.printed)
    group = {"outcome": "os", "population": "infused[ino=naive]", "time_months": 12.0}
    survival = find(published, "survival", **group)
    assert re.fullmatch(r"\d+% \(\d+–\d+%\)", survival.printed)
    assert len(survival.members) == len(age.members) == 3
    ratio = find(published, "hazard_ratio", variable="prior_hct")
    assert re.fullmatch(r"\d\.\d\d \(\d\.\d\d–\d\.\d\d\)", ratio.computed)


def test_a_second_value_of_a_statistic_has_a_line_of_its_own(
    published: PublishedComparison,
) -> None:
    deaths = [
        group.printed
        for group in together(published.comparison.counted)
        if group.first.claim.key.outcome == "death_30d"
        and group.first.claim.key.population == "infused[ino=exposed]"
    ]
    assert len(deaths) == len(set(deaths)) == 2


def test_a_group_says_what_befalls_the_numbers_that_are_not_reproduced(
    every_status: PublishedComparison,
) -> None:
    groups = together(every_status.comparison.counted)
    (conflicting,) = (x for x in groups if "conflicting" in x.verdict)
    assert conflicting.verdict == "conflicting"
    assert re.fullmatch(r"0 \(−\d+\)", conflicting.difference)
    for group in groups:
        assert (group.verdict == "reproduced") == (group.difference == "" and group.computed != "–")


def test_tests_follow_the_numbers_that_they_compare(published: PublishedComparison) -> None:
    for section in published.comparison.sections:
        seen: dict[tuple[str, str], bool] = {}
        groups = together(published.comparison.of_section(section))
        order = [group.variable for group in groups]
        for index, group in enumerate(groups):
            assert not (seen.get(group.variable) and not group.is_test)
            seen[group.variable] = group.is_test
            assert group.variable not in order[:index] or order[index - 1] == group.variable
