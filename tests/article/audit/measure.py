"""How many of the errors that arithmetic can reveal the audit finds, and its false alarms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from made_articles import make_article
from mutations import KINDS, Mutation, mutate
from reproducible import is_reproducible

from analysis_lib.article.audit.finding import IMPOSSIBLE, NEEDS_ANOTHER, Finding
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary

ALARMS = (IMPOSSIBLE, NEEDS_ANOTHER)


@dataclass
class Score:
    """Counts over articles; an error is found if an alarm cites a claim that it changed."""

    articles: int = 0
    articles_alarmed: int = 0
    checks: int = 0
    checks_alarmed: int = 0
    not_reproducible_clean: int = 0
    mutations: Counter[str] = field(default_factory=Counter)
    revealable: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    alarmed_in_vain: Counter[str] = field(default_factory=Counter)
    false_alarms: list[Finding] = field(default_factory=list)
    missed: list[Mutation] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found.total() / self.revealable.total()

    @property
    def articles_alarmed_share(self) -> float:
        return self.articles_alarmed / self.articles

    @property
    def checks_alarmed_share(self) -> float:
        return self.checks_alarmed / self.checks


def measure(dictionary: Dictionary, *, seed: int, numbers: range, errors_per_article: int) -> Score:
    """Audit the articles of these numbers of a seeded series, and each again with single errors."""
    score = Score()
    for number in numbers:
        clean = make_article(seed, number)
        rng = np.random.default_rng([seed, number, 1])
        _score_clean(score, clean, dictionary)
        for _ in range(errors_per_article):
            _score_error(score, mutate(clean, rng), dictionary)
    return score


def _score_clean(score: Score, clean: tuple[Claim, ...], dictionary: Dictionary) -> None:
    findings = audit_claims(clean, dictionary).findings
    alarms = [finding for finding in findings if finding.verdict in ALARMS]
    score.articles += 1
    score.articles_alarmed += bool(alarms)
    score.checks += len(findings)
    score.checks_alarmed += len(alarms)
    score.not_reproducible_clean += not is_reproducible(clean)
    score.false_alarms += alarms


def _score_error(score: Score, error: Mutation, dictionary: Dictionary) -> None:
    score.mutations[error.kind] += 1
    alarms = [
        finding
        for finding in audit_claims(error.claims, dictionary).findings
        if finding.verdict in ALARMS and error.changed & set(finding.claims)
    ]
    if is_reproducible(error.claims):
        score.alarmed_in_vain[error.kind] += bool(alarms)
        return
    score.revealable[error.kind] += 1
    if alarms:
        score.found[error.kind] += 1
    else:
        score.missed.append(error)


def score_lines(score: Score) -> list[str]:
    """The figures by kind of error, and the two rates."""
    lines = [f"{'error':<36}{'made':>7}{'revealable':>12}{'found':>7}{'recall':>8}"]
    for kind in KINDS:
        made, shown, found = score.mutations[kind], score.revealable[kind], score.found[kind]
        share = f"{100 * found / shown:.1f}%" if shown else "-"
        lines.append(f"{kind:<36}{made:>7}{shown:>12}{found:>7}{share:>8}")
    totals = score.mutations.total(), score.revealable.total(), score.found.total()
    lines.append(
        f"{'all':<36}{totals[0]:>7}{totals[1]:>12}{totals[2]:>7}{100 * score.recall:>7.1f}%"
    )
    lines.append(
        f"false alarms: {score.articles_alarmed} of {score.articles} clean articles "
        f"({100 * score.articles_alarmed_share:.1f}%), {score.checks_alarmed} of {score.checks} "
        f"checks ({100 * score.checks_alarmed_share:.2f}%)"
    )
    lines += [f"missed: {one.kind}, {', '.join(sorted(one.changed))}" for one in score.missed]
    return lines + [f"false alarm: {finding.explanation}" for finding in score.false_alarms]
