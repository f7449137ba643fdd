"""Hazard ratios against their interval, their P value and the events, and what they suggest."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
    about,
)
from analysis_lib.article.audit.printed import window
from analysis_lib.article.audit.shares import Split, all_patients, find_splits, patients_at_level
from analysis_lib.article.audit.triples import (
    Triple,
    Wald,
    find_curves,
    find_triples,
    patients,
    wald,
)
from analysis_lib.article.audit.words import (
    capital,
    contrast_words,
    endpoint_words,
    group_words,
    parse_population,
    printed_p,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import EN_DASH, format_fixed, format_interval, format_p
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "hazard ratios"


def hazard_ratio_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per hazard ratio with an interval; R: confint(coxph(...)), symmetric in log."""
    return [
        _of_triple(triple, claims, dictionary) for triple in find_triples(claims, "hazard_ratio")
    ]


def _of_triple(triple: Triple, claims: Sequence[Claim], dictionary: Dictionary) -> Finding:
    known = wald(triple)
    p_value = _p_value_of(triple, claims)
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
        verdict, text = _of_information(triple, known, claims, dictionary)
        if verdict == CONSISTENT and p_value is not None:
            verdict, text = _of_p_value(known, p_value, text)
    ends = f"{triple.low.printed}{EN_DASH}{triple.high.printed}"
    sentence = f"the hazard ratio of {triple.estimate.printed} (95% CI {ends}) {text}."
    return about(RULE, _subject(triple, dictionary), verdict, sentence, cited)


def _of_information(
    triple: Triple, known: Wald, claims: Sequence[Claim], dictionary: Dictionary
) -> tuple[str, str]:
    """The standard error against the patients whose events it can come from."""
    total = all_patients(claims)
    if total is not None and known.events_split_evenly > total:
        return IMPOSSIBLE, (
            f"has a narrower interval than {total} patients allow: it needs at least "
            f"{math.ceil(known.events_split_evenly)} events"
        )
    level = triple.key.contrast.partition("_vs_")[0]
    group = group_words(triple.key.variable, level, dictionary)
    at_level = patients_at_level(claims, triple.key.variable, level)
    if at_level is not None and known.events_at_level > at_level:
        return IMPOSSIBLE, (
            f"has a narrower interval than the {at_level} patients of {group} allow: it needs at "
            f"least {known.events_at_level} events among them"
        )
    error = format_interval(known.std_error.low, known.std_error.high, _three_decimals)
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


def _p_value_of(triple: Triple, claims: Sequence[Claim]) -> Claim | None:
    """The P value with the hazard ratio's own key, if one is printed."""
    key = triple.key._replace(statistic="p_value")
    return next((claim for claim in claims if claim.key == key), None)


def _subject(triple: Triple, dictionary: Dictionary) -> str:
    key = triple.key
    contrast = contrast_words(key.variable, key.contrast, dictionary)
    return f"{contrast}, {endpoint_words(key, dictionary)}"


def _middle(triple: Triple) -> float:
    return math.sqrt(max(triple.low.value, 0.0) * triple.high.value)


def _three_decimals(number: float) -> str:
    return format_fixed(number, 3)


def _range_of_p(known: Wald) -> str:
    low, high = format_p(known.p_value.low), format_p(known.p_value.high)
    return low if low == high else f"{low} to {high}"


HAZARD_READINGS = "readings of hazard ratios"
_MOST = 0.75  # of the events implied by the curves; more could be lost to overlapping terms alone


def hazard_reading_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Readings of adjusted hazard ratios, each worded as one."""
    triples = find_triples(claims, "hazard_ratio")
    found = [_events(triple, claims, dictionary) for triple in triples]
    splits = find_splits(claims)
    found += [_strata(pooled, triples, splits, dictionary) for pooled in triples]
    return [one for one in found if one is not None]


def _events(triple: Triple, claims: Sequence[Claim], dictionary: Dictionary) -> Finding | None:
    """Does the standard error fit the events of all patients whose curves are printed?"""
    known, curves = wald(triple), _last_points(triple, claims)
    if known is None or len(curves) < 2:
        return None
    sizes = {name: patients(claims, name) for name in curves}
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
        f"Patients in the model of {contrast_words(*_contrast(triple), dictionary)}",
        NOT_CHECKABLE,
        text,
        (*triple.claims, *(point.claim_id for point in curves.values())),
        "The adjusted hazard ratio may describe other patients than the unadjusted curves do.",
    )


def _last_points(triple: Triple, claims: Sequence[Claim]) -> dict[str, Claim]:
    """The latest printed survival of both groups of a contrast, by population."""
    level, _, reference = triple.key.contrast.partition("_vs_")
    groups = {(triple.key.variable, level), (triple.key.variable, reference)}
    return {
        key.population: list(points.values())[-1]
        for key, points in find_curves(claims).items()
        if key.outcome == triple.key.outcome and parse_population(key.population)[1:] in groups
    }


def _strata(
    pooled: Triple, triples: list[Triple], splits: list[Split], dictionary: Dictionary
) -> Finding | None:
    """Do the strata of a level lie on both sides of the level as a whole?"""
    level, _, reference = pooled.key.contrast.partition("_vs_")
    by_level: dict[str, Triple] = {}
    for other in triples:
        stratum, _, same = other.key.contrast.partition("_vs_")
        if other.key.outcome == pooled.key.outcome and same == reference:
            by_level.setdefault(stratum, other)
    for split in splits:
        strata = {name: by_level[name] for name in split.sizes if name in by_level}
        whole = parse_population(split.population)
        if (whole.variable, whole.level) != (pooled.key.variable, level) or len(strata) < 2:
            continue
        ratios = [window(stratum.estimate) for stratum in strata.values()]
        above = min(ratio.low for ratio in ratios) > window(pooled.estimate).high
        below = max(ratio.high for ratio in ratios) < window(pooled.estimate).low
        if above or below:
            return _one_side(pooled, strata, split, above, dictionary)
    return None


def _one_side(
    pooled: Triple,
    strata: dict[str, Triple],
    split: Split,
    above: bool,
    dictionary: Dictionary,
) -> Finding:
    level = pooled.key.contrast.partition("_vs_")[0]
    rest = split.rest(tuple(strata))
    said = listed(
        f"{one.estimate.printed} for {group_words(one.key.variable, name, dictionary)}"
        for name, one in strata.items()
    )
    others = (
        f"the {rest} patients in neither stratum did {'better' if above else 'worse'}, or "
        if rest
        else ""
    )
    text = (
        f"the hazard ratios of the strata, {said}, lie {'above' if above else 'below'} the "
        f"{pooled.estimate.printed} of {group_words(pooled.key.variable, level, dictionary)} as a "
        f"whole: {others}the models differ in patients or covariates; the numbers do not say "
        "which."
    )
    cited = tuple(claim for one in (pooled, *strata.values()) for claim in one.claims)
    subject = f"{contrast_words(*_contrast(pooled), dictionary)}, by stratum"
    return about(HAZARD_READINGS, subject, NOT_CHECKABLE, text, (*cited, *split.claims.values()))


def _contrast(triple: Triple) -> tuple[str, str]:
    return triple.key.variable, triple.key.contrast


UNADJUSTED = "unadjusted endpoints"


def unadjusted_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per endpoint with a P of its curves, but no hazard ratio of that contrast."""
    found: dict[Key, Finding] = {}
    ratios = find_triples(claims, "hazard_ratio")
    for ratio in ratios:
        modelled = {r.key.outcome for r in ratios if r.key.contrast == ratio.key.contrast}
        for test in claims:
            same = (test.key.contrast, test.key.statistic) == (ratio.key.contrast, "p_value")
            if same and test.key.outcome not in modelled and _has_curve(test, claims):
                adjusted = listed(
                    endpoint_words(ratio.key._replace(outcome=name), dictionary)
                    for name in sorted(modelled)
                )
                words = contrast_words(ratio.key.variable, ratio.key.contrast, dictionary)
                found.setdefault(test.key, _finding(test, words, adjusted, dictionary))
    return list(found.values())


def _has_curve(test: Claim, claims: Sequence[Claim]) -> bool:
    wanted = (test.key.analysis, test.key.outcome, "survival")
    return any((c.key.analysis, c.key.outcome, c.key.statistic) == wanted for c in claims)


def _finding(test: Claim, contrast: str, adjusted: str, dictionary: Dictionary) -> Finding:
    endpoint = endpoint_words(test.key, dictionary)
    text = (
        f"the curves are compared ({printed_p(test)}) but no hazard ratio is printed; those "
        f"printed are of {adjusted}."
    )
    consequence = f"No adjusted conclusion about {endpoint} follows from the printed numbers."
    subject = f"{capital(endpoint)}, {contrast}"
    return about(UNADJUSTED, subject, NOT_CHECKABLE, text, (test.claim_id,), consequence)
