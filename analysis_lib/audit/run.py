"""The whole audit: every rule over all claims, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis_lib.audit.finding import Audit, Finding
from analysis_lib.audit.p_values import p_value_findings
from analysis_lib.audit.percent import percent_findings
from analysis_lib.audit.sums import sum_findings
from analysis_lib.audit.wholes import whole_findings
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

RuleFunction = Callable[[Sequence[Claim], Dictionary], list[Finding]]

RULES: tuple[tuple[str, RuleFunction], ...] = (
    ("percent", percent_findings),
    ("sum", sum_findings),
    ("parts of a whole", whole_findings),
    ("P value", p_value_findings),
)


def audit_claims(claims: Sequence[Claim], dictionary: Dictionary) -> Audit:
    """What the printed numbers say about each other, from the numbers alone.

    Claims about other studies or about the design (`Claim.in_scope`) are left out. The
    dictionary only lends words, levels and their order to the sentences and tables.
    """
    compared = tuple(claim for claim in claims if claim.in_scope)
    return Audit(tuple(found for _, rule in RULES for found in rule(compared, dictionary)))
