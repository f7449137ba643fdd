"""The hazard ratios of the abstract, endpoints that compare the same groups in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.estimates.effects import FittedEffect
from analysis_lib.format import counted, format_p_statement, format_ratio, is_suppressed
from analysis_lib.labels import listed
from analysis_lib.show.prose import Contrasted, Estimate, escape, group_phrase, ratio_of, versus
from analysis_lib.study.exposure import Grouping
from analysis_lib.topics.effect.numbers import Ladder


def estimates_of(model: Contrasted, groups: Grouping) -> dict[str, Estimate]:
    """The hazard ratio of every group against the reference, where estimable."""
    found = {level: ratio_of(model, level) for level in groups.levels[1:]}
    return {
        level: one
        for level, one in found.items()
        if not math.isnan(one.value) or is_suppressed(one.value)
    }


@dataclass(frozen=True)
class _Told:
    """The hazard ratios of one endpoint, and the test or the patients behind them."""

    outcome_label: str
    groups: Grouping
    estimates: dict[str, Estimate]
    behind: str

    @property
    def outcome(self) -> str:
        return escape(lower_first(self.outcome_label))

    @property
    def in_brackets(self) -> str:
        """`1.57 (95% CI 0.98–2.53; log-rank P = .061)`, of two groups."""
        (one,) = self.estimates.values()
        behind = "" if is_suppressed(self.behind) else f"; {self.behind}"
        return f"{format_ratio(one.value)} ({one.interval(format_ratio)}{behind})"

    def alone(self, reference: bool) -> str:
        """Of every group, after `the hazard ratio`."""
        ratios = listed(
            f"{one.as_ratio} for {group_phrase(self.groups, level)}"
            for level, one in self.estimates.items()
        )
        against = f" against {group_phrase(self.groups)}" if reference else ""
        said = f"was {ratios}{against}" if ratios else "is not estimable"
        return f"for {self.outcome} {said} ({self.behind})"


def ratio_sentences(beginning: str, told: Sequence[_Told], *, reference: bool = False) -> list[str]:
    """One on all endpoints that compare the same two groups, else one on each."""
    sentences = []
    for pair, same in groupby(told, key=lambda x: _pair(x, reference)):
        if not pair:
            sentences += [f"{beginning} the hazard ratio {x.alone(reference)}." for x in same]
            continue
        each = listed([f"{x.in_brackets} for {x.outcome}" for x in same])
        sentences.append(f"{beginning} the hazard ratio for {pair} was {each}.")
    return sentences


def _pair(told: _Told, reference: bool) -> str:
    """The two groups of an endpoint; nothing of several, or where no ratio is shown."""
    if len(told.groups.levels) != 2 or not told.estimates or is_suppressed(told.in_brackets):
        return ""
    level = told.groups.levels[1]
    return versus(told.groups, level) if reference else group_phrase(told.groups, level)


def tested(comparison: SurvivalComparison) -> _Told:
    """The unadjusted hazard ratio of each group with the test of all of them."""
    tested = comparison.tested
    p_value = comparison.results.value(comparison.test_key, "p_value")
    of_all = f", {len(tested.levels)} groups" if len(tested.levels) > 2 else ""
    behind = f"log-rank {format_p_statement(p_value)}{of_all}"
    return _Told(comparison.outcome_label, tested, estimates_of(comparison, tested), behind)


def fitted(ladder: Ladder, effect: FittedEffect) -> _Told:
    """A model's hazard ratio of each group, with the patients and events behind it."""
    size = f"{counted(effect.shown.n, 'patient')}, {counted(effect.shown.events, 'event')}"
    return _Told(ladder.outcome_label, effect.exposure, estimates_of(effect, effect.exposure), size)
