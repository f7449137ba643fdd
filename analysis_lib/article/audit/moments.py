"""Means and deviations that can be, and statistics, differences and ratios beside their P."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scipy.special import chdtrc
from scipy.stats import norm

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import Window, window
from analysis_lib.article.audit.triples import gather, quantile
from analysis_lib.article.audit.words import capital, either, of_patients, printed_p, say_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import counted
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast

RULE = "means and standard deviations"
_STATISTICS = ("mean", "standard_deviation", "median", "minimum", "maximum")
_SLACK = 1e-9
_MOST_FEWER = 0.3  # of the patients, whose value may be missing


@dataclass(frozen=True)
class Moments:
    """What is printed of a variable in one population."""

    key: Key
    parts: dict[str, Claim]
    total: int

    def window(self, statistic: str) -> Window | None:
        claim = self.parts.get(statistic)
        return None if claim is None or claim.comparator != "=" else window(claim)


def moment_findings(article: Article) -> Iterator[Finding]:
    """Whether whole numbers have each mean and deviation, and numbers of a range can have them."""
    for key, parts in gather(article.claims, _STATISTICS).items():
        mean = parts.get("mean")
        total = (mean.denominator if mean else None) or article.patients(key.population)
        if mean is None or total is None or mean.comparator != "=":
            continue
        one = Moments(key, parts, total)
        if article.type_of(key.variable or key.outcome) == "integer":
            yield _of_whole_numbers(one, article)
        if any(name in parts for name in ("minimum", "maximum", "median")):
            yield _within_range(one, article)


def _of_whole_numbers(one: Moments, article: Article) -> Finding:
    """GRIM for the mean, GRIMMER for the deviation.

    Brown and Heathers (2017), Social Psychological and Personality Science 8:363; Anaya (2016),
    PeerJ Preprints 4:e2400v1, with the analytic form of Allard (2018).
    """
    mean, spread = one.window("mean"), one.window("standard_deviation")
    assert mean is not None
    claims = [one.parts[x].claim_id for x in ("mean", "standard_deviation") if x in one.parts]
    said = f"a mean of {one.parts['mean'].printed}"
    if "standard_deviation" in one.parts:
        said += f" with a standard deviation of {one.parts['standard_deviation'].printed}"
    whole = f"whole numbers of {counted(one.total, 'patient')}"
    subject = article.subject(one.key)
    if whole_numbers_exist(mean, spread, one.total):
        return about(RULE, subject, CONSISTENT, f"{whole} can have {said}.", claims)
    fewest = max(1, math.floor((1 - _MOST_FEWER) * one.total))
    fewer = [n for n in range(fewest, one.total) if whole_numbers_exist(mean, spread, n)]
    if fewer:
        text = f"no {whole} have {said}; those of {of_patients(fewer[-3:])} can."
        return about(RULE, subject, NEEDS_ANOTHER, text, claims)
    return about(RULE, subject, IMPOSSIBLE, f"no {whole} have {said}.", claims)


@lru_cache(maxsize=4096)
def whole_numbers_exist(mean: Window, spread: Window | None, total: int) -> bool:
    """Whether so many whole numbers have a mean and a standard deviation that print so.

    The sum is a whole number, and so is the sum of squares, which is even where the sum is. It is
    smallest where the numbers differ by one at most, and from there it differs by an even number.
    """
    sums = range(math.ceil(mean.low * total - _SLACK), math.floor(mean.high * total + _SLACK) + 1)
    if spread is None:
        return bool(sums)
    return any(_squares_exist(added, spread, total) for added in sums)


def _squares_exist(added: int, spread: Window, total: int) -> bool:
    quotient, rest = divmod(added, total)
    least = (total - rest) * quotient**2 + rest * (quotient + 1) ** 2
    if total == 1:
        return spread.low <= _SLACK
    low, high = (
        (total - 1) * max(end, 0.0) ** 2 + added**2 / total for end in (spread.low, spread.high)
    )
    first = max(least, math.ceil(low - _SLACK))
    first += (first - least) % 2
    return first <= high + _SLACK


def _within_range(one: Moments, article: Article) -> Finding:
    """Bounds that hold for any numbers: Bhatia and Davis (2000), and |mean - median| <= SD."""
    claims = [claim.claim_id for claim in one.parts.values()]
    said = ", ".join(
        f"{name.replace('_', ' ')} {claim.printed}" for name, claim in one.parts.items()
    )
    problem = _problem(one)
    verdict = IMPOSSIBLE if problem else CONSISTENT
    text = f"{said}: {problem}." if problem else f"{said} can be of the same patients."
    return about(RULE, article.subject(one.key), verdict, text, claims)


def _problem(one: Moments) -> str:
    mean, spread = one.window("mean"), one.window("standard_deviation")
    low, high, median = (one.window(x) for x in ("minimum", "maximum", "median"))
    assert mean is not None
    below = low is not None and mean.high < low.low - _SLACK
    above = high is not None and mean.low > high.high + _SLACK
    if below or above:
        return "the mean lies outside the range"
    of_all = math.sqrt(one.total / max(one.total - 1, 1))
    if spread is not None and low is not None and high is not None:
        widest = (high.high - low.low) / 2 * of_all
        means = min(max((high.high + low.low) / 2, mean.low), mean.high)
        room = max((high.high - means) * (means - low.low), 0.0)
        if spread.low > min(math.sqrt(room) * of_all, widest) + _SLACK:
            return "no numbers in this range with this mean spread so far"
    if spread is not None and median is not None:
        apart = max(mean.low - median.high, median.low - mean.high, 0.0)
        if apart > spread.high / of_all + _SLACK:
            return "mean and median lie further apart than the standard deviation"
    return ""


CHI_SQUARE = "degrees of freedom"
_MOST_DEGREES = 12


def chi_square_findings(article: Article) -> Iterator[Finding]:
    """The degrees of freedom with which a printed chi-square has the printed P."""
    for key, parts in gather(article.claims, ("chi_square", "p_value")).items():
        if len(parts) == 2 and parts["chi_square"].comparator == "=":
            yield _of_chi_square(key, parts["chi_square"], parts["p_value"], article)


def _of_chi_square(key: Key, statistic: Claim, p: Claim, article: Article) -> Finding:
    values = window(statistic)
    fitting = [
        degrees
        for degrees in range(1, _MOST_DEGREES + 1)
        if window(p).meets(
            Window(chdtrc(degrees, values.high), chdtrc(degrees, max(values.low, 0.0)))
        )
    ]
    expected = _degrees(key, article)
    start = f"a chi-square of {statistic.printed} has {printed_p(p)}"
    claims, subject = (statistic.claim_id, p.claim_id), article.quantity_name(key)
    if not fitting:
        half = chdtrc(1, values.low) / 2
        text = (
            f"{start} with no number of degrees of freedom up to {_MOST_DEGREES}: a test of one "
            f"side (with 1 {say_p(half)}), another test, or a misprint."
        )
        return about(CHI_SQUARE, subject, NEEDS_ANOTHER, text, claims)
    degrees = "degree" if fitting == [1] else "degrees"
    told = f"{start} with {either(fitting)} {degrees} of freedom"
    if expected is None or expected in fitting:
        return about(CHI_SQUARE, subject, CONSISTENT, f"{told}.", claims)
    text = f"{told}, but what is compared has {expected}."
    return about(CHI_SQUARE, subject, NEEDS_ANOTHER, text, claims)


def _degrees(key: Key, article: Article) -> int | None:
    """One less than the levels of a factor in two groups; 1 of an outcome in two groups."""
    if not Contrast.parse(key.contrast):
        return None
    levels = article.levels_of(key.variable)
    if key.variable and not levels:
        return None
    return max(len(levels) - 1, 1)


DIFFERENCES = "differences"
_DIFFERENCES = ("difference", "survival_difference", "restricted_mean_difference")


def difference_findings(article: Article) -> Iterator[Finding]:
    """A difference in the middle of its interval, and its P by the normal distribution."""
    z = quantile(article.confidence_level)
    for name in _DIFFERENCES:
        for triple in article.triples(name):
            estimate, low, high = triple.windows
            middle = Window((low.low + high.low) / 2, (low.high + high.high) / 2)
            ends = f"{triple.low.printed} to {triple.high.printed}"
            subject = f"{article.quantity_name(triple.key)}, difference"
            said = f"{triple.estimate.printed} ({article.interval_words} {ends})"
            if not middle.meets(estimate):
                text = f"{said} is not the middle of its interval: another kind, or a misprint."
                yield about(DIFFERENCES, subject, NEEDS_ANOTHER, text, triple.claims)
                continue
            p = _same_term(triple.key, article)
            if p is None:
                continue
            error = (high.low - low.high) / (2 * z), (high.high - low.low) / (2 * z)
            far = max(abs(estimate.low), abs(estimate.high)) / max(error[0], 1e-12)
            near = 0.0 if estimate.holds(0.0) else min(map(abs, (estimate.low, estimate.high)))
            values = Window(2 * norm.sf(far), 2 * norm.sf(near / error[1]))
            agrees = window(p).meets(values)
            text = f"{said} has P from {say_p(values.low)} to {say_p(values.high)}, {printed_p(p)}"
            text += " agrees." if agrees else " is printed: another test, or a misprint."
            verdict = CONSISTENT if agrees else NEEDS_ANOTHER
            yield about(DIFFERENCES, subject, verdict, text, (*triple.claims, p.claim_id))


def _same_term(key: Key, article: Article) -> Claim | None:
    wanted = key._replace(statistic="p_value")
    return next((claim for claim in article.claims if claim.key == wanted), None)


RECIPROCALS = "ratios of either direction"


def reciprocal_findings(article: Article) -> Iterator[Finding]:
    """A hazard ratio and that of the opposite contrast multiply to 1."""
    ratios: dict[Key, Claim] = {}
    for claim in article.claims:
        if claim.key.statistic == "hazard_ratio" and claim.comparator == "=":
            ratios.setdefault(claim.key._replace(level=""), claim)
    for key, claim in ratios.items():
        contrast = Contrast.parse(key.contrast)
        if contrast is None or contrast.level > contrast.reference:
            continue
        opposite = str(Contrast(contrast.reference, contrast.level))
        other = ratios.get(key._replace(contrast=opposite))
        if other is not None:
            yield _reciprocal(claim, other, contrast, article)


def _reciprocal(one: Claim, other: Claim, contrast: Contrast, article: Article) -> Finding:
    first, second = window(one), window(other)
    agrees = first.low * second.low <= 1 <= first.high * second.high
    text = f"{one.printed} and, in the other direction, {other.printed} "
    text += (
        "are reciprocals."
        if agrees
        else "are no reciprocals: of different models, or one is a misprint."
    )
    subject = capital(article.ratio_words(one.key, contrast))
    verdict = CONSISTENT if agrees else NEEDS_ANOTHER
    return about(RECIPROCALS, subject, verdict, text, (one.claim_id, other.claim_id))
