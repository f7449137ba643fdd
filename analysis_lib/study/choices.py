"""Whose fixed terms, which estimand is primary, and who was never treated."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.dictionary import BRIDGING, EARLIER, FIXED, Variable
from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import is_chosen
from analysis_lib.parameters.presets import ARTICLE
from analysis_lib.study.exposure import Grouping


@dataclass(frozen=True)
class FixedModel:
    """`label` heads a column, `named` is it in a sentence, `of_article` says whose it is."""

    label: str
    named: str
    of_article: bool


ARTICLES = FixedModel("As published", "the article's model", of_article=True)
OWN = FixedModel("Fixed terms", "the fixed-term model", of_article=False)


def fixed_model(parameters: Parameters) -> FixedModel:
    """The article's with its choices, exposure and terms, or with another article's claims.

    Another centre's choice of covariates must not be called published.
    """
    claims_of_another = bool(parameters.claims) and is_chosen(parameters, "claims")
    changed = any(is_chosen(parameters, name) for name in ("exposure", "as_published_terms"))
    own = changed or parameters.preset != ARTICLE or "pfs" not in parameters.endpoints
    return OWN if own and not claims_of_another else ARTICLES


@dataclass(frozen=True)
class PrimaryEstimand:
    """A hazard ratio between the groups: of which endpoint, and whether adjusted."""

    outcome: str
    is_adjusted: bool

    @property
    def kind(self) -> str:
        """`adjusted` or `unadjusted`."""
        return "adjusted" if self.is_adjusted else "unadjusted"


def primary_of(parameters: Parameters) -> PrimaryEstimand | None:
    """What `primary_estimand` declares, if it declares any."""
    outcome, _, kind = parameters.primary_estimand.partition("_")
    return PrimaryEstimand(outcome, kind == "adjusted") if outcome else None


TREATMENT, CHARACTERISTIC = "treatment", "characteristic"


def exposure_kind(parameters: Parameters, exposure: Variable) -> str:
    """What the exposure is, as stated, or as it must be by when it is known; else empty."""
    by_stage = {EARLIER: TREATMENT, BRIDGING: TREATMENT, FIXED: CHARACTERISTIC}
    return parameters.exposure_kind or by_stage.get(exposure.known, "")


def never_treated(parameters: Parameters, groups: Grouping) -> dict[str, int]:
    """Patients of each group who never reached the treatment; empty where nobody says.

    Raises
    ------
    ParameterError
        A group has no count, or one that is no whole number, or there is another level.
    """
    given = parameters.never_treated
    if not given:
        return {}
    levels = ", ".join(groups.levels)
    if set(given) != set(groups.levels):
        raise ParameterError(
            f"never_treated: must have a number for each group compared ({levels}), but has "
            f"{', '.join(map(str, given))}; write 0 where there was none"
        )
    for level, number in given.items():
        if not str(number).isdecimal():
            raise ParameterError(
                f"never_treated: {level!r} must be a number of patients, but is {number!r}"
            )
    return {level: int(given[level]) for level in groups.levels}
