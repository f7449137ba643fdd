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
from analysis_lib.article.audit.information import against_patients, range_of_p
from analysis_lib.article.audit.printed import window
from analysis_lib.article.audit.triples import Triple, Wald, wald
from analysis_lib.article.audit.words import capital, printed_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import EN_DASH, counted, format_fixed
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

RULE = "hazard ratios"


def hazard_ratio_findings(article: Article) -> list[Finding]:
    """One finding per hazard ratio with an interval; R: confint(coxph(...)), symmetric in log."""
    return [_of_triple(triple, article) for triple in article.triples("hazard_ratio")]


def _of_triple(triple: Triple, article: Article) -> Finding:
    known = wald(triple, article.confidence_level)
    p_value = _p_value_of(triple, article)
    cited = triple.claims if p_value is None else (*triple.claims, p_value.claim_id)
    if triple.is_reversed:
        verdict, text = NEEDS_ANOTHER, "has the two ends of its interval in each other's place"
    elif not triple.in_order:
        verdict, text = IMPOSSIBLE, "lies outside its own interval"
    elif known is None:
        verdict = NEEDS_ANOTHER
        text = (
            f"is not the middle of its interval on the log scale, which is {_middle(triple)}: "
            "no Wald interval, or a misprint"
        )
    else:
        verdict, text = against_patients(triple, known, article)
        if verdict == CONSISTENT and p_value is not None:
            verdict, text = _of_p_value(known, p_value, text)
    ends = f"{article.interval_words} {triple.low.printed}{EN_DASH}{triple.high.printed}"
    sentence = f"the hazard ratio of {triple.estimate.printed} ({ends}) {text}."
    subject = article.ratio_words(triple.key, triple.contrast)
    return about(RULE, subject, verdict, sentence, cited)


def _of_p_value(known: Wald, p_value: Claim, text: str) -> tuple[str, str]:
    printed = printed_p(p_value)
    if window(p_value).meets(known.p_value):
        return CONSISTENT, f"{text}; the printed {printed} agrees"
    return NEEDS_ANOTHER, (
        f"has a Wald P of {range_of_p(known)}, but {printed} is printed for the same contrast: "
        "another test, or a misprint"
    )


def _p_value_of(triple: Triple, article: Article) -> Claim | None:
    """The P value of the same term, if one is printed; a contrast names its level already."""
    tests = [claim for claim in article.claims if claim.key.statistic == "p_value"]
    return next((claim for claim in tests if term_of(claim.key) == term_of(triple.key)), None)


def term_of(key: Key) -> Key:
    """One key for all numbers of a term of a model."""
    return key._replace(statistic="", level="" if key.contrast else key.level)


def _compared(triple: Triple, article: Article) -> str:
    return article.contrast_words(triple.key.variable, triple.contrast)


def _middle(triple: Triple) -> str:
    """The middle of the interval on the log scale; of a limit printed as 0 the largest."""
    low, high = triple.low.value, triple.high.value
    of, sign = math.sqrt(low * high), ""
    if not low:
        of, sign = math.sqrt(window(triple.low).high * window(triple.high).high), "at most "
    return f"{sign}{format_fixed(of, triple.estimate.decimals + 1)}"


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
    known, curves = wald(triple, article.confidence_level), _last_points(triple, article)
    if known is None or len(curves) < 2:
        return None
    sizes = {name: article.patients(name) for name in curves}
    implied = sum(
        (size or 0) * (1 - point.value / (100 if point.unit == "%" else 1))
        for (name, point), size in zip(curves.items(), sizes.values(), strict=True)
    )
    if None in sizes.values() or _MOST * implied * known.std_error.low**2 < 4:
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
    better = "better" if above else "worse"
    said = listed(
        f"{one.estimate.printed} for {article.group_words(one.key.variable, name)}"
        for name, one in strata.items()
    )
    others = f"the {counted(rest, 'patient')} in neither stratum did {better}, or " if rest else ""
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
    ratios = [ratio for ratio in article.triples("hazard_ratio") if ratio.key.contrast]
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
