"""Do levels, kinds, grades and subgroups add up to their whole?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import ANY, COUNTS, MISSING, Group, Share
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
    about,
)
from analysis_lib.article.audit.printed import cuts_off_to, prints_percent
from analysis_lib.article.audit.words import capital, is_or_are
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import lower_first
from analysis_lib.format import counted, format_number
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

RULE = "sum"
_SPLIT = {"none", "some"}  # the two halves of a number of doses


def sum_findings(article: Article) -> list[Finding]:
    """Columns of levels against their total, their percents against 100, parts against wholes."""
    found: list[Finding] = []
    for key, column in _columns(article.shares).items():
        if len(column) > 1:
            found += _of_column(key, column, article)
    return found + _of_groups(article)


def _columns(shares: dict[Key, Share]) -> dict[Key, list[Share]]:
    """The levels of one variable in one population."""
    columns: dict[Key, list[Share]] = defaultdict(list)
    for key, share in shares.items():
        if key.variable and key.level:
            columns[key._replace(level="")].append(share)
    return columns


def _of_column(key: Key, column: list[Share], article: Article) -> Iterator[Finding]:
    what, is_whole = article.subject(key), _is_whole(key.variable, column, article)
    counted = [share for share in column if share.counts]
    known = (share.denominator for share in counted if share.denominator)
    total = max(known, default=article.size_of(key.population))
    apart = article.levels_of(key.variable) == ()  # rows that may share patients
    if len(counted) > 1 and total:
        verdict, text = _counts_against_total(counted, total, is_whole)
        verdict, text = _unless_shared(verdict, text, apart)
        yield about(RULE, what, verdict, text, [x for share in counted for x in share.claims])
    if is_whole and all(share.percents for share in column) and not _is_of_rows(column, article):
        rows = [share for share in column if share.key.level != MISSING] or column
        percents = [share.percents[0] for share in rows]
        verdict, text = _percents_against_100(rows, percents, total)
        yield about(RULE, what, verdict, text, [claim.claim_id for claim in percents])


def _unless_shared(verdict: str, text: str, apart: bool) -> tuple[str, str]:
    """Rows of a variable that the dictionary does not know may count a patient twice."""
    if verdict != IMPOSSIBLE or not apart:
        return verdict, text
    return NEEDS_ANOTHER, f"{text[:-1]}, unless a patient can be in several rows."


def _is_of_rows(column: Iterable[Share], article: Article) -> bool:
    """Whether the percents of a column are each of the patients of their row."""
    totals = [(share, article.row_total(share.key)) for share in column]
    return all(
        total is not None and share.count is not None and total > 0
        and all(prints_percent(share.count, total, x) or cuts_off_to(share.count, total, x)
                for x in share.percents)
        for share, total in totals
    )  # fmt: skip


def _counts_against_total(column: list[Share], total: int, is_whole: bool) -> tuple[str, str]:
    start, added = _added(column)
    left = total - added
    if left == 0:
        return CONSISTENT, f"{start}, all {counted(total, 'patient')}."
    if left < 0:
        return IMPOSSIBLE, f"{start}, more than the {counted(total, 'patient')} of the group."
    if not is_whole:
        have = "has" if left == 1 else "have"
        return CONSISTENT, (
            f"{start} of {total}; the other {left} {have} a level that is not printed."
        )
    patients = f"{counted(left, 'patient')} {is_or_are(left)}"
    return NEEDS_ANOTHER, (
        f"{start} of {total}, so the denominator is {added}: {patients} in no row."
    )


def _added(shares: Iterable[Share]) -> tuple[str, int]:
    """`20 + 27 = 47`, and the sum; of a share without a count the one that its percents admit."""
    counts = [share.settled_count or 0 for share in shares]
    return f"{' + '.join(map(str, counts))} = {sum(counts)}", sum(counts)


def _is_whole(variable: str, column: Iterable[Share], article: Article, *but: str) -> bool:
    """Whether every level that the variable can have is printed, but for some."""
    levels, known = {share.key.level for share in column}, set(article.levels_of(variable))
    return levels == _SPLIT or (bool(known) and known - set(but) <= levels)


def _percents_against_100(
    column: list[Share], percents: list[Claim], total: int | None
) -> tuple[str, str]:
    """Rounding moves each percent by at most half of its last digit."""
    added = sum(claim.value for claim in percents)
    slack = sum(0.5 * 10.0**-claim.decimals for claim in percents)
    counted = [share.count for share in column if share.count is not None]
    expected = 100.0
    if total and len(counted) == len(column):
        expected *= sum(counted) / total  # patients in no row are missing from it too
    terms = " + ".join(claim.printed for claim in percents)
    text = f"{terms} = {format_number(added)}%"
    if abs(added - expected) <= slack + 1e-9:
        return CONSISTENT, f"{text}, within rounding."
    if abs(added - 100) <= slack + 1e-9:
        return CONSISTENT, f"{text}, within rounding of those who are in a row."
    text = f"{text}, further from {format_number(expected)}% than rounding can move it"
    if added > 100 + slack:
        return IMPOSSIBLE, f"{text}."
    return NEEDS_ANOTHER, f"{text}: patients in no row, cut off instead of rounded, or a misprint."


def _of_groups(article: Article) -> list[Finding]:
    """The groups of a column against everyone: printed sizes `n`, and counts of one key."""
    everyone: dict[Key, Claim] = {}
    parts: dict[tuple[Key, str], dict[str, Claim]] = defaultdict(dict)
    for claim in article.claims:
        if claim.key.statistic in COUNTS and claim.comparator == "=":
            base, variable, level = Population.parse(claim.key.population)
            key = _of_everyone(claim.key._replace(population=base), base)
            if variable:
                parts[key, variable].setdefault(level, claim)
            else:
                everyone.setdefault(key, claim)
    return [
        _groups_against_everyone(everyone[key], variable, groups, article)
        for (key, variable), groups in parts.items()
        if key in everyone
    ]


def _of_everyone(key: Key, base: str) -> Key:
    """The size of a base has one key, whether it heads a column or a box of the flow."""
    is_size = key.statistic == "n" or (key.variable == base and not key.level)
    return Key("", population=base, statistic="n") if is_size else key


def _groups_against_everyone(
    whole: Claim, variable: str, groups: dict[str, Claim], article: Article
) -> Finding:
    known = article.levels_of(variable)
    added, total = sum(int(claim.value) for claim in groups.values()), int(whole.value)
    what = capital(article.subject(whole.key))
    ids = (whole.claim_id, *(claim.claim_id for claim in groups.values()))
    terms = " + ".join(claim.printed for claim in groups.values())
    text = f"the groups add up to {terms} = {added}, against {total} in all"
    complete = bool(known) and set(known) <= set(groups)
    if added > total:
        verdict, text = _unless_shared(IMPOSSIBLE, f"{text}.", not known)
        return about(RULE, what, verdict, text, ids)
    if complete and added != total:
        text = f"{text}: {counted(total - added, 'patient')} in neither, or a misprint."
        return about(RULE, what, NEEDS_ANOTHER, text, ids)
    rest = "" if added == total else f"; the other {total - added} are in groups not printed"
    return about(RULE, what, CONSISTENT, f"{text}{rest}.", ids)


WHOLES = "parts of a whole"


def whole_findings(article: Article) -> list[Finding]:
    """One finding for each outcome and group whose kinds or grades are printed beside it.

    The whole is the count of the outcome itself, or of its `_any` form, in the same group; the
    parts are the levels of a variable of that outcome, `none` aside.
    """
    found = []
    for key, column in _columns(article.shares).items():
        parts = [x for x in column if x.key.level not in ("none", MISSING) and x.counts]
        whole = _whole_of(parts[0], article.shares) if key.outcome and len(parts) > 1 else None
        if whole is not None:
            found.append(_parts_against_whole(parts, whole, article))
    return found


def _whole_of(part: Share, shares: dict[Key, Share]) -> Share | None:
    key, outcomes = part.key, (part.key.outcome, f"{part.key.outcome}{ANY}")
    for other, share in shares.items():
        same = (other.analysis, other.variable) == (key.analysis, "") and other.outcome in outcomes
        if same and share.counts and share.group == part.group:
            return share
    return None


def _parts_against_whole(parts: list[Share], whole: Share, article: Article) -> Finding:
    (said, added), total = _added(parts), whole.count or 0
    by = lower_first(article.quantity_name(parts[0].key._replace(level="")))
    text = f"by {by} {said}, against {total} in all"
    verdict, variable = CONSISTENT, parts[0].key.variable
    if added > total:
        verdict = IMPOSSIBLE if article.levels_of(variable) else NEEDS_ANOTHER
        text += "" if verdict == IMPOSSIBLE else ", unless a patient can have several"
    elif added < total and _is_whole(variable, parts, article, "none"):
        verdict, text = NEEDS_ANOTHER, f"{text}: of the rest the kind is not known, or a misprint"
    elif added < total:
        text += f"; the other {total - added} are of a kind not printed"
    cited = [name for share in (whole, *parts) for name in share.claims]
    return about(WHOLES, article.subject(whole.key), verdict, f"{text}.", cited)


SUBGROUPS = "subgroups"


@dataclass(frozen=True)
class Division:
    """A group that the flow of patients divides by another variable, with the sizes."""

    parent: Group
    variable: str
    sizes: dict[str, int]


def subgroup_findings(article: Article) -> list[Finding]:
    """One finding for each level that is printed in a group and in two or more of its parts."""
    by_level: dict[tuple[str, str, str], dict[Group, Share]] = {}
    for key, share in article.shares.items():
        counted = key.level not in ("", MISSING) and share.settled_count is not None
        if counted and key.analysis != "flow":
            places = by_level.setdefault((key.outcome, key.variable, key.level), {})
            places.setdefault(share.group, share)
    found = []
    for division in _divisions(article.shares):
        for places in by_level.values():
            within = {name: places.get((division.variable, name)) for name in division.sizes}
            parts = {name: share for name, share in within.items() if share is not None}
            if division.parent in places and len(parts) > 1:
                found.append(_subgroups(places[division.parent], parts, division, article))
    return found


def _divisions(shares: dict[Key, Share]) -> list[Division]:
    """Groups of the flow that are themselves divided: the exposed by timing or by response."""
    sizes: dict[tuple[Group, str], dict[str, int]] = {}
    for key, share in shares.items():
        counted = key.level and share.group[0] and share.count is not None
        if key.analysis == "flow" and counted:
            sizes.setdefault((share.group, key.variable), {})[key.level] = share.count or 0
    return [Division(parent, variable, levels) for (parent, variable), levels in sizes.items()]


def _subgroups(
    whole: Share, parts: dict[str, Share], division: Division, article: Article
) -> Finding:
    (said, added), total = _added(parts.values()), whole.settled_count or 0
    room = sum(size for name, size in division.sizes.items() if name not in parts)
    room += max((article.size_of(whole.key.population) or 0) - sum(division.sizes.values()), 0)
    known = division.variable in article.dictionary
    name = article.dictionary[division.variable].label if known else "parts"
    text = f"by {lower_first(name)} {said}, against {total} in all"
    shares = (whole, *parts.values())
    verdict = IMPOSSIBLE
    if 0 <= total - added <= room:
        verdict = CONSISTENT
        others = f"; the other {total - added} are among {counted(room, 'patient')} not shown"
        text += others if room else ""
    elif any(share.is_reading for share in shares):
        verdict = NOT_CHECKABLE
        text += ", if the percents are of everyone in each part"
    elif len({Population.parse(share.key.population).base for share in shares}) > 1:
        verdict = NEEDS_ANOTHER
        text += ", of different patients"
    cited = [claim for share in shares for claim in share.evidence]
    return about(SUBGROUPS, article.subject(whole.key), verdict, f"{text}.", cited)
