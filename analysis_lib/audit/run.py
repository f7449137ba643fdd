"""The whole audit: every rule over all claims, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis_lib.audit.bases import base_findings
from analysis_lib.audit.censoring import censoring_findings
from analysis_lib.audit.choice_of_test import choice_findings
from analysis_lib.audit.curves import curve_findings
from analysis_lib.audit.denominators import denominator_findings
from analysis_lib.audit.design import design_findings
from analysis_lib.audit.effective_n import effective_n_findings
from analysis_lib.audit.evaluability import evaluability_findings
from analysis_lib.audit.finding import Audit, Finding
from analysis_lib.audit.hazard_ratios import hazard_ratio_findings
from analysis_lib.audit.hazard_readings import hazard_reading_findings
from analysis_lib.audit.kinds import kind_findings
from analysis_lib.audit.km_intervals import km_interval_findings
from analysis_lib.audit.p_values import p_value_findings
from analysis_lib.audit.percent import percent_findings
from analysis_lib.audit.percents_of_same_count import same_count_findings
from analysis_lib.audit.range_groups import range_group_findings
from analysis_lib.audit.ranges import range_findings
from analysis_lib.audit.repeats import repeat_findings
from analysis_lib.audit.scope import scope_findings
from analysis_lib.audit.stratified_curves import stratified_curve_findings
from analysis_lib.audit.subgroups import subgroup_findings
from analysis_lib.audit.sums import sum_findings
from analysis_lib.audit.unadjusted import unadjusted_findings
from analysis_lib.audit.unchecked import unchecked_findings
from analysis_lib.audit.wholes import whole_findings
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

RuleFunction = Callable[[Sequence[Claim], Dictionary], list[Finding]]

RULES: tuple[tuple[str, RuleFunction], ...] = (
    ("percent", percent_findings),
    ("sum", sum_findings),
    ("parts of a whole", whole_findings),
    ("subgroups", subgroup_findings),
    ("percents of one count", same_count_findings),
    ("denominator", denominator_findings),
    ("P value", p_value_findings),
    ("the article's test", choice_findings),
    ("scope of a P value", scope_findings),
    ("any and by kind", kind_findings),
    ("base", base_findings),
    ("evaluability", evaluability_findings),
    ("survival intervals", km_interval_findings),
    ("information of survival curves", effective_n_findings),
    ("censoring before a landmark", censoring_findings),
    ("survival curves", curve_findings),
    ("survival by stratum", stratified_curve_findings),
    ("hazard ratios", hazard_ratio_findings),
    ("readings of hazard ratios", hazard_reading_findings),
    ("unadjusted endpoints", unadjusted_findings),
    ("medians and ranges", range_findings),
    ("ranges and groups", range_group_findings),
    ("repeated numbers", repeat_findings),
    ("out of reach", unchecked_findings),
)
DESIGN_RULES: tuple[tuple[str, RuleFunction], ...] = (("rules of the study", design_findings),)


def audit_claims(claims: Sequence[Claim], dictionary: Dictionary) -> Audit:
    """What the printed numbers say about each other, from the numbers alone.

    Claims about other studies or about the design (`Claim.in_scope`) are left out of all rules
    but those on the design. The dictionary only lends words, levels and their order to the
    sentences and tables.
    """
    compared = tuple(claim for claim in claims if claim.in_scope)
    found = [one for _, rule in RULES for one in rule(compared, dictionary)]
    found += [one for _, rule in DESIGN_RULES for one in rule(claims, dictionary)]
    return Audit(tuple(found))
