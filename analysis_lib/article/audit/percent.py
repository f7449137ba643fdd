"""Does each printed percent follow from its count and its denominator?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import MISSING, UNSURE, Group, Share
from analysis_lib.article.audit.denominators import Solved, solve_outcomes
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
    about,
)
from analysis_lib.article.audit.printed import (
    counts_printing,
    cuts_off_to,
    denominators_printing,
    fractions_printing,
    prints_percent,
)
from analysis_lib.article.audit.words import (
    base_words,
    either,
    exact_percent,
    of_patients,
    printed_number,
    printed_p,
)
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import counted
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

RULE = "percent"


def percent_findings(article: Article) -> list[Finding]:
    """One finding for each printed percent whose denominator is recorded."""
    return [
        about(RULE, article.subject(claim.key), *_judged(claim, share, article))
        for share in article.shares.values()
        for claim in share.percents
        if claim.denominator
    ]


def _judged(claim: Claim, share: Share, article: Article) -> tuple[str, str, tuple[str, ...]]:
    """Verdict, sentence, and the claims behind it."""
    total = claim.denominator or 0
    if not share.counts:
        return *_without_count(claim, share, total), (claim.claim_id,)
    near = [count for count in share.counts if count.source == claim.source] or list(share.counts)
    verdict, text = _against_count(claim, int(near[0].value), total, article)
    if verdict == IMPOSSIBLE and claim.denominator_source in UNSURE:
        verdict, text = NEEDS_ANOTHER, f"{text[:-1]}; the denominator is one reading of several."
    return verdict, text, (claim.claim_id, *(count.claim_id for count in near))


def _against_count(claim: Claim, count: int, total: int, article: Article) -> tuple[str, str]:
    if count > total:
        return IMPOSSIBLE, f"{counted(count, 'patient')} cannot be of {total}."
    column = _column(claim, article)
    start, printed = (
        f"{count}/{total} is {exact_percent(count, total, claim)}",
        printed_number(claim),
    )
    if prints_percent(count, total, claim):
        return CONSISTENT, f"{start}, printed {printed}."
    known = _with_a_value(claim, total, article)
    if known and prints_percent(count, known, claim):
        return CONSISTENT, f"{start}; printed {printed} is of the {known} whose value is known."
    in_row = article.row_total(claim.key)
    if in_row is not None and _is_of_row(claim, article):
        text = f"{start}; printed {printed} is of the {counted(in_row, 'patient')} of its row."
        return NEEDS_ANOTHER, text
    of_column = article.sizes_of_column(claim.key.population, total)
    if any(prints_percent(count, other, claim) for other in of_column):
        text = f"{start}, not the printed {printed}, which is of {either(of_column)} as its column"
        return NEEDS_ANOTHER, f"{text} is."
    if article.may_cut_off and cuts_off_to(count, total, claim):
        several = article.ways_of_rounding["cutting"] > 1
        text = f"{start}, printed {printed}, cut off instead of rounded"
        if several:
            return CONSISTENT, f"{text} as other percents of the article are."
        return NEEDS_ANOTHER, f"{text}."
    others = _denominators_of_the_column(claim, count, total, column)
    if others:
        return NEEDS_ANOTHER, (
            f"{start}, not the printed {printed}; "
            f"with {counted(count, 'patient')} it needs a denominator of {either(others)}."
        )
    return IMPOSSIBLE, (
        f"{start}, not the printed {printed}{_if_cut_off(count, total, claim)}; "
        f"{_what_would(claim, count, total)}{_if_made_to_fit(column)}."
    )


def _with_a_value(claim: Claim, total: int, article: Article) -> int | None:
    """The patients of a column without those whom a row counts as missing; None without one."""
    missing = article.shares.get(claim.key._replace(level=MISSING, statistic=""))
    return None if missing is None or missing.count is None else total - missing.count


def _denominators_of_the_column(
    claim: Claim, count: int, total: int, column: list[Share]
) -> list[int]:
    """Smaller denominators that print this percent and every other of the same column."""
    admitted = set(denominators_printing(count, [claim], at_most=total - 1))
    for share in column:
        if share.count is not None:
            admitted &= set(denominators_printing(share.count, share.percents, at_most=total))
    return sorted(admitted)


def _column(claim: Claim, article: Article) -> list[Share]:
    """The percents of all levels of the same variable in the same group.

    Patients without a value may be a percent of everyone beside percents of those who have one.
    """
    same = claim.key._replace(level="", statistic="")
    column = [x for key, x in article.shares.items() if key._replace(level="") == same]
    if claim.key.level == MISSING:
        return []
    return [share for share in column if share.percents and share.key.level != MISSING]


def _is_of_row(claim: Claim, article: Article) -> bool:
    """Whether every percent of the same row is of the row's patients in all groups together."""
    row = article.row_of(claim.key)
    total = article.row_total(claim.key)
    return total is not None and all(
        prints_percent(share.count, total, percent)
        or (article.may_cut_off and cuts_off_to(share.count, total, percent))
        for share in row
        if share.count is not None
        for percent in share.percents
    )


def _if_cut_off(count: int, total: int, claim: Claim) -> str:
    is_cut = cuts_off_to(count, total, claim)
    return " (which it is if cut off instead of rounded)" if is_cut else ""


def _if_made_to_fit(column: list[Share]) -> str:
    added = sum(share.percents[0].value for share in column)
    return "; printed so, the column adds up to exactly 100%" if added == 100 else ""


def _what_would(claim: Claim, count: int, total: int) -> str:
    counts = counts_printing([claim], total)
    larger = denominators_printing(count, [claim], at_most=2 * total)
    says = []
    if counts:
        says.append(f"{either(counts)} of {total} would print it")
    if larger:
        says.append(f"{count} would need a denominator of {either(larger)}")
    return ", or ".join(says) or "no count or denominator nearby would"


def _without_count(claim: Claim, share: Share, total: int) -> tuple[str, str]:
    printed, admitted = printed_number(claim), counts_printing([claim], total)
    if admitted:
        only = "only " if len(admitted) == 1 else ""
        of = "if it is of" if share.is_reading else "of"
        return CONSISTENT, (
            f"printed {printed} without a count; "
            f"{of} {counted(total, 'patient')} {only}{either(admitted)} would print it."
        )
    if share.is_reading:
        return NOT_CHECKABLE, (
            f"printed {printed} without a count, and no whole number of "
            f"{counted(total, 'patient')} prints it, one reading of its denominator among several."
        )
    nearest = min(range(total + 1), key=lambda count: abs(100 * count / total - claim.value))
    smaller = fractions_printing(share.percents, at_most=total)
    start = (
        f"no whole number of {counted(total, 'patient')} prints {printed} "
        f"({nearest} would be {exact_percent(nearest, total, claim)})"
    )
    if smaller:
        count, fewer = smaller[-1]
        return NEEDS_ANOTHER, f"{start}; it needs a smaller denominator, such as {count}/{fewer}."
    cut = [count for count in range(total + 1) if cuts_off_to(count, total, claim)]
    if cut:
        return NEEDS_ANOTHER, f"{start}; it is {either(cut)} if cut off instead of rounded."
    return IMPOSSIBLE, f"{start}, and none of a smaller number does."


SAME_COUNT = "percents of one count"


def same_count_findings(article: Article) -> list[Finding]:
    """One finding for each count with several percents, and each place with one denominator.

    The second kind: an outcome and a part of it, printed side by side, have one denominator by
    their percents; it is set against the one that the outcome's P value needs.
    """
    found = list(_of_one_count(article))
    for outcome in solve_outcomes(article):
        if outcome.solution.unique:
            for group in (0, 1):
                found += _side_by_side(outcome, group, article)
    return found


def _of_one_count(article: Article) -> Iterator[Finding]:
    alike: dict[tuple[Key, Group, int], list[Share]] = defaultdict(list)
    for key, share in article.shares.items():
        if share.count is not None and share.percents and share.group[0]:
            alike[key._replace(population=""), share.group, share.count].append(share)
    for (_, _, count), same in alike.items():
        size = article.size_of(same[0].key.population)
        distinct = {claim.printed: claim for share in same for claim in share.percents}
        if size is not None and len(distinct) > 1:
            percents, what = list(distinct.values()), article.subject(same[0].key)
            verdict, text = _as_percents(count, percents, size)
            cited = [name for share in same for name in share.claims]
            yield about(SAME_COUNT, what, verdict, text, cited)


def _as_percents(count: int, percents: list[Claim], size: int) -> tuple[str, str]:
    text = f"{count} is printed as {listed(map(printed_number, percents))}"
    if denominators_printing(count, percents, at_most=size):
        return CONSISTENT, f"{text}, which one denominator gives."
    explained = listed(_explained(count, claim, size) for claim in percents)
    return NEEDS_ANOTHER, f"{text}: {explained}."


def _explained(count: int, claim: Claim, size: int) -> str:
    admitted = denominators_printing(count, [claim], at_most=size)
    base = base_words(Population.parse(claim.key.population).base)
    number = of_patients(admitted) if admitted else f"more than {counted(size, 'patient')}"
    return f"{printed_number(claim)} in {claim.source} is of {number} ({base})"


def _side_by_side(outcome: Solved, group: int, article: Article) -> Iterator[Finding]:
    """Parts of an outcome printed in the same place as it, with a denominator in common."""
    whole, size = outcome.shares[group], outcome.sizes[group]
    needed = outcome.fit.denominators[group]
    for key, part in article.shares.items():
        same = (key.analysis, key.outcome) == (whole.key.analysis, whole.key.outcome)
        if not same or not key.variable or part.group != whole.group:
            continue
        for place in dict.fromkeys(claim.source for claim in whole.percents):
            common = _common(whole, place, size) & _common(part, place, size)
            if common:
                yield _in_common(outcome, part, place, common, needed, article)


def _common(share: Share, place: str, size: int) -> set[int]:
    percents = [claim for claim in share.percents if claim.source == place]
    if not percents or share.count is None:
        return set()
    return set(denominators_printing(share.count, percents, at_most=size))


def _in_common(
    outcome: Solved, part: Share, place: str, common: set[int], needed: int, article: Article
) -> Finding:
    whole = next(share for share in outcome.shares if share.group == part.group)
    what = article.subject(whole.key)
    ids = (*part.claims, *whole.claims, *(claim.claim_id for claim in outcome.comparison.p_values))
    text = (
        f"{_with_percent(whole, place)} and, for {article.quantity_name(part.key)}, "
        f"{_with_percent(part, place)} in {place} are both of {of_patients(common)}"
    )
    agrees = needed in common
    verdict = CONSISTENT if agrees else NEEDS_ANOTHER
    text += f", {'as' if agrees else 'but'} {printed_p(outcome.comparison.p)} needs {needed}."
    return about(SAME_COUNT, what, verdict, text, ids)


def _with_percent(share: Share, place: str) -> str:
    percent = next(claim for claim in share.percents if claim.source == place)
    return f"{share.count} ({printed_number(percent)})"
