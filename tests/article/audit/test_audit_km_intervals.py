from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm
from writing_articles import Writer

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.curves import effective_n_findings
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER
from analysis_lib.article.audit.interval_types import fits, shared_types
from analysis_lib.article.audit.km_intervals import km_interval_findings
from analysis_lib.article.audit.triples import Triple, find_triples
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key
from analysis_lib.stats.kaplan_meier import kaplan_meier

Z = norm.isf(0.025)
Point = tuple[str, str, str]


def curve(*points: Point, population: str = "infused[ino=naive]", total: int = 100) -> list[Claim]:
    """Estimates with both ends in percent, six months apart."""
    writer = Writer()
    for number, point in enumerate(points, start=1):
        key = Key("survival_by_exposure", "os", population, time_months=6.0 * number)
        for name, text in zip(("", "_ci_low", "_ci_high"), point, strict=True):
            full = key._replace(statistic=f"survival{name}")
            writer.add(full, text, "%", denominator=total)
    return writer.claims


def triple(*point: str) -> Triple:
    (found,) = find_triples(curve(point), "survival")
    return found


@pytest.fixture(scope="module")
def published(claims: tuple[Claim, ...]) -> list[Triple]:
    return find_triples(claims, "survival")


def test_of_the_article_log_log_and_logit_fit_all_8_plain_fails_5_and_log_7(
    published: list[Triple],
) -> None:
    found = [fits(one) for one in published]
    assert len(found) == 8
    fitting = {name: sum(name in one for one in found) for name in ("plain", "log", "arcsine")}
    assert fitting == {"plain": 3, "log": 1, "arcsine": 6}
    assert shared_types(found) == ["log-log", "logit"]


@pytest.mark.parametrize(
    ("outcome", "group", "months", "survival", "effective"),
    [
        ("pfs", "exposed", 6, (53.5, 54.1), (85, 104)),
        ("pfs", "exposed", 12, (39.1, 39.5), (75, 88)),
        ("pfs", "naive", 6, (65.1, 65.5), (74, 86)),
        ("pfs", "naive", 12, (56.9, 57.5), (64, 76)),
        ("os", "exposed", 6, (72.5, 73.1), (95, 118)),
        ("os", "exposed", 12, (53.5, 54.2), (71, 85)),
        ("os", "naive", 6, (84.5, 85.4), (72, 93)),
        ("os", "naive", 12, (74.0, 74.5), (69, 82)),
    ],
)
def test_log_log_windows_are_those_found_by_hand(
    published: list[Triple],
    outcome: str,
    group: str,
    months: int,
    survival: tuple[float, float],
    effective: tuple[float, float],
) -> None:
    wanted = (outcome, f"infused[ino={group}]", float(months))
    (one,) = [
        t for t in published if (t.key.outcome, t.key.population, t.key.time_months) == wanted
    ]
    fit = fits(one)["log-log"]
    assert (100 * fit.survival.low, 100 * fit.survival.high) == pytest.approx(survival, abs=0.05)
    window = (fit.effective_n.low, fit.effective_n.high)
    assert window == pytest.approx(effective, abs=0.5)


def ends(kind: str, survival: float, error: float) -> tuple[float, float]:
    """The two ends by their textbook formulas."""
    step = Z * error
    match kind:
        case "plain":
            return survival - step, survival + step
        case "log":
            return survival * math.exp(-step / survival), survival * math.exp(step / survival)
        case "log-log":
            width = step / (survival * -math.log(survival))
            return survival ** math.exp(width), survival ** math.exp(-width)
        case "logit":
            odds, width = survival / (1 - survival), step / (survival * (1 - survival))
            low, high = odds * math.exp(-width), odds * math.exp(width)
            return low / (1 + low), high / (1 + high)
    angle, width = math.asin(math.sqrt(survival)), step / 2 / math.sqrt(survival * (1 - survival))
    return math.sin(angle - width) ** 2, math.sin(angle + width) ** 2


@pytest.mark.parametrize("kind", ["plain", "log", "log-log", "logit", "arcsine"])
@pytest.mark.parametrize(("survival", "patients"), [(0.31, 40), (0.62, 90), (0.83, 60)])
def test_a_type_is_recognised_in_what_it_prints(kind: str, survival: float, patients: int) -> None:
    error = math.sqrt(survival * (1 - survival) / patients)
    texts = [f"{100 * value:.3f}" for value in (survival, *ends(kind, survival, error))]
    found = fits(triple(*texts))
    assert list(found) == [kind]
    assert found[kind].survival.holds(survival)
    low, high = found[kind].effective_n.low, found[kind].effective_n.high
    assert low <= patients <= high and high - low < 0.01 * patients


def test_effective_n_is_n_without_censoring_and_less_with_it() -> None:
    times = list(range(1, 51))
    whole = kaplan_meier(times, [True] * 50).at(20)
    censored = kaplan_meier(times, [t % 3 > 0 for t in times]).at(20)
    for estimate, patients in ((whole, 50), (censored, 50)):
        numbers = (estimate.survival, estimate.ci_low, estimate.ci_high)
        fit = fits(triple(*(f"{100 * value:.4f}" for value in numbers)))["log-log"]
        if estimate is whole:
            assert fit.effective_n.holds(patients)
        else:
            assert fit.effective_n.high < patients


@pytest.mark.parametrize("seed", range(8))
def test_effective_n_never_exceeds_n_and_never_rises(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(20, 150))
    time = rng.integers(1, rng.choice([15, 400]), size)
    curve = kaplan_meier(time, rng.random(size) < rng.uniform(0.2, 0.9))
    known = (curve.survival > 0) & (curve.survival < 1) & np.isfinite(curve.std_error)
    survival, error = curve.survival[known], curve.std_error[known]
    effective = survival * (1 - survival) / error**2
    assert (effective <= size * (1 + 1e-9)).all()
    assert (np.diff(effective) <= 1e-9 * size).all()


def test_an_interval_of_no_usual_type_is_of_another_kind_or_misprinted(
    dictionary: Dictionary,
) -> None:
    (found,) = km_interval_findings(Article(dictionary, curve(("54", "50", "80"))))
    assert found.verdict == NEEDS_ANOTHER and "none of the 5 usual types" in found.explanation
    (outside,) = km_interval_findings(Article(dictionary, curve(("54", "55", "63"))))
    assert outside.verdict == IMPOSSIBLE and "outside its interval" in outside.explanation


def test_an_interval_narrower_than_its_patients_allow_is_impossible(
    dictionary: Dictionary,
) -> None:
    (narrow,) = km_interval_findings(Article(dictionary, curve(("54", "50", "58"), total=100)))
    assert narrow.verdict == IMPOSSIBLE and "but there are 100" in narrow.explanation
    (wide,) = km_interval_findings(Article(dictionary, curve(("54", "50", "58"), total=900)))
    assert wide.verdict == CONSISTENT


def test_estimates_that_share_no_type_are_reported_with_the_suspects(
    dictionary: Dictionary,
) -> None:
    log = [("31.0", "19.5", "49.4"), ("20.0", "10.6", "37.6")]
    plain = [("62.0", "52.0", "72.0")]
    alone = km_interval_findings(Article(dictionary, curve(*log)))[-1]
    assert alone.verdict == CONSISTENT and "log can give all 2" in alone.explanation
    claims = curve(*log) + curve(*plain, population="infused[ino=exposed]")
    mixed = km_interval_findings(Article(dictionary, claims))[-1]
    assert mixed.verdict == NEEDS_ANOTHER
    assert "6-month overall survival, the InO-exposed group" in mixed.explanation
    assert len(mixed.claims) == 3


def test_a_curve_cannot_gain_information(dictionary: Dictionary) -> None:
    loses = curve(("74", "63", "83"), ("60", "47", "71"))
    (found,) = effective_n_findings(Article(dictionary, loses))
    assert found.verdict == CONSISTENT
    gains = curve(("74", "56", "86"), ("60", "50", "69"))
    (wrong,) = effective_n_findings(Article(dictionary, gains))
    assert wrong.verdict == NEEDS_ANOTHER and "cannot gain information" in wrong.explanation


def test_the_published_curves_lose_information_from_6_to_12_months(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    found = effective_n_findings(Article(dictionary, claims))
    assert [one.verdict for one in found] == [CONSISTENT] * 4
    assert "85–102 at 6 months and 75–88 at 12 months of 102 patients" in found[0].explanation


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("flat", "when"), [("100", "first event"), ("0", "nobody is left")])
def test_an_interval_without_width_says_nothing_of_its_type(
    flat: str, when: str, dictionary: Dictionary
) -> None:
    """survfit(conf.type = "log-log") prints 1, 1 and 1 before the first event."""
    points = [("95", "81", "99"), ("90", "75", "96")]
    claims = curve(*points) + curve((flat, flat, flat), population="infused[ino=exposed]")
    article = Article(dictionary, claims)
    found = km_interval_findings(article)
    assert [one.verdict for one in found] == [CONSISTENT] * 4
    assert when in found[2].explanation
    assert "can give all 2 survival estimates" in found[3].explanation
    assert len(effective_n_findings(article)) == 1
