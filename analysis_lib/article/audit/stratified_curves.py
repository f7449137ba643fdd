"""The curve of a group against the curves of its strata, and of those in no stratum."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import Split
from analysis_lib.article.audit.finding import CONSISTENT, Finding, about
from analysis_lib.article.audit.printed import Window, hull, window
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import format_interval, format_points
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "survival by stratum"
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
    return about(RULE, subject, CONSISTENT, text, pooled.claims, _DOUBT if outside else "")


def _incomplete(pooled: _Pooled, article: Article) -> Finding:
    group = article.patients_words(pooled.key.population)
    needed = {t: pooled.needed(t) for t in pooled.months}
    strata = _strata(pooled, pooled.months, article)
    subject = article.curve_words(pooled.key)
    if any(one.is_empty for one in needed.values()):
        text = (
            f"no survival of the other {pooled.rest} patients of {group} can make up that of the "
            f"whole from its strata ({strata}): {_UNUSUAL}."
        )
        return about(RULE, subject, CONSISTENT, text, pooled.claims, _DOUBT)
    said = listed(f"{_percents(one)} at {t:g} months" for t, one in needed.items())
    text = (
        f"were nobody censored, the {pooled.rest} patients of {group} in neither stratum would "
        f"have a survival of {said}, against {strata}."
    )
    better = [t for t, one in needed.items() if one.low > pooled.spread(t).high]
    worse = [t for t, one in needed.items() if one.high < pooled.spread(t).low]
    consequence = (
        f"The {pooled.rest} patients left out of the comparison of strata seem to have done "
        f"{'better' if better else 'worse'} than either stratum: it is not one of the whole group."
        if better or worse
        else ""
    )
    return about(RULE, subject, CONSISTENT, text, pooled.claims, consequence)


def _strata(pooled: _Pooled, months: list[float], article: Article) -> str:
    """`80% and 60% in the InO-responsive group and 52% and 22% in the InO-refractory group`."""
    words = []
    for points in pooled.strata.values():
        numbers = listed(f"{points[t].printed}%" for t in months)
        words.append(f"{numbers} in {article.patients_words(points[months[0]].key.population)}")
    return " and ".join(words) if len(words) == 2 else "; ".join(words)


def _percents(values: Window) -> str:
    return f"{format_interval(values.low, values.high, format_points)}%"
