"""Endpoints that are compared without adjustment alone, although another is adjusted."""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.analyses.results import Key
from analysis_lib.audit.about import about
from analysis_lib.audit.finding import NOT_CHECKABLE, Finding
from analysis_lib.audit.survival_words import contrast_words, endpoint_words
from analysis_lib.audit.triples import find_triples
from analysis_lib.audit.words import capital, printed_p
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "unadjusted endpoints"


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
    return about(RULE, subject, NOT_CHECKABLE, text, (test.claim_id,), consequence)
