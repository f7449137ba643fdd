"""Claims files that are not this article's: parts of one, unknown words, wild numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analysis_lib.audit import audit_claims
from analysis_lib.audit.finding import IMPOSSIBLE, VERDICTS
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

Change = Callable[[Claim, np.random.Generator], Claim]


def renamed(claim: Claim, rng: np.random.Generator) -> Claim:
    """The words of another study, which the dictionary does not know."""
    key = claim.key
    words = (("ino", "drug"), ("sex", "gender"), ("marrow", "organ"), ("prior", "former"))
    parts = [key.variable, key.population]
    for old, new in words:
        parts = [part.replace(old, new) for part in parts]
    return replace(claim, key=key._replace(variable=parts[0], population=parts[1]))


def wild(claim: Claim, rng: np.random.Generator) -> Claim:
    """Now and then a number that cannot be."""
    if claim.unit == "date" or rng.random() < 0.8:
        return claim
    text = f"{rng.choice([0, 1, 100, 101, 1000, 2 * claim.value]):.{claim.decimals}f}"
    return replace(claim, printed=text, value=float(text))


def kept(claim: Claim, rng: np.random.Generator) -> Claim:
    return claim


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("change", [kept, renamed, wild])
def test_any_claims_can_be_audited(
    claims: tuple[Claim, ...], dictionary: Dictionary, change: Change, seed: int
) -> None:
    rng = np.random.default_rng([seed, len(change.__name__)])
    some = [change(claim, rng) for claim in rng.permutation(np.array(claims, dtype=object))]
    some = some[: int(len(some) * rng.choice([0.3, 0.7, 1.0]))]
    known = dictionary if seed % 2 else Dictionary(())
    audit = audit_claims(some, known)
    names = {claim.claim_id for claim in some}
    assert audit.findings
    for finding in audit.findings:
        assert finding.verdict in VERDICTS
        assert finding.claims and set(finding.claims) <= names
        words = set(finding.explanation.split())
        assert finding.explanation.endswith(".") and not words & {*names, "nan", "inf", "None"}
    if change is wild and len(some) == len(claims):
        assert audit.of_verdict(IMPOSSIBLE)


def test_an_empty_article_has_no_findings(dictionary: Dictionary) -> None:
    assert audit_claims([], dictionary).findings == ()
