"""The whole audit: every rule over all claims, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.at_risk import at_risk_findings, follow_up_findings
from analysis_lib.article.audit.bases import base_findings, evaluability_findings, kind_findings
from analysis_lib.article.audit.columns import column_findings
from analysis_lib.article.audit.courses import course_findings
from analysis_lib.article.audit.curves import (
    censoring_findings,
    curve_findings,
    effective_n_findings,
    stratified_curve_findings,
)
from analysis_lib.article.audit.denominators import denominator_findings
from analysis_lib.article.audit.design import design_findings, repeat_findings
from analysis_lib.article.audit.finding import NOT_CHECKABLE, Audit, Finding, about
from analysis_lib.article.audit.hazard_ratios import (
    hazard_ratio_findings,
    hazard_reading_findings,
    term_of,
    unadjusted_findings,
)
from analysis_lib.article.audit.km_intervals import km_interval_findings
from analysis_lib.article.audit.moments import (
    chi_square_findings,
    difference_findings,
    moment_findings,
    reciprocal_findings,
)
from analysis_lib.article.audit.p_values import choice_findings, p_value_findings
from analysis_lib.article.audit.percent import percent_findings, same_count_findings
from analysis_lib.article.audit.ranges import range_findings, range_group_findings
from analysis_lib.article.audit.scope import scope_findings
from analysis_lib.article.audit.sums import subgroup_findings, sum_findings, whole_findings
from analysis_lib.article.audit.triples import NO_CONTRAST
from analysis_lib.article.audit.words import is_or_are, printed_p
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast

RULE = "out of reach"
FOLLOWUP = "followup"


RANKS = "compare values of which only medians and ranges are printed; a rank test needs them all"
CURVES = "compare survival curves; neither the test nor the times of the events are printed"


def unchecked_findings(article: Article) -> Iterator[Finding]:
    """P values that need patients, estimates without interval, follow-up without estimator."""
    terms = {term_of(key) for key in _distinct(article, "hazard_ratio")}
    p_values = _distinct(article, "p_value").items()
    others = [claim for key, claim in p_values if term_of(key) not in terms]
    of_survival = [claim for claim in others if _is_survival(claim.key, article)]
    numeric = [x for x in others if article.is_numeric(x.key) and x not in of_survival]
    medians = {_of_medians(key) for key in _distinct(article, "median")}
    for name, tests, why in (
        ("P values of medians", [x for x in numeric if _of_medians(x.key) in medians], RANKS),
        (
            "P values without their numbers",
            [x for x in numeric if _of_medians(x.key) not in medians],
            "compare values of which not even the medians are printed",
        ),
        ("P values of survival", of_survival, CURVES),
    ):
        if tests:
            yield _p_values(name, tests, why, article)
    yield from _without_interval(article)
    yield from _followup(article)


def _of_medians(key: Key) -> tuple[str, ...]:
    """What a test of medians has in common with them."""
    return key.analysis, key.outcome, key.variable


def _is_survival(key: Key, article: Article) -> bool:
    return article.type_of(key.outcome) == "time_to_event"


def _without_interval(article: Article) -> Iterator[Finding]:
    paired = {triple.key for triple in article.triples("survival")}
    alone = [
        claim
        for key, claim in _distinct(article, "survival").items()
        if key._replace(statistic="") not in paired
    ]
    if not alone:
        return
    said = listed(dict.fromkeys(f"{claim.printed}%" for claim in alone))
    text = (
        f"{len(alone)} ({said}) {is_or_are(len(alone))} printed without an interval: how many "
        f"patients {'it rests' if len(alone) == 1 else 'they rest'} on cannot be seen."
    )
    cited = [claim.claim_id for claim in alone]
    yield about(RULE, "Survival estimates without interval", NOT_CHECKABLE, text, cited)


def _followup(article: Article) -> Iterator[Finding]:
    medians = [
        c for c in article.claims if (c.key.analysis, c.key.statistic) == (FOLLOWUP, "median")
    ]
    if not medians:
        return
    said = listed(dict.fromkeys(f"{claim.printed} {claim.unit}" for claim in medians))
    text = (
        f"{said} is printed without its estimator: reverse Kaplan-Meier, the "
        "survivors' and everyone's median differ, and none follows from other printed numbers."
    )
    cited = [claim.claim_id for claim in medians]
    yield about(RULE, "Median follow-up", NOT_CHECKABLE, text, cited)


def _p_values(name: str, tests: Sequence[Claim], why: str, article: Article) -> Finding:
    said = "; ".join(
        ", ".join(filter(None, (_tested(x.key, article), _groups(x.key, article), printed_p(x))))
        for x in tests
    )
    verb, rest = "compares" if len(tests) == 1 else "compare", why.removeprefix("compare")
    text = f"{len(tests)} ({said}) {verb}{rest}."
    cited = tuple(claim.claim_id for claim in tests)
    return about(RULE, name, NOT_CHECKABLE, text, cited)


def _groups(key: Key, article: Article) -> str:
    """`InO-exposed vs InO-naïve`: groups of the same analysis, else levels of one variable."""
    groups = article.groups_of(key)
    if groups is not None:
        return article.groups_name(groups)
    if key.variable in article.dictionary:
        return article.contrast_words(key.variable, Contrast.parse(key.contrast) or NO_CONTRAST)
    for variable in article.dictionary.variables:
        contrast = Contrast.parse(key.contrast, variable.levels)
        if contrast is not None and {*contrast} <= {*variable.levels}:
            return " vs ".join(article.level_name(variable.name, level) for level in contrast)
    levels = Contrast.parse(key.contrast) or (key.contrast,)
    return " vs ".join(article.level_name("", level) for level in levels)


def _tested(key: Key, article: Article) -> str:
    if _is_survival(key, article):
        return article.endpoint_words(key.outcome)
    return lower_first(article.quantity_name(key._replace(level="")))


def _distinct(article: Article, statistic: str) -> dict[Key, Claim]:
    """The first claim of every key of a statistic."""
    found: dict[Key, Claim] = {}
    for claim in article.claims:
        if claim.key.statistic == statistic:
            found.setdefault(claim.key, claim)
    return found


Rule = Callable[[Article], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    percent_findings,
    column_findings,
    sum_findings,
    whole_findings,
    subgroup_findings,
    same_count_findings,
    denominator_findings,
    p_value_findings,
    choice_findings,
    scope_findings,
    kind_findings,
    base_findings,
    evaluability_findings,
    km_interval_findings,
    effective_n_findings,
    censoring_findings,
    curve_findings,
    course_findings,
    stratified_curve_findings,
    hazard_ratio_findings,
    hazard_reading_findings,
    unadjusted_findings,
    range_findings,
    range_group_findings,
    repeat_findings,
    moment_findings,
    chi_square_findings,
    difference_findings,
    reciprocal_findings,
    at_risk_findings,
    follow_up_findings,
    unchecked_findings,
)


def audit_claims(claims: Sequence[Claim], dictionary: Dictionary) -> Audit:
    """What the printed numbers say about each other, from the numbers alone.

    Claims about other studies or about the design (`Claim.in_scope`) are left out of all rules
    but those on the design. The dictionary only lends words, levels and their order to the
    sentences and tables.
    """
    record = tuple(claim for claim in claims if not claim.in_scope)
    compared = Article(dictionary, tuple(claim for claim in claims if claim.in_scope), record)
    found = [one for rule in RULES for one in rule(compared)]
    return Audit((*found, *design_findings(Article(dictionary, claims))))
