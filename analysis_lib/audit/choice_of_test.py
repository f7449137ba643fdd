"""Which one test gives most of an article's P values of counts?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis_lib.audit.comparisons import Comparison, gather_comparisons
from analysis_lib.audit.finding import CONSISTENT, NOT_CHECKABLE, Finding
from analysis_lib.audit.p_values import comparison_name
from analysis_lib.audit.printed import prints_p
from analysis_lib.audit.readings import MISSING_AS_LEVEL, Reading, readings_of
from analysis_lib.audit.tests import FISHER, MID_P, PEARSON, TREND, YATES
from analysis_lib.audit.words import ALPHA, ALPHA_TEXT, group_name, say_p
from analysis_lib.claims import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.labels import listed

RULE = "the article's test"
_FEWEST = 3  # P values that can show a preference


@dataclass(frozen=True)
class Recomputed:
    """A printed P value with the tables it may be of, none of them strained."""

    comparison: Comparison
    readings: tuple[Reading, ...]

    def tried(self, test: str) -> bool:
        return any(test in reading.p_values for reading in self.readings)

    def given_by(self, test: str) -> bool:
        p = self.comparison.p
        return any(prints_p(r.p_values[test], p) for r in self.readings if test in r.p_values)


def choice_findings(claims: Sequence[Claim], dictionary: Dictionary) -> list[Finding]:
    """One finding on all P values that the printed counts settle."""
    recomputed = list(_recompute(claims, dictionary))
    if len(recomputed) < _FEWEST:
        return []
    given = {
        test: (
            sum(one.given_by(test) for one in recomputed),
            sum(one.tried(test) for one in recomputed),
        )
        for test in (PEARSON, YATES, FISHER, MID_P, TREND)
    }
    best = max(given, key=lambda test: given[test][0])
    others = listed(f"{t} {n} of {of}" for t, (n, of) in given.items() if t != best and of)
    text = (
        f"Of {len(recomputed)} P values that the printed counts settle, {best} gives "
        f"{given[best][0]}{_by_contrast(best, recomputed, dictionary)}; {others}."
    )
    most = 2 * given[best][0] > len(recomputed)
    return [
        Finding(
            RULE,
            "All P values of counts",
            CONSISTENT if most else NOT_CHECKABLE,
            text,
            tuple(one.comparison.p.claim_id for one in recomputed),
            _if_exact(recomputed, dictionary) if best == PEARSON else "",
        )
    ]


def _recompute(claims: Sequence[Claim], dictionary: Dictionary) -> Iterator[Recomputed]:
    for comparison in gather_comparisons(claims, dictionary):
        readings = readings_of(comparison, dictionary)
        if readings and not comparison.is_reading:
            plain = tuple(r for r in readings if r.strain <= MISSING_AS_LEVEL)
            yield Recomputed(comparison, plain)


def _by_contrast(best: str, recomputed: Sequence[Recomputed], dictionary: Dictionary) -> str:
    """The share of each contrast, where there are several."""
    contrasts: dict[str, list[bool]] = {}
    for one in recomputed:
        reference, subject = (group_name(x, dictionary) for x in one.comparison.groups)
        contrasts.setdefault(f"{subject} vs {reference}", []).append(one.given_by(best))
    if len(contrasts) < 2:
        return ""
    said = listed(f"{name} {sum(given)} of {len(given)}" for name, given in contrasts.items())
    return f" ({said})"


def _if_exact(recomputed: Sequence[Recomputed], dictionary: Dictionary) -> str:
    """Conclusions at .05 that hang on the choice of the test."""
    changed = []
    for one in recomputed:
        p_values = one.readings[0].p_values
        pearson, exact = p_values[PEARSON], p_values.get(FISHER, p_values[PEARSON])
        if (pearson < ALPHA) != (exact < ALPHA):
            name = comparison_name(one.comparison, dictionary)
            changed.append(f"{name} ({say_p(pearson)}, then {say_p(exact)})")
    if not changed:
        return ""
    return f"With {FISHER} instead, P would cross {ALPHA_TEXT} for {listed(changed)}."
