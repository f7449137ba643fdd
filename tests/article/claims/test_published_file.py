"""The shipped claims file: every printed number once, with a key that results can have."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary, read_dictionary
from analysis_lib.errors import CohortError
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.topics.whole import check_vocabulary

ROOT = Path(__file__).parents[3]
CLAIMS_PER_SECTION = {
    "table1": 149,
    "toxicity": 80,
    "survival": 44,
    "flow": 32,
    "design": 29,
    "cox": 24,
    "consolidation": 12,
    "suppl1": 12,
    "context": 11,
    "suppl2": 9,
    "response": 6,
    "relapse": 5,
}


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return read_dictionary(ROOT / "data" / "dictionary.csv")


@pytest.fixture(scope="module")
def compared(claims: tuple[Claim, ...]) -> list[Claim]:
    return [claim for claim in claims if claim.in_scope]


def table_of(claims: Iterable[Claim]) -> Results:
    units = {claim.key: claim.unit for claim in claims}
    return Results(tuple(Row(key, unit=unit) for key, unit in units.items()), "")


def by_key(claims: Iterable[Claim], statistic: str) -> dict[Key, list[Claim]]:
    """Claims of a statistic under the rest of their key."""
    found = defaultdict(list)
    for claim in claims:
        if claim.key.statistic == statistic:
            found[claim.key._replace(statistic="")].append(claim)
    return found


def test_file_holds_all_413_printed_numbers(claims: tuple[Claim, ...]) -> None:
    assert Counter(claim.section for claim in claims) == CLAIMS_PER_SECTION
    assert len({claim.claim_id for claim in claims}) == len(claims) == 413


def test_every_key_uses_words_of_the_vocabulary(
    compared: list[Claim], dictionary: Dictionary
) -> None:
    check_vocabulary(table_of(compared), dictionary)
    wrong = Row(compared[0].key._replace(variable="ph_status"), unit="patients")
    with pytest.raises(CohortError, match="ph_status"):
        check_vocabulary(Results((wrong,), ""), dictionary)


def test_context_and_design_have_a_note_instead_of_a_key(claims: tuple[Claim, ...]) -> None:
    outside = [claim for claim in claims if not claim.in_scope]
    assert len(outside) == 40
    assert all(claim.note for claim in outside)
    bounds = [claim for claim in outside if claim.key != Key("")]
    assert {claim.section for claim in bounds} == {"design"}
    assert [(claim.key.variable, claim.key.statistic, claim.printed) for claim in bounds] == [
        ("age_years", "minimum", "18"),
        ("infusion_date", "minimum", "2021-10"),
        ("infusion_date", "maximum", "2023-08"),
        ("followup", "minimum", "3"),
        ("last_contact_date", "maximum", "2023-10-30"),
    ]


def test_p_values_belong_to_comparisons_and_never_to_a_level(compared: list[Claim]) -> None:
    tests = [claim for claim in compared if claim.key.statistic == "p_value"]
    assert len(tests) == 52
    assert all(not claim.key.level and "_vs_" in claim.key.contrast for claim in tests)
    assert all(claim.p_scope for claim in tests)
    assert not any(claim.p_scope for claim in compared if claim not in tests)


def test_p_values_of_whole_factors_say_what_the_sentence_attached_them_to(
    claims: tuple[Claim, ...],
) -> None:
    scope = {claim.claim_id: claim.p_scope for claim in claims}
    assert scope["base_phneg_p"] == "Ph-negative incl. Ph-like"
    for name in ("abs_marrow_status_p", "base_active_p", "s1_active_p", "s2_active_p"):
        assert scope[name] == "active marrow disease"
    assert scope["t1_status_p"] == "as printed"


def test_only_two_p_values_and_the_half_in_words_are_printed_as_bounds(
    compared: list[Claim],
) -> None:
    bounds = {claim.claim_id: claim.comparator for claim in compared if claim.comparator != "="}
    halves = dict.fromkeys(("abs_over_half", "flow_over_half", "disc_over_half"), ">")
    assert bounds == {"abs_resp_os_p": "<", "s1_active_p": "<", **halves}


def test_one_key_belongs_to_one_section(compared: list[Claim]) -> None:
    sections = defaultdict(set)
    for claim in compared:
        sections[claim.key].add(claim.section)
    assert [key for key, found in sections.items() if len(found) > 1] == []


def test_places_follow_the_article(claims: tuple[Claim, ...]) -> None:
    places = [claim.source.partition(" (")[0] for claim in claims]
    assert [place for i, place in enumerate(places) if place not in places[:i]] == [
        "Abstract",
        "Introduction",
        "Methods",
        "Results, paragraph 1",
        "Results, paragraph 2",
        "Table 1",
        "Results, paragraph 3",
        "Table 2",
        *(f"Results, paragraph {number}" for number in range(4, 8)),
        "Discussion",
    ]
    assert len([one for one, other in pairwise(places) if one != other]) == 12


def test_a_denominator_that_several_readings_fit_is_not_called_derived(
    compared: list[Claim],
) -> None:
    assumed = {claim.section for claim in compared if claim.denominator_source == "assumed"}
    assert assumed == {"flow", "suppl1", "suppl2", "toxicity", "response", "survival"}
    curves = [claim for claim in compared if claim.key.statistic.startswith("survival")]
    assert {claim.denominator_source for claim in curves} == {"assumed"}


def test_decimals_are_those_of_the_field(compared: list[Claim]) -> None:
    for claim in compared:
        allowed = {"p_value": (1, 2, 3, 4), "count": (0,), "n": (0,)}
        ratio = claim.key.statistic.startswith("hazard_ratio")
        expected = (2,) if ratio else allowed.get(claim.key.statistic, (0, 1))
        assert claim.decimals in expected, claim.claim_id


def test_values_lie_in_the_range_of_their_unit(compared: list[Claim]) -> None:
    for claim in compared:
        assert claim.value >= 0, claim.claim_id
        if claim.unit == "%":
            assert claim.value <= 100, claim.claim_id
            assert claim.key.statistic.startswith(("proportion", "survival")), claim.claim_id
        if claim.key.statistic == "p_value":
            assert 0 < claim.value < 1, claim.claim_id


def test_percents_follow_from_counts_and_denominators_but_for_the_one_misprint(
    compared: list[Claim],
) -> None:
    counts = by_key(compared, "count")
    misprints, pairs = set(), 0
    exact = [claim for claim in compared if claim.comparator == "="]
    for key, percents in by_key(exact, "proportion").items():
        for percent in percents:
            for count in counts[key]:
                pairs += 1
                assert percent.denominator is not None
                assert count.denominator == percent.denominator, percent.claim_id
                scale = 10**percent.decimals
                doubled = 200 * scale * int(count.value) + percent.denominator
                if doubled // (2 * percent.denominator) != round(percent.value * scale):
                    misprints.add(percent.claim_id)
    assert pairs == 111
    assert misprints == {"t1_subtype_ph_negative_ino_exposed_pct"}


def test_columns_of_table_1_add_up_but_for_the_two_known_gaps(
    compared: list[Claim], dictionary: Dictionary
) -> None:
    sums: dict[tuple[str, str], int] = Counter()
    levels: dict[tuple[str, str], set[str]] = defaultdict(set)
    denominators: dict[tuple[str, str], int | None] = {}
    for claim in compared:
        if claim.section == "table1" and claim.key.statistic == "count":
            column = (claim.key.population, claim.key.variable)
            sums[column] += int(claim.value)
            levels[column].add(claim.key.level)
            denominators[column] = claim.denominator
    whole = [x for x in sums if levels[x] >= set(dictionary[x[1]].levels)]
    assert len(whole) == 14
    gaps = {x: (sums[x], denominators[x]) for x in whole if sums[x] != denominators[x]}
    assert gaps == {
        ("infused[ino=naive]", "age_group_as_published"): (86, 87),
        ("infused[ino=exposed]", "race_ethnicity"): (101, 102),
    }


def test_grades_of_table_2_add_up_to_any_grade(compared: list[Claim]) -> None:
    counts = {
        claim.key: int(claim.value)
        for claim in compared
        if claim.source == "Table 2" and claim.key.statistic == "count"
    }
    for name in ("crs", "icans"):
        for group in ("naive", "exposed"):
            any_grade = Key("toxicity", name, f"{name}_evaluable[ino={group}]", statistic="count")
            graded = any_grade._replace(
                population=f"{name}_affected[ino={group}]", variable=f"{name}_grade_group"
            )
            grades = [graded._replace(level=level) for level in ("grade_1_2", "grade_3_4")]
            assert sum(counts[key] for key in grades) == counts[any_grade]


@pytest.mark.parametrize(
    ("low", "middle", "high", "n"),
    [
        ("minimum", "median", "maximum", 10),
        ("survival_ci_low", "survival", "survival_ci_high", 8),
        ("hazard_ratio_ci_low", "hazard_ratio", "hazard_ratio_ci_high", 8),
    ],
)
def test_estimates_lie_between_their_limits(
    compared: list[Claim], low: str, middle: str, high: str, n: int
) -> None:
    lows, middles, highs = (by_key(compared, name) for name in (low, middle, high))
    triples = [
        (lows[key][i].value, one.value, highs[key][i].value)
        for key in lows
        for i, one in enumerate(middles[key][: len(lows[key])])
    ]
    assert len(triples) == n
    assert all(a <= b <= c for a, b, c in triples)


def test_repeats_of_a_number_agree_at_the_coarser_rounding(compared: list[Claim]) -> None:
    repeats = defaultdict(list)
    for claim in (claim for claim in compared if claim.comparator == "="):
        repeats[claim.key].append(claim)
    groups = [same for same in repeats.values() if len(same) > 1]
    assert len(groups) > 20
    for same in groups:
        coarse = min(claim.decimals for claim in same)
        printed = {math.floor(claim.value * 10**coarse + 0.5) for claim in same}
        assert len(printed) == 1, [claim.claim_id for claim in same]
        assert len({(claim.unit, claim.denominator) for claim in same}) == 1


def test_base_names_the_patients_of_the_key(compared: list[Claim]) -> None:
    for claim in compared:
        base = "model" if claim.section == "cox" else claim.key.population.partition("[")[0]
        assert claim.base == base, claim.claim_id


def test_percents_know_their_denominator(compared: list[Claim]) -> None:
    percents = [claim for claim in compared if claim.key.statistic == "proportion"]
    assert len(percents) == 118
    assert all(claim.denominator and claim.denominator_source for claim in percents)


def test_relapse_is_keyed_to_the_infused_whom_its_percents_divide_by(
    claims: tuple[Claim, ...],
) -> None:
    relapse = [claim for claim in claims if claim.section == "relapse"]
    assert {claim.key.population.partition("[")[0] for claim in relapse} == {"infused"}
    assert {claim.denominator for claim in relapse} == {87, 102, None}
    assert all("responders" in claim.note for claim in relapse)
