"""Survival curves against time, other endpoints, whole numbers of patients and their strata."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import Split
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.interval_types import Fit, admitted_fits, likeliest, shared_types
from analysis_lib.article.audit.printed import Window, hull, window
from analysis_lib.article.audit.triples import Triple
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import counted, format_interval, format_percent, format_points
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "survival curves"

_TOUCHING = 1e-9

Points = dict[float, Claim]


def curve_findings(article: Article) -> list[Finding]:
    """Survival falls with time."""
    return [
        _falls(key, points, article) for key, points in article.curves.items() if len(points) > 1
    ]


def _falls(key: Key, points: Points, article: Article) -> Finding:
    said = listed(f"{claim.printed}% at {months:g} months" for months, claim in points.items())
    # Windows that touch are no way out: what they share rounds to only one of the two.
    rises = any(
        window(later).low > window(sooner).high - _TOUCHING
        for sooner, later in pairwise(points.values())
        if later.printed != sooner.printed
    )
    text = f"survival of {said} {'rises, which a curve cannot.' if rises else 'never rises.'}"
    cited = [claim.claim_id for claim in points.values()]
    verdict = IMPOSSIBLE if rises else CONSISTENT
    return about(RULE, article.curve_words(key), verdict, text, cited)


CENSORING = "censoring before a landmark"


def censoring_findings(article: Article) -> list[Finding]:
    """Without censoring S(t) is the share of patients still free of the event at t."""
    censored: list[tuple[Claim, int]] = []
    for points in article.curves.values():
        for claim in points.values():
            total = article.patients(claim.key.population)
            if total is not None and not _is_share(window(claim), total):
                censored.append((claim, total))
    if not censored:
        return []
    said = listed(_words(claim, total, article) for claim, total in censored)
    text = (
        f"no whole number of patients gives {said}, so at least one of each group was censored "
        "before that time."
    )
    consequence = "Censoring began before these times, so the estimates are no simple shares."
    cited = tuple(claim.claim_id for claim, _ in censored)
    return [about(CENSORING, "Early censoring", CONSISTENT, text, cited, consequence)]


def _is_share(values: Window, total: int) -> bool:
    return math.floor(values.high * total + 1e-9) >= math.ceil(values.low * total - 1e-9)


def _words(claim: Claim, total: int, article: Article) -> str:
    """`57% of the 62 patients of … at 6 months (35 are 56.5%, 36 are 58.1%)`."""
    below = math.floor(total * window(claim).low)
    counts = listed(
        f"{count} are {format_percent(count / total, claim.decimals + 1)}"
        for count in (below, below + 1)
    )
    return (
        f"{claim.printed}% of the {counted(total, 'patient')} of "
        f"{article.patients_words(claim.key.population)} at {claim.key.time_months:g} months "
        f"({counts})"
    )


EFFECTIVE_N = "information of survival curves"


def effective_n_findings(article: Article) -> list[Finding]:
    """One finding per curve with intervals at two or more times.

    S(1 - S)/SE² is the number of patients who without censoring would give that error. It is a
    weighted mean of at risk / S over the event times so far, which only falls: an event leaves
    at risk / S as it is, and censoring lowers it.
    """
    admitted = admitted_fits(article)
    shared = shared_types(admitted.values())
    curves: dict[Key, dict[Triple, dict[str, Fit]]] = {}
    for triple, found in sorted(admitted.items(), key=lambda pair: pair[0].months):
        if found:
            points = curves.setdefault(triple.key._replace(time_months=None), {})
            points[triple] = {k: v for k, v in found.items() if k in shared} or found
    return [
        _of_curve(key, points, shared, article) for key, points in curves.items() if len(points) > 1
    ]


def _of_curve(
    key: Key, points: dict[Triple, dict[str, Fit]], shared: list[str], article: Article
) -> Finding:
    common = set.intersection(*(set(found) for found in points.values()))
    falling = [name for name in sorted(common) if _can_fall([p[name] for p in points.values()])]
    can_fall = falling or not common
    total = article.patients(key.population)
    said = listed(
        f"{likeliest(found, shared)[1].patients(total)} at {triple.months:g} months"
        for triple, found in points.items()
    )
    text = f"the intervals are worth {said}"
    text += "" if total is None else f" of {counted(total, 'patient')}"
    text += (
        "; a curve loses information only by censoring, so the fall measures it."
        if can_fall
        else ", but a curve of patients who are all followed from its start cannot gain "
        "information with time: late entry, another variance, or a misprint."
    )
    cited = [claim for triple in points for claim in triple.claims]
    verdict = CONSISTENT if can_fall else NEEDS_ANOTHER
    return about(EFFECTIVE_N, article.curve_words(key), verdict, text, cited)


def _can_fall(fits_in_time: list[Fit]) -> bool:
    """Whether some number in each window is no larger than the one before it."""
    ceiling = fits_in_time[0].effective_n.high
    for _, later in pairwise(fits_in_time):
        if later.effective_n.low > ceiling:
            return False
        ceiling = min(ceiling, later.effective_n.high)
    return True


BY_STRATUM = "survival by stratum"
_UNUSUAL = "censoring that differs much between them can do that, so it is unusual, not impossible"
_DOUBT = (
    "These curves may be of different patients; they should not be compared before that is known."
)


@dataclass(frozen=True)
class _Pooled:
    """A group's curve, its strata's curves by level, and how many patients are in none."""

    key: Key
    split: Split
    whole: dict[float, Claim]
    strata: dict[str, dict[float, Claim]]

    @property
    def rest(self) -> int:
        return self.split.rest(tuple(self.strata))

    @property
    def months(self) -> list[float]:
        return [t for t in self.whole if all(t in points for points in self.strata.values())]

    @property
    def claims(self) -> tuple[str, ...]:
        curves = (self.whole, *self.strata.values())
        points = [curve[t].claim_id for t in self.months for curve in curves]
        return (*points, *self.split.claims.values())

    def spread(self, months: float) -> Window:
        """From the worst stratum to the best."""
        return hull(window(points[months]) for points in self.strata.values())

    def needed(self, months: float) -> Window:
        """What the patients in no stratum must have survived, were nobody censored."""
        low = high = 0.0
        for level, points in self.strata.items():
            stratum, size = window(points[months]), self.split.sizes[level]
            low, high = low + size * stratum.low, high + size * stratum.high
        whole, total = window(self.whole[months]), self.split.total
        return Window(
            max((total * whole.low - high) / self.rest, 0.0),
            min((total * whole.high - low) / self.rest, 1.0),
        )


def stratified_curve_findings(article: Article) -> list[Finding]:
    """One finding per curve of a group whose strata have curves too."""
    return [
        _complete(pooled, article) if pooled.rest == 0 else _incomplete(pooled, article)
        for pooled in _pooled_curves(article)
        if pooled.months
    ]


def _pooled_curves(article: Article) -> list[_Pooled]:
    curves = article.curves
    found: dict[Key, _Pooled] = {}
    for split in article.splits:
        for key, whole in curves.items():
            same = {k.population: k for k in curves if k.outcome == key.outcome}
            strata = split.strata(list(same))
            if key.population == split.population and strata:
                points = {level: curves[same[name]] for level, name in strata.items()}
                found.setdefault(key, _Pooled(key, split, whole, points))
    return list(found.values())


def _complete(pooled: _Pooled, article: Article) -> Finding:
    outside = [t for t in pooled.months if not window(pooled.whole[t]).meets(pooled.spread(t))]
    said = listed(f"{pooled.whole[t].printed}% at {t:g} months" for t in outside or pooled.months)
    text = f"the survival of the whole group, {said}, "
    text += (
        f"lies outside that of its strata ({_strata(pooled, outside, article)}), although they "
        f"make it up: {_UNUSUAL}."
        if outside
        else "lies between that of its strata."
    )
    subject = article.curve_words(pooled.key)
    return about(BY_STRATUM, subject, CONSISTENT, text, pooled.claims, _DOUBT if outside else "")


def _incomplete(pooled: _Pooled, article: Article) -> Finding:
    group = article.patients_words(pooled.key.population)
    needed = {t: pooled.needed(t) for t in pooled.months}
    strata, rest = _strata(pooled, pooled.months, article), counted(pooled.rest, "patient")
    subject = article.curve_words(pooled.key)
    if any(one.is_empty for one in needed.values()):
        text = (
            f"no survival of the other {rest} of {group} can make up that of the "
            f"whole from its strata ({strata}): {_UNUSUAL}."
        )
        return about(BY_STRATUM, subject, CONSISTENT, text, pooled.claims, _DOUBT)
    said = listed(f"{_percents(one)} at {t:g} months" for t, one in needed.items())
    text = (
        f"were nobody censored, the {rest} of {group} in neither stratum would "
        f"have a survival of {said}, against {strata}."
    )
    better = [t for t, one in needed.items() if one.low > pooled.spread(t).high]
    worse = [t for t, one in needed.items() if one.high < pooled.spread(t).low]
    consequence = (
        f"The {rest} left out of the comparison of strata "
        f"{'seems' if pooled.rest == 1 else 'seem'} to have done "
        f"{'better' if better else 'worse'} than either stratum: it is not one of the whole group."
        if better or worse
        else ""
    )
    return about(BY_STRATUM, subject, CONSISTENT, text, pooled.claims, consequence)


def _strata(pooled: _Pooled, months: list[float], article: Article) -> str:
    """`80% and 60% in the InO-responsive group and 52% and 22% in the InO-refractory group`."""
    words = []
    for points in pooled.strata.values():
        numbers = listed(f"{points[t].printed}%" for t in months)
        words.append(f"{numbers} in {article.patients_words(points[months[0]].key.population)}")
    return " and ".join(words) if len(words) == 2 else "; ".join(words)


def _percents(values: Window) -> str:
    return f"{format_interval(values.low, values.high, format_points)}%"
