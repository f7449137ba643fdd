"""Test statistics with their P, differences with their interval, ratios of either direction."""

from __future__ import annotations

from collections.abc import Iterator

from scipy.special import chdtrc
from scipy.stats import norm

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import Window, window
from analysis_lib.article.audit.triples import gather, quantile
from analysis_lib.article.audit.words import capital, either, printed_p, say_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast

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
