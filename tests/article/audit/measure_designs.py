"""Recall and false accusations of the audit over made-up articles of many designs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from errors_in_designs import KINDS, changed_design
from made_designs import make_design
from measure import ALARMS

from analysis_lib.article.audit.finding import IMPOSSIBLE
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary


@dataclass
class DesignScore:
    """Counts over articles; an error is found if an alarm cites the number that it changed."""

    articles: int = 0
    numbers: int = 0
    accused: list[str] = field(default_factory=list)  # clean numbers that are called impossible
    made: Counter[str] = field(default_factory=Counter)
    revealable: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found.total() / self.revealable.total()


def measure_designs(dictionary: Dictionary, *, seed: int, numbers: range) -> DesignScore:
    """Each article clean, and once with an error of each kind that it has a place for."""
    score = DesignScore(len(numbers))
    for number in numbers:
        clean = make_design(seed, number)
        score.numbers += len(clean)
        accusing = audit_claims(clean, dictionary).of_verdict(IMPOSSIBLE)
        score.accused += [finding.explanation for finding in accusing]
        _score_errors(score, clean, np.random.default_rng([seed, number, 11]), dictionary)
    return score


def _score_errors(
    score: DesignScore, clean: tuple[Claim, ...], rng: np.random.Generator, dictionary: Dictionary
) -> None:
    for kind in KINDS:
        made = changed_design(clean, kind, rng)
        if made is None:
            continue
        error, revealable = made
        score.made[kind] += 1
        if not revealable:
            continue
        score.revealable[kind] += 1
        findings = audit_claims(error.claims, dictionary).findings
        if any(x.verdict in ALARMS and error.changed & {*x.claims} for x in findings):
            score.found[kind] += 1
        else:
            score.missed.append(f"{kind}: {sorted(error.changed)}")


def design_lines(score: DesignScore) -> Iterator[str]:
    """The figures by kind of error, and the clean numbers that were accused."""
    yield f"{'error':<44}{'made':>7}{'revealable':>12}{'found':>7}"
    for kind in KINDS:
        numbers = score.made[kind], score.revealable[kind], score.found[kind]
        yield f"{kind:<44}{numbers[0]:>7}{numbers[1]:>12}{numbers[2]:>7}"
    yield f"recall {100 * score.recall:.1f}%"
    yield (
        f"called impossible: {len(score.accused)} of {score.numbers} numbers of "
        f"{score.articles} clean articles"
    )
    yield from (f"missed: {error}" for error in score.missed)
    yield from (f"false: {explanation}" for explanation in score.accused)
