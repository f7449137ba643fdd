"""The range and the median of a variable against the counts of its groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from analysis_lib.audit.about import about
from analysis_lib.audit.finding import CONSISTENT, IMPOSSIBLE, NEEDS_ANOTHER, Finding
from analysis_lib.audit.intervals_of_levels import Cut, find_cuts
from analysis_lib.audit.survival_words import patients_words
from analysis_lib.audit.windows import window
from analysis_lib.audit.words import inside, level_name, quantity_name, subject
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.format import EN_DASH
from analysis_lib.labels import listed

RULE = "ranges and groups"


def range_group_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding per population whose values are printed both as a range and in groups."""
    return [_of_cut(cut, dictionary) for cut in find_cuts(claims, dictionary)]


def _of_cut(cut: Cut, dictionary: Dictionary) -> Finding:
    low, high = cut.whole.parts["minimum"], cut.whole.parts["maximum"]
    quantity = inside(quantity_name(cut.whole.key, dictionary))
    said = f"{quantity} ({low.printed}{EN_DASH}{high.printed})"
    problem = _problem(cut, dictionary)
    if problem:
        text = f"the range of {said} contradicts its groups: {problem}."
        return about(RULE, subject(cut.key, dictionary), IMPOSSIBLE, text, cut.claims)
    if cut.ungrouped > 0 and _covered(cut):
        group = patients_words(cut.key.population, dictionary)
        text = (
            f"the groups cover the whole range of {said} of {group}, but hold "
            f"{cut.total - cut.ungrouped} of its {cut.total} patients: a value between two bounds "
            "is in neither, or a patient without a value is not shown."
        )
        return about(RULE, subject(cut.key, dictionary), NEEDS_ANOTHER, text, cut.claims)
    text = f"the range of {said} begins and ends in groups that hold patients."
    return about(RULE, subject(cut.key, dictionary), CONSISTENT, text, cut.claims)


def _problem(cut: Cut, dictionary: Dictionary) -> str:
    """What cannot be: an empty group at an end, patients beyond it, a median elsewhere."""
    low, high = (window(cut.whole.parts[name]) for name in ("minimum", "maximum"))
    for level, claim in cut.groups.items():
        bounds, name = cut.bounds[level], level_name(cut.key.variable, level, dictionary)
        if claim.value > 0 and (bounds.high < low.low or bounds.low > high.high):
            return f"{claim.printed} patients are counted in {name}, outside the range"
    for end in (low, high):
        holders = [level for level, bounds in cut.bounds.items() if end.meets(bounds)]
        if cut.ungrouped <= 0 and not any(cut.groups[level].value for level in holders):
            names = listed(level_name(cut.key.variable, level, dictionary) for level in holders)
            if not names:
                return "one end of it lies in no group, but every patient is counted in one"
            return f"it ends in {names}, where no patient is counted"
    median = cut.whole.parts.get("median")
    if median is not None and not _median_fits(cut, median):
        counts = listed(
            f"{c.printed} in {level_name(cut.key.variable, level, dictionary)}"
            for level, c in cut.groups.items()
        )
        return f"with {counts} the median cannot be {median.printed}"
    return ""


def _covered(cut: Cut) -> bool:
    """Whether in whole numbers no gap lies between the groups, nor beyond them in the range."""
    bounds = [cut.bounds[level] for level in cut.groups]
    ends = window(cut.whole.parts["minimum"]).high, window(cut.whole.parts["maximum"]).low
    gapless = all(a.high >= b.low for a, b in pairwise(bounds))
    return gapless and bounds[0].low <= ends[0] and ends[1] <= bounds[-1].high


def _median_fits(cut: Cut, median: Claim) -> bool:
    """Whether half of the patients can lie on either side of some value that prints the median.

    Patients in no group may lie anywhere.
    """
    values = window(median)
    below = sum(
        int(c.value) for level, c in cut.groups.items() if cut.bounds[level].high <= values.low
    )
    above = sum(
        int(c.value) for level, c in cut.groups.items() if cut.bounds[level].low > values.high
    )
    half = math.floor(cut.total / 2)
    return below <= half and above <= half
