"""The patients behind a curve: no order of events and censorings is overlooked."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from writing_articles import Writer

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.courses import course_findings
from analysis_lib.article.audit.example_course import Stretch, example_course
from analysis_lib.article.audit.finding import CONSISTENT, NEEDS_ANOTHER
from analysis_lib.article.audit.leaving import Landmark, Ways, beside, ways
from analysis_lib.article.audit.printed import Window
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key
from analysis_lib.stats.kaplan_meier import KaplanMeier, kaplan_meier

NAIVE = "infused[ino=naive]"


def window_of(percent: float, half: float = 0.5) -> Window:
    return Window((percent - half) / 100, (percent + half) / 100)


def admits(found: Ways, at_risk: int, censored: int) -> bool:
    low, high = found.censored[:, found.at_risk == at_risk]
    return bool(low.size) and low[0] <= censored <= high[0]


def test_every_order_of_leaving_is_among_the_ways() -> None:
    """All 3^6 courses of six patients: none is missing from the ways of the percent it prints."""
    for course in product("ecs", repeat=6):
        left = [one for one in course if one != "s"]
        survival, at_risk = 1.0, 6
        for one in left:
            survival *= (at_risk - 1) / at_risk if one == "e" else 1.0
            at_risk -= 1
        (found,) = ways(6, (Landmark(window_of(100 * survival, 0.0)),))
        assert admits(found, at_risk, left.count("c"))


def test_numbers_at_risk_and_events_of_a_cohort_are_among_the_ways() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(5, 50)) if seed < 35 else int(rng.integers(100, 400))
        time, event = rng.exponential(12, n).round(1) + 0.1, rng.uniform(size=n) < 0.6
        landmarks, told = [], []
        for months in (6.0, 12.0):
            found = kaplan_meier(time, event).at(months)
            had = int((event & (time <= months)).sum())
            gone = int((~event & (time < months)).sum())
            if n - had - gone == 0:
                break
            printed = np.floor(100 * found.survival + 0.5)
            landmarks.append(Landmark(window_of(printed), events=Window(had, had)))
            told.append((n - had - gone, gone))
        for reached, truth in zip(ways(n, tuple(landmarks)), told, strict=True):
            assert admits(reached, *truth)


# Days to relapse (0: none), days to death or last contact, death: 27 patients whom nobody saw.
REFRACTORY = (
    *((0, day, True) for day in (6, 6, 8, 13, 14, 20, 22, 38, 44, 74, 142, 240)),
    *((43, 95, True), (99, 127, True), (150, 199, True), (93, 245, True)),
    *((63, 300, True), (88, 320, True), (395, 430, True), (383, 495, True)),
    *((0, day, False) for day in (139, 206, 209, 232, 253, 256, 321)),
)


def test_the_four_of_the_refractory_hold_together() -> None:
    """PFS of 36% and 30% beside OS of 52% and 22%: rare, and reached by these 27 courses."""
    relapse, end, dead = (np.array(column) for column in zip(*REFRACTORY, strict=True))
    assert len(end) == 27
    progression = np.where(relapse > 0, relapse, end)
    pfs = kaplan_meier(progression, (relapse > 0) | dead)
    overall = kaplan_meier(end, dead)
    printed = [
        round(100 * curve.at(day).survival) for curve in (pfs, overall) for day in (182, 365)
    ]
    assert printed == [36, 30, 52, 22]
    composite, death = (
        ways(27, tuple(Landmark(window_of(x)) for x in pair)) for pair in ((36, 30), (52, 22))
    )
    left = beside(death[-1], composite[-1])
    assert (left.censored[0].min(), left.at_risk.max()) == (4, 5)
    assert admits(left, int((end > 365).sum()), int((~dead & (end <= 365)).sum()))


def test_the_crossing_of_the_article_is_of_few_patients(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    (found,) = [x for x in course_findings(Article(dictionary, claims)) if x.consequence]
    assert found.verdict == CONSISTENT
    assert "30% against 22% at 12 months" in found.explanation
    assert "not impossible" in found.explanation
    assert "At least 4 of the 27 patients were censored before" in found.consequence
    assert "at most 5 were still at risk" in found.consequence


@pytest.mark.parametrize(
    ("total", "pfs", "os", "risk", "verdicts"),
    [
        (5, "90", None, None, [NEEDS_ANOTHER]),  # one event of five leaves 80%
        (5, "80", None, None, []),
        (10, "50", "30", "9", [NEEDS_ANOTHER, CONSISTENT]),  # nine at risk of ten are 90%
        (10, "50", "30", None, [CONSISTENT]),
        (10, "100", "30", None, [NEEDS_ANOTHER]),  # seven died, and nobody progressed
        (300, "90", None, "280", [NEEDS_ANOTHER]),  # 280 at risk of 300 are 93%
        (300, "90", None, "260", [CONSISTENT]),
        (700, "90", None, "670", []),  # too many to tell
    ],
)
def test_a_curve_beside_its_patients(
    total: int, pfs: str, os: str | None, risk: str | None, verdicts: list[str],
    dictionary: Dictionary,
) -> None:  # fmt: skip
    writer = Writer()
    for outcome, text in (("pfs", pfs), ("os", os)):
        if text is not None:
            key = Key("survival_by_exposure", outcome, NAIVE, time_months=6.0, statistic="survival")
            writer.add(key, text, "%", denominator=total)
    if risk is not None:
        key = Key("survival_by_exposure", "pfs", NAIVE, time_months=6.0, statistic="at_risk")
        writer.add(key, risk, "patients", denominator=total)
    found = course_findings(Article(dictionary, writer.claims))
    assert [one.verdict for one in found] == verdicts


# Before 6 months and before 12: so many censored, then so many deaths, of the 87 InO-naïve.
NAIVE_OVERALL = (Stretch(1, 13), Stretch(8, 8))


def followed(patients: int, stretches: tuple[Stretch, ...]) -> KaplanMeier:
    """The curve of patients who leave one after another, six months a stretch."""
    time, event = [], []
    for number, one in enumerate(stretches):
        gone = one.censored + one.events
        time += np.linspace(6 * number + 1, 6 * number + 5, gone).tolist()
        event += [False] * one.censored + [True] * one.events
    beyond = patients - len(time)
    return kaplan_meier(np.array(time + [100.0] * beyond), np.array(event + [False] * beyond))


def test_87_patients_print_all_that_the_article_prints_of_overall_survival() -> None:
    """85% (75-91) and 74% (63-83): the embedded cohort misses two of them, the group need not."""
    curve = followed(87, NAIVE_OVERALL)
    printed = [
        tuple(round(100 * x) for x in (at.survival, at.ci_low, at.ci_high))
        for at in (curve.at(6.0), curve.at(12.0))
    ]
    assert printed == [(85, 75, 91), (74, 63, 83)]


def test_the_audit_says_such_a_course_of_the_article(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    found = [
        x.explanation
        for x in course_findings(Article(dictionary, claims))
        if x.explanation.startswith("Overall survival, the InO-naïve group")
    ]
    (first, second), (text,) = NAIVE_OVERALL, found
    assert text.endswith(
        f"One course that prints all of it: {first.censored} censored, then {first.events} events "
        f"by 6 months; {second.censored} censored, then {second.events} events by 12 months."
    )


def test_an_example_prints_the_estimates_and_is_among_the_ways() -> None:
    found = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(5, 300))
        percents = np.sort(rng.integers(5, 99, 2))[::-1]
        landmarks = tuple(Landmark(window_of(float(x))) for x in percents)
        example = example_course(n, landmarks, [lambda survival, variance: True] * 2)
        reached = ways(n, landmarks)[-1]
        if not example:
            continue
        found += 1
        curve = followed(n, example)
        assert [round(100 * curve.at(t).survival) for t in (6.0, 12.0)] == percents.tolist()
        left = n - sum(one.censored + one.events for one in example)
        assert admits(reached, left, sum(one.censored for one in example))
    assert found > 40


def test_no_example_is_found_where_no_way_is_left() -> None:
    for n in range(2, 40):
        for percents in product((97.0, 60.0, 31.0), (55.0, 30.0)):
            landmarks = tuple(Landmark(window_of(x, 0.05)) for x in percents)
            if ways(n, landmarks)[-1].none:
                assert not example_course(n, landmarks, [lambda s, v: True] * 2)
