"""How many events the interval of a hazard ratio needs, against the patients who can have them."""

from __future__ import annotations

import math
import re

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER
from analysis_lib.article.audit.ranges import bounds_of
from analysis_lib.article.audit.triples import Triple, Wald, narrowest
from analysis_lib.format import counted, format_fixed, format_interval, format_p
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Contrast, Population

GROUPS, PER_UNIT, UNKNOWN = "groups", "per unit", "unknown"
_UNBOUNDED = {
    PER_UNIT: "a ratio per unit tells nothing of the number of events",
    UNKNOWN: "whether two groups are compared is not told, so nothing follows of the events",
}
_OF_A_NUMBER = re.compile(r"\d|[qp]\d|per_|one_|sd|unit|double|doubling|increase|upper_q|lower_q")
_WEIGHTED = ("iptw", "overlap", "weight")  # weights need not add up to the patients


def kind_of_term(key: Key, article: Article) -> str:
    """What a hazard ratio compares: two groups, two values of a number, or it cannot be told.

    A contrast of a number compares groups where its levels are ranges or their patients counted,
    as of two halves; it may be one of two quartiles of the number itself. So may that of a
    variable which the dictionary does not know, if its levels are not words.
    """
    contrast = Contrast.parse(key.contrast, article.levels_of(key.variable))
    levels = [level for level in (contrast or (key.level,)) if level]
    if article.levels_of(key.variable):
        of_two = len(article.levels_of(key.variable)) == 2  # of more it may be a ratio per level
        return GROUPS if levels or of_two else UNKNOWN
    if not levels:
        return PER_UNIT if article.is_numeric(key._replace(outcome="")) else UNKNOWN
    are_groups = any(
        bounds_of(level) is not None or article.patients_at_level(key.variable, level) is not None
        for level in levels
    )
    is_known = bool(article.type_of(key.variable))
    are_words = not is_known and not any(_OF_A_NUMBER.match(level) for level in levels)
    return GROUPS if are_groups or are_words else UNKNOWN


def against_patients(triple: Triple, known: Wald, article: Article) -> tuple[str, str]:
    """The standard error against the patients whose events it can come from.

    A ratio per unit has an information of the events times the variance of the covariate, which
    is not printed: nothing bounds it. Nor does anything bound a weighted model.
    """
    error = format_interval(known.std_error.low, known.std_error.high, lambda x: format_fixed(x, 3))
    start = f"is the middle of its interval: standard error {error}, Wald P {range_of_p(known)}"
    kind = kind_of_term(triple.key, article)
    if kind != GROUPS:
        return CONSISTENT, f"{start}; {_UNBOUNDED[kind]}"
    if any(word in triple.key.analysis for word in _WEIGHTED):
        return CONSISTENT, start
    least = narrowest(triple, article.confidence_level)
    total = article.most_patients(Population.parse(triple.key.population).base)
    if total is not None and known.events_split_evenly > total:
        possible = least.events_split_evenly <= total
        return _too_narrow(possible), (
            f"has a narrower interval than {total} patients allow: it needs at least "
            f"{counted(math.ceil(known.events_split_evenly), 'event')}{_unless(possible)}"
        )
    level = triple.contrast.level or triple.key.level
    return _of_level(triple, known, least, level, start, article) if level else (CONSISTENT, start)


def _of_level(
    triple: Triple, known: Wald, least: Wald, level: str, start: str, article: Article
) -> tuple[str, str]:
    base = Population.parse(triple.key.population).base
    at_level = article.patients_at_level(triple.key.variable, level, base)
    group = article.group_words(triple.key.variable, level)
    events = known.events_at_level
    if at_level is not None and events > at_level:
        possible = least.events_at_level <= at_level
        return _too_narrow(possible), (
            f"has a narrower interval than the {counted(at_level, 'patient')} of {group} allow: it "
            f"needs at least {counted(events, 'event')} among them{_unless(possible)}"
        )
    of_level = f"{events} of the {counted(at_level or 0, 'patient')}"
    who = counted(events, "patient") if at_level is None else of_level
    return CONSISTENT, f"{start}, and at least {who} of {group} had the event"


def _too_narrow(possible: bool) -> str:
    return NEEDS_ANOTHER if possible else IMPOSSIBLE


def _unless(possible: bool) -> str:
    """An interval of a lower level than is told is narrower."""
    return ", unless it is an interval of 90%" if possible else ""


def range_of_p(known: Wald) -> str:
    """`.02 to .03`, or one number where both print alike."""
    low, high = format_p(known.p_value.low), format_p(known.p_value.high)
    return low if low == high else f"{low} to {high}"
