"""Hazard ratios against their interval, their P value and the events, and what they suggest."""

from __future__ import annotations

import math

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import Split
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
    about,
)
from analysis_lib.article.audit.printed import window
from analysis_lib.article.audit.triples import Triple, Wald, wald
from analysis_lib.article.audit.words import capital, printed_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import EN_DASH, format_fixed, format_interval, format_p
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

RULE = "hazard ratios"


def hazard_ratio_findings(article: Article) -> list[Finding]:
    """One finding per hazard ratio with an interval; R: confint(coxph(...)), symmetric in log."""
    return [_of_triple(triple, article) for triple in article.triples("hazard_ratio")]


def _of_triple(triple: Triple, article: Article) -> Finding:
    known, p_value = wald(triple), _p_value_of(triple, article)
    cited = triple.claims if p_value is None else (*triple.claims, p_value.claim_id)
    if not triple.in_order:
        verdict, text = IMPOSSIBLE, "lies outside its own interval"
    elif known is None:
        verdict = NEEDS_ANOTHER
        text = (
            "is not the middle of its interval on the log scale, which is "
            f"{format_fixed(_middle(triple), triple.estimate.decimals + 1)}: "
            "no Wald interval, or a misprint"
        )
    else:
        verdict, text = _of_information(triple, known, article)
        if verdict == CONSISTENT and p_value is not None:
            verdict, text = _of_p_value(known, p_value, text)
    ends = f"{triple.low.printed}{EN_DASH}{triple.high.printed}"
    sentence = f"the hazard ratio of {triple.estimate.printed} (95% CI {ends}) {text}."
    endpoint = article.endpoint_words(triple.key.outcome)
    return about(RULE, f"{_compared(triple, article)}, {endpoint}", verdict, sentence, cited)


def _of_information(triple: Triple, known: Wald, article: Article) -> tuple[str, str]:
    """The standard error against the patients whose events it can come from."""
    total = article.all_patients
    if total is not None and known.events_split_evenly > total:
        return IMPOSSIBLE, (
            f"has a narrower interval than {total} patients allow: it needs at least "
            f"{math.ceil(known.events_split_evenly)} events"
        )
    level = triple.contrast.level
    group = article.group_words(triple.key.variable, level)
    at_level = article.patients_at_level(triple.key.variable, level)
    if at_level is not None and known.events_at_level > at_level:
        return IMPOSSIBLE, (
            f"has a narrower interval than the {at_level} patients of {group} allow: it needs at "
            f"least {known.events_at_level} events among them"
        )
    error = format_interval(known.std_error.low, known.std_error.high, lambda x: format_fixed(x, 3))
    who = "patients" if at_level is None else f"of the {at_level} patients"
    return CONSISTENT, (
        f"is the middle of its interval: standard error {error}, Wald P {_range_of_p(known)}, "
        f"and at least {known.events_at_level} {who} of {group} had the event"
    )


def _of_p_value(known: Wald, p_value: Claim, text: str) -> tuple[str, str]:
    printed = printed_p(p_value)
    if window(p_value).meets(known.p_value):
        return CONSISTENT, f"{text}; the printed {printed} agrees"
    return NEEDS_ANOTHER, (
        f"has a Wald P of {_range_of_p(known)}, but {printed} is printed for the same contrast: "
        "another test, or a misprint"
    )


def _p_value_of(triple: Triple, article: Article) -> Claim | None:
    """The P value with the hazard ratio's own key, if one is printed."""
    key = triple.key._replace(statistic="p_value")
    return next((claim for claim in article.claims if claim.key == key), None)


def _compared(triple: Triple, article: Article) -> str:
    return article.contrast_words(triple.key.variable, triple.contrast)


def _middle(triple: Triple) -> float:
    return math.sqrt(max(triple.low.value, 0.0) * triple.high.value)


def _range_of_p(known: Wald) -> str:
    low, high = format_p(known.p_value.low), format_p(known.p_value.high)
    return low if low == high else f"{low} to {high}"


HAZARD_READINGS = "readings of hazard ratios"
_MOST = 0.75  # of the events implied by the curves; more could be lost to overlapping terms alone


def hazard_reading_findings(article: Article) -> list[Finding]:
    """Readings of adjusted hazard ratios, each worded as one."""
    triples = article.triples("hazard_ratio")
    found = [_events(triple, article) for triple in triples]
    found += [_strata(pooled, triples, article) for pooled in triples]
    return [one for one in found if one is not None]


def _events(triple: Triple, article: Article) -> Finding | None:
    """Does the standard error fit the events of all patients whose curves are printed?"""
    known, curves = wald(triple), _last_points(triple, article)
    if known is None or len(curves) < 2:
        return None
    sizes = {name: article.patients(name) for name in curves}
    implied = sum(
        (size or 0) * (1 - point.value / (100 if point.unit == "%" else 1))
        for (name, point), size in zip(curves.items(), sizes.values(), strict=True)
    )
    if None in sizes.values() or 4 / known.std_error.low**2 > _MOST * implied:
        return None
    error = (known.std_error.low + known.std_error.high) / 2
    months = next(iter(curves.values())).key.time_months or 0.0
    text = (
        f"a standard error of {format_fixed(error, 2)} carries the information of "
        f"{4 / error**2:.0f} events split evenly, while the curves of both groups imply up to "
        f"{implied:.0f} events among {sum(filter(None, sizes.values()))} patients by "
        f"{months:g} months; that fits a model of part of the patients, or covariates that "
        "overlap much with this one, better than a model of all, but does not prove it."
    )
    return about(
        HAZARD_READINGS,
        f"Patients in the model of {_compared(triple, article)}",
        NOT_CHECKABLE,
        text,
        (*triple.claims, *(point.claim_id for point in curves.values())),
        "The adjusted hazard ratio may describe other patients than the unadjusted curves do.",
    )


def _last_points(triple: Triple, article: Article) -> dict[str, Claim]:
    """The latest printed survival of both groups of a contrast, by population."""
    groups = {(triple.key.variable, level) for level in triple.contrast}
    return {
        key.population: list(points.values())[-1]
        for key, points in article.curves.items()
        if key.outcome == triple.key.outcome and Population.parse(key.population).group in groups
    }


def _strata(pooled: Triple, triples: list[Triple], article: Article) -> Finding | None:
    """Do the strata of a level lie on both sides of the level as a whole?"""
    group = (pooled.key.variable, pooled.contrast.level)
    by_level: dict[str, Triple] = {}
    for other in triples:
        same = other.contrast.reference == pooled.contrast.reference
        if same and other.key.outcome == pooled.key.outcome:
            by_level.setdefault(other.contrast.level, other)
    for split in article.splits:
        strata = {name: by_level[name] for name in split.sizes if name in by_level}
        if Population.parse(split.population).group != group or len(strata) < 2:
            continue
        ratios = [window(stratum.estimate) for stratum in strata.values()]
        above = min(ratio.low for ratio in ratios) > window(pooled.estimate).high
        below = max(ratio.high for ratio in ratios) < window(pooled.estimate).low
        if above or below:
            return _one_side(pooled, strata, split, above, article)
    return None


def _one_side(
    pooled: Triple, strata: dict[str, Triple], split: Split, above: bool, article: Article
) -> Finding:
    whole = article.group_words(pooled.key.variable, pooled.contrast.level)
    rest = split.rest(tuple(strata))
    said = listed(
        f"{one.estimate.printed} for {article.group_words(one.key.variable, name)}"
        for name, one in strata.items()
    )
    others = (
        f"the {rest} patients in neither stratum did {'better' if above else 'worse'}, or "
        if rest
        else ""
    )
    text = (
        f"the hazard ratios of the strata, {said}, lie {'above' if above else 'below'} the "
        f"{pooled.estimate.printed} of {whole} as a whole: {others}the models differ in patients "
        "or covariates; the numbers do not say which."
    )
    cited = tuple(claim for one in (pooled, *strata.values()) for claim in one.claims)
    subject = f"{_compared(pooled, article)}, by stratum"
    return about(HAZARD_READINGS, subject, NOT_CHECKABLE, text, (*cited, *split.claims.values()))


UNADJUSTED = "unadjusted endpoints"


def unadjusted_findings(article: Article) -> list[Finding]:
    """One finding per endpoint with a P of its curves, but no hazard ratio of that contrast."""
    found: dict[Key, Finding] = {}
    ratios = article.triples("hazard_ratio")
    for ratio in ratios:
        modelled = {r.key.outcome for r in ratios if r.key.contrast == ratio.key.contrast}
        for test in article.claims:
            same = (test.key.contrast, test.key.statistic) == (ratio.key.contrast, "p_value")
            if same and test.key.outcome not in modelled and _has_curve(test, article):
                adjusted = listed(article.endpoint_words(name) for name in sorted(modelled))
                words = _compared(ratio, article)
                found.setdefault(test.key, _unadjusted(test, words, adjusted, article))
    return list(found.values())


def _has_curve(test: Claim, article: Article) -> bool:
    wanted = (test.key.analysis, test.key.outcome, "survival")
    return any((c.key.analysis, c.key.outcome, c.key.statistic) == wanted for c in article.claims)


def _unadjusted(test: Claim, contrast: str, adjusted: str, article: Article) -> Finding:
    endpoint = article.endpoint_words(test.key.outcome)
    text = (
        f"the curves are compared ({printed_p(test)}) but no hazard ratio is printed; those "
        f"printed are of {adjusted}."
    )
    consequence = f"No adjusted conclusion about {endpoint} follows from the printed numbers."
    subject = f"{capital(endpoint)}, {contrast}"
    return about(UNADJUSTED, subject, NOT_CHECKABLE, text, (test.claim_id,), consequence)
