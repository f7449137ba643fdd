"""Single errors put into the claims of an article, as they happen when numbers are copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import chi2_contingency, fisher_exact
from writing_articles import GROUPS, half_up

from analysis_lib.article.claims.claim import Claim

Change = dict[int, str]
Kind = Callable[[Sequence[Claim], np.random.Generator], Change]


@dataclass(frozen=True)
class Mutation:
    """An article with one error: its kind and the names of the claims that changed."""

    kind: str
    claims: tuple[Claim, ...]
    changed: frozenset[str]


def mutate(claims: Sequence[Claim], rng: np.random.Generator) -> Mutation:
    """One error of a random kind among those that the article has numbers for."""
    while True:
        kind = str(rng.choice(list(KINDS)))
        change = KINDS[kind](claims, rng)
        change = {i: text for i, text in change.items() if text != claims[i].printed}
        if change:
            changed = [
                replace(c, printed=change[i], value=float(change[i])) if i in change else c
                for i, c in enumerate(claims)
            ]
            names = frozenset(claims[i].claim_id for i in change)
            return Mutation(kind, tuple(changed), names)


def _pick(
    claims: Sequence[Claim], rng: np.random.Generator, wanted: Callable[[Claim], bool]
) -> int | None:
    found = [i for i, claim in enumerate(claims) if claim.comparator == "=" and wanted(claim)]
    return int(rng.choice(found)) if found else None


def _other_digit(text: str, rng: np.random.Generator) -> str:
    """One digit replaced by another; never the zero before the point, nor to a leading zero."""
    places = [i for i, sign in enumerate(text) if sign.isdigit() and text[: i + 1] != "0"]
    place = int(rng.choice(places or [0]))
    digits = [d for d in "0123456789" if d != text[place] and not (place == 0 and d == "0")]
    return text[:place] + str(rng.choice(digits)) + text[place + 1 :]


def _digit_of(*statistics: str) -> Kind:
    def change(claims: Sequence[Claim], rng: np.random.Generator) -> Change:
        i = _pick(claims, rng, lambda claim: claim.key.statistic in statistics)
        return {} if i is None else {i: _other_digit(claims[i].printed, rng)}

    return change


def _points_of(*statistics: str) -> Kind:
    """A whole number moved by one to five, as a digit misread."""

    def change(claims: Sequence[Claim], rng: np.random.Generator) -> Change:
        i = _pick(claims, rng, lambda claim: claim.key.statistic in statistics)
        if i is None:
            return {}
        step = int(rng.integers(1, 6)) * int(rng.choice([-1, 1]))
        moved = int(claims[i].value) + step
        return {i: str(moved)} if 0 < moved < 1000 else {}

    return change


def _count_moved(claims: Sequence[Claim], rng: np.random.Generator) -> Change:
    """Patients moved between two levels of one column, so that its sum stays."""
    i = _pick(claims, rng, lambda claim: claim.key.statistic == "count" and bool(claim.key.level))
    if i is None:
        return {}
    column = claims[i].key._replace(level="")
    others = [
        j
        for j, claim in enumerate(claims)
        if claim.key._replace(level="") == column and claim.key.level != claims[i].key.level
    ]
    moved = int(rng.integers(1, 4))
    if not others or claims[i].value < moved:
        return {}
    j = int(rng.choice(others))
    return {i: str(int(claims[i].value) - moved), j: str(int(claims[j].value) + moved)}


def _p_of_another_test(claims: Sequence[Claim], rng: np.random.Generator) -> Change:
    """Yates' or Fisher's P of two rows, the likelihood ratio's of more, in place of Pearson's."""
    i = _pick(
        claims,
        rng,
        lambda claim: claim.key.statistic == "p_value" and _table(claims, claim) is not None,
    )
    if i is None:
        return {}
    table = _table(claims, claims[i])
    assert table is not None
    if len(table) > 2:
        p = chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue
    elif rng.random() < 0.5:
        p = chi2_contingency(table, correction=True).pvalue
    else:
        p = fisher_exact(table).pvalue
    return {i: half_up(p, claims[i].decimals)}


def _table(claims: Sequence[Claim], test: Claim) -> np.ndarray | None:
    """The counts of the levels that a P value compares, as they were before the error."""
    rows: dict[str, list[int]] = {}
    totals: list[int] = []
    for name in GROUPS:
        population = f"{test.key.population}[ino={name}]"
        wanted = test.key._replace(population=population, contrast="", statistic="count")
        for claim in claims:
            if claim.key._replace(level="") == wanted and claim.key.level != "missing":
                row = rows.setdefault(claim.key.level, [])
                if len(row) < GROUPS.index(name) + 1:
                    row.append(int(claim.value))
                    totals += [claim.denominator or 0] * (len(totals) <= GROUPS.index(name))
    if not rows or test.key.analysis.startswith("cox"):
        return None
    table = list(rows.values())
    if len(table) == 1:
        table.append([n - x for n, x in zip(totals, table[0], strict=True)])
    counts = np.array(table)
    return counts if counts.sum(axis=1).all() and counts.sum(axis=0).all() else None


KINDS: dict[str, Kind] = {
    "a digit of a percent": _digit_of("proportion"),
    "a count": _points_of("count"),
    "patients moved between levels": _count_moved,
    "the size of a group": _points_of("n"),
    "a digit of a P value": _digit_of("p_value"),
    "a P value of another test": _p_of_another_test,
    "a survival estimate": _points_of("survival"),
    "an end of a survival interval": _points_of("survival_ci_low", "survival_ci_high"),
    "a digit of a hazard ratio": _digit_of("hazard_ratio"),
    "a digit of a hazard ratio's end": _digit_of("hazard_ratio_ci_low", "hazard_ratio_ci_high"),
    "a digit of a median or range": _digit_of("median", "minimum", "maximum"),
}
