"""The rules of the study against what is printed, and against each other."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, Finding
from analysis_lib.audit.windows import window
from analysis_lib.audit.words import quantity_name
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "rules of the study"
DESIGN = "design"
_DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}
_MONTH = len("2023-08")


def design_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Bounds of the design against printed ranges; the last entry against the follow-up."""
    bounds = [claim for claim in claims if claim.section == DESIGN and claim.key.variable]
    found = [_of_bound(bound, claims, dictionary) for bound in bounds]
    return [one for one in found if one is not None] + _of_entry(bounds, dictionary)


def _of_bound(bound: Claim, claims: Sequence[Claim], dictionary: Dictionary) -> Finding | None:
    """Does every printed end of a range keep to the bound?"""
    wanted = (bound.key.variable, bound.key.statistic)
    ends = [c for c in claims if c.in_scope and (c.key.variable, c.key.statistic) == wanted]
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
    subject = f"{quantity_name(bound.key, dictionary)}, eligibility"
    return about(RULE, subject, verdict, text, cited)


def _of_entry(bounds: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """Do the last patients to enter have the follow-up that is required?"""
    dates = sorted(
        ((_last_day(bound.printed), bound) for bound in bounds if _is_last_date(bound)),
        key=lambda pair: pair[0],
    )
    spans = [bound for bound in bounds if _is_follow_up(bound, dictionary)]
    if len(dates) != 2 or not spans:
        return []
    (entry, last), (lock, end) = dates
    required = spans[0]
    days = round(required.value * _DAYS[required.unit])
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


def _is_last_date(bound: Claim) -> bool:
    return bound.unit == "date" and bound.key.statistic == "maximum"


def _is_follow_up(bound: Claim, dictionary: Dictionary) -> bool:
    name = bound.key.variable
    is_time = name in dictionary and dictionary[name].type == "time_to_event"
    return is_time and bound.key.statistic == "minimum" and bound.unit in _DAYS


def _last_day(printed: str) -> dt.date:
    """A date, or the last day of a month."""
    if len(printed) > _MONTH:
        return dt.date.fromisoformat(printed)
    first = dt.date.fromisoformat(f"{printed}-01")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _said(day: dt.date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
