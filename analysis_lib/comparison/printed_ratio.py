"""The hazard ratio that an article prints for one model and one contrast."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.analyses import Key
from analysis_lib.claims import Claim, read_claims
from analysis_lib.cohort import Study
from analysis_lib.comparison.published import no_claims

PARTS = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")


@dataclass(frozen=True)
class PrintedRatio:
    """An estimate with its interval, as printed."""

    value: float
    low: float
    high: float


def printed_ratio(study: Study, key: Key) -> PrintedRatio | None:
    """The printed estimate under `key`; None unless the claims of the study hold all three parts.

    Raises
    ------
    ClaimsError
        The claims file cannot be read or breaks a rule.
    """
    if no_claims(study):
        return None
    claims = read_claims(study.root / study.parameters.claims)
    found = [_printed(claims, key._replace(statistic=name)) for name in PARTS]
    if any(not values for values in found):
        return None
    return PrintedRatio(*(values[0] for values in found))


def printed_exposure_ratio(study: Study) -> PrintedRatio | None:
    """The published model's ratio of the first group against the reference, if it is printed."""
    groups = study.groups
    level = groups.levels[1]
    contrast = f"{level}_vs_{groups.reference}"
    population = study.parameters.model_population
    key = Key("cox_as_published_a", "pfs", population, groups.variable, level, contrast)
    return printed_ratio(study, key)


def _printed(claims: tuple[Claim, ...], key: Key) -> list[float]:
    return [x.value for x in claims if x.key == key and x.comparator == "=" and x.in_scope]
