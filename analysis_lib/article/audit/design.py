"""The rules of the study against what is printed, and numbers printed in more than one place."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from itertools import combinations

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import COUNTS
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.printed import window
from analysis_lib.article.audit.words import is_or_are, printed_number
from analysis_lib.article.claims.claim import P_VALUES, Claim
from analysis_lib.format import counted
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

RULE = "rules of the study"
DESIGN = "design"
DAYS_OF = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}
_MONTH = len("2023-08")


def design_findings(article: Article) -> list[Finding]:
    """Bounds of the design against printed ranges; the last entry against the follow-up."""
    bounds = [claim for claim in article.claims if claim.section == DESIGN and claim.key.variable]
    found = [_of_bound(bound, article) for bound in bounds]
    return [one for one in found if one is not None] + _of_entry(bounds, article)


def _of_bound(bound: Claim, article: Article) -> Finding | None:
    """Does every printed end of a range keep to the bound?"""
    wanted = (bound.key.variable, bound.key.statistic)
    ends = [
        c
        for c in article.claims
        if c.in_scope and c.unit == bound.unit and (c.key.variable, c.key.statistic) == wanted
    ]
    if not ends or bound.unit == "date":
        return None
    lowest = bound.key.statistic == "minimum"
    broken = [
        end
        for end in ends
        if (window(end).high < bound.value if lowest else window(end).low > bound.value)
    ]
    said = listed(dict.fromkeys(end.printed for end in broken or ends))
    limit = f"{'at least' if lowest else 'at most'} {bound.printed} {bound.unit}".rstrip()
    keeps = "breaks" if broken else "keeps to"
    text = f"the printed {bound.key.statistic} of {said} {keeps} the rule of {limit}."
    cited = (bound.claim_id, *(end.claim_id for end in broken or ends))
    verdict = IMPOSSIBLE if broken else CONSISTENT
    subject = f"{article.quantity_name(bound.key)}, eligibility"
    return about(RULE, subject, verdict, text, cited)


def _of_entry(bounds: Sequence[Claim], article: Article) -> list[Finding]:
    """Do the last patients to enter have the follow-up that is required?"""
    dates = sorted(
        ((_last_day(bound.printed), bound) for bound in bounds if _is_last_date(bound)),
        key=lambda pair: pair[0],
    )
    spans = [bound for bound in bounds if _is_follow_up(bound, article)]
    if len(dates) != 2 or not spans:
        return []
    (entry, last), (lock, end) = dates
    required = spans[0]
    days = round(required.value * DAYS_OF[required.unit])
    latest = lock - dt.timedelta(days=days)
    if entry <= latest:
        return []
    text = (
        f"whoever enters on {_said(entry)} has {(lock - entry).days} days until {_said(lock)}, "
        f"but {required.printed} {required.unit} ({days} days) are required, which only those who "
        f"entered by {_said(latest)} can have."
    )
    consequence = (
        f"Patients who entered after {_said(latest)} are in the study only by an exception from "
        "the rule; if that is their death, late entries bias survival downwards."
    )
    cited = (last.claim_id, end.claim_id, required.claim_id)
    return [about(RULE, "Last entry and follow-up", CONSISTENT, text, cited, consequence)]


def dates_of_design(article: Article) -> list[tuple[dt.date, Claim]]:
    """The dates that the design names, in their order: a first entry, a last one, the lock."""
    dates = [c for c in article.record if c.section == DESIGN and c.unit == "date"]
    found = [
        (_first_day(x) if x.key.statistic == "minimum" else _last_day(x.printed), x) for x in dates
    ]
    return sorted(found, key=lambda pair: pair[0])


def _first_day(claim: Claim) -> dt.date:
    day = claim.printed if len(claim.printed) > _MONTH else f"{claim.printed}-01"
    return dt.date.fromisoformat(day)


def _is_last_date(bound: Claim) -> bool:
    return bound.unit == "date" and bound.key.statistic == "maximum"


def _is_follow_up(bound: Claim, article: Article) -> bool:
    is_time = article.type_of(bound.key.variable) == "time_to_event"
    return is_time and bound.key.statistic == "minimum" and bound.unit in DAYS_OF


def _last_day(printed: str) -> dt.date:
    """A date, or the last day of a month."""
    if len(printed) > _MONTH:
        return dt.date.fromisoformat(printed)
    first = dt.date.fromisoformat(f"{printed}-01")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _said(day: dt.date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


REPEATS = "repeated numbers"
_TOUCHING = 1e-9


def repeat_findings(article: Article) -> list[Finding]:
    """One finding per number printed with different values, and one for all that agree.

    A number given with more digits in one place agrees if it rounds to the other.
    """
    printed: dict[tuple[Key, str], list[Claim]] = {}
    for claim in article.claims:
        printed.setdefault((_quantity(claim.key), claim.unit), []).append(claim)
    repeated = [group for group in printed.values() if len(group) > 1]
    differing = [group for group in repeated if not _agree(group)]
    agreeing = [group for group in repeated if _agree(group)]
    found = [_differ(group, article) for group in differing]
    return found + ([_all_agree(agreeing)] if agreeing else [])


def _quantity(key: Key) -> Key:
    """One key for the size of a group, be it a box of the flow or the head of a column."""
    group = Population.parse(key.population)
    if key.statistic == "n" and not key.variable and not key.outcome:
        return Key("", population=key.population, statistic="n")
    is_level = bool(key.variable and key.level) and not group.variable and not key.outcome
    if key.statistic == "count" and is_level:
        population = Population(group.base, key.variable, key.level)
        return Key("", population=str(population), statistic="n")
    return key


def _agree(group: Sequence[Claim]) -> bool:
    """Whether one value rounds to all; windows that only touch share none that does."""
    return all(
        a.printed == b.printed or window(a).overlap(window(b)) > _TOUCHING
        for a, b in combinations(group, 2)
    )


def _differ(group: Sequence[Claim], article: Article) -> Finding:
    said = listed(f"{printed_number(claim)} in {_place(claim)}" for claim in group)
    counted = group[0].key.statistic in COUNTS  # whatever they are set against
    bases = {(claim.base, None if counted else claim.denominator) for claim in group}
    verdict, reason = IMPOSSIBLE, "at least one is wrong"
    if group[0].key.statistic in P_VALUES:
        verdict, reason = NEEDS_ANOTHER, "of different tests, or one is wrong"
    elif group[0].key.statistic.endswith(("_ci_low", "_ci_high")):
        verdict, reason = NEEDS_ANOTHER, "of different kinds of interval, or one is wrong"
    elif len(bases) > 1:
        verdict, reason = NEEDS_ANOTHER, "of different patients, or one is wrong"
    text = f"the same number is printed as {said}: {reason}."
    cited = [claim.claim_id for claim in group]
    return about(REPEATS, article.subject(group[0].key), verdict, text, cited)


def _all_agree(groups: Sequence[Sequence[Claim]]) -> Finding:
    exact = [[claim for claim in group if claim.comparator == "="] for group in groups]
    rounded = [group for group in exact if len({claim.printed for claim in group}) > 1]
    said = f"{counted(len(groups), 'number')} {is_or_are(len(groups))}"
    text = f"{said} printed in two or more places, each time alike"
    if rounded:
        pairs = "; ".join(listed(dict.fromkeys(printed_number(c) for c in g)) for g in rounded)
        text += f" but for the number of digits ({pairs})"
    cited = tuple(claim.claim_id for group in groups for claim in group)
    return about(REPEATS, "Numbers printed more than once", CONSISTENT, f"{text}.", cited)


def _place(claim: Claim) -> str:
    place = claim.source or "one place"
    return f"the {place}" if place in ("Abstract", "Discussion") else place
