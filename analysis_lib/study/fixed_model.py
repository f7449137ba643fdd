"""Whose terms the models with fixed terms hold."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import is_chosen
from analysis_lib.parameters.presets import ARTICLE


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
