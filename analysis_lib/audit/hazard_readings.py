"""What hazard ratios suggest and do not prove: who was in the model, and who did better."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.audit.about import about
from analysis_lib.audit.finding import NOT_CHECKABLE, Finding
from analysis_lib.audit.strata import Split, find_splits
from analysis_lib.audit.survival_words import contrast_words, group_words
from analysis_lib.audit.triples import Triple, find_curves, find_triples, patients
from analysis_lib.audit.wald import wald
from analysis_lib.audit.windows import window
from analysis_lib.audit.words import parse_population
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import format_fixed
from analysis_lib.labels import listed

RULE = "readings of hazard ratios"
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
        RULE,
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
    return about(RULE, subject, NOT_CHECKABLE, text, (*cited, *split.claims.values()))


def _contrast(triple: Triple) -> tuple[str, str]:
    return triple.key.variable, triple.key.contrast
