"""Do the kinds or grades of an outcome add up to the patients who had any of it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from analysis_lib.analyses.results import Key
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, Finding
from analysis_lib.audit.shares import MISSING, Share, gather_shares
from analysis_lib.audit.words import inside, parse_population, quantity_name, subject
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary

RULE = "parts of a whole"
ANY = "_any"  # an outcome of this ending is any kind of the outcome without it


def whole_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding for each outcome and group whose kinds or grades are printed beside it.

    The whole is the count of the outcome itself, or of its `_any` form, in the same group; the
    parts are the levels of a variable of that outcome, `none` aside.
    """
    shares = gather_shares(claims)
    parts: dict[Key, list[Share]] = defaultdict(list)
    for key, share in shares.items():
        if key.outcome and key.level not in ("", "none", MISSING) and share.counts:
            parts[key._replace(level="")].append(share)
    found = []
    for key, column in parts.items():
        whole = _whole_of(key, shares)
        if whole is not None and len(column) > 1:
            found.append(_parts_against_whole(column, whole, dictionary))
    return found


def _whole_of(key: Key, shares: dict[Key, Share]) -> Share | None:
    group = parse_population(key.population)
    for other, share in shares.items():
        same = (other.analysis, other.variable) == (key.analysis, "")
        there = parse_population(other.population)
        if (
            same
            and share.counts
            and other.outcome in (key.outcome, f"{key.outcome}{ANY}")
            and (there.variable, there.level) == (group.variable, group.level)
        ):
            return share
    return None


def _parts_against_whole(column: list[Share], whole: Share, dictionary: Dictionary) -> Finding:
    what = subject(whole.key, dictionary)
    added, total = sum(share.count or 0 for share in column), whole.count or 0
    terms = " + ".join(str(share.count) for share in column)
    by = inside(quantity_name(column[0].key._replace(level=""), dictionary))
    text = f"{what}: by {by} {terms} = {added}, against {total} in all"
    ids = (*whole.claims, *(name for share in column for name in share.claims))
    if added > total:
        return Finding(RULE, what, IMPOSSIBLE, f"{text}.", ids)
    if added == total:
        return Finding(RULE, what, CONSISTENT, f"{text}.", ids)
    if _is_whole(column, dictionary):
        return Finding(RULE, what, IMPOSSIBLE, f"{text}.", ids)
    text = f"{text}; the other {total - added} are of a kind not printed."
    return Finding(RULE, what, CONSISTENT, text, ids)


def _is_whole(column: list[Share], dictionary: Dictionary) -> bool:
    variable = column[0].key.variable
    if variable not in dictionary:
        return False
    kinds = set(dictionary[variable].levels) - {"none"}
    return kinds <= {share.key.level for share in column}
