"""Single errors put into made-up articles of many designs, and whether arithmetic reveals them.

The judgement is the benchmark's own: numbers are computed forwards, printed under every way of
rounding, denominator, test and scope that the designs draw from, and compared. An error that some
such printing explains is not held against the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from made_designs import KINDS_OF_INTERVAL, TESTS, Z, p_of
from mutations import Mutation
from scipy.stats import norm

from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population

Printed = dict[Key, Claim]
Judge = Callable[[Claim, Printed], bool]


def changed_design(
    claims: Sequence[Claim], kind: str, rng: np.random.Generator
) -> tuple[Mutation, bool] | None:
    """An article with one error of a kind, and whether it is revealable; None without a place."""
    statistics, judge = KINDS[kind]
    places = [
        i
        for i, claim in enumerate(claims)
        if claim.key.statistic in statistics and claim.comparator == "=" and claim.in_scope
        and claim.source == "Table"
    ]  # fmt: skip
    if not places:
        return None
    i = int(rng.choice(places))
    text = _other_digit(claims[i].printed, rng)
    wrong = replace(claims[i], printed=text, value=float(text))
    changed = (*claims[:i], wrong, *claims[i + 1 :])
    printed: Printed = {}
    for claim in changed:
        printed.setdefault(claim.key, claim)
    alone = [claim for claim in changed if claim.key == wrong.key]
    differs = len(alone) > 1 and wrong.key.statistic != "p_value"
    revealable = (differs and not _agree(alone)) or not judge(wrong, printed)
    return Mutation(kind, changed, frozenset({wrong.claim_id})), revealable


def _agree(claims: Sequence[Claim]) -> bool:
    exact = [claim for claim in claims if claim.comparator == "="]
    return all(abs(one.value - exact[0].value) < 1e-12 for one in exact)


def _other_digit(text: str, rng: np.random.Generator) -> str:
    places = [i for i, sign in enumerate(text) if sign.isdigit()]
    place = int(rng.choice(places))
    digits = [d for d in "0123456789" if d != text[place] and not (place == 0 and d == "0")]
    return text[:place] + str(rng.choice(digits)) + text[place + 1 :]


def _share(claim: Claim, printed: Printed) -> bool:
    """Whether some denominator up to the size of the group, or the row, prints the percent."""
    count = printed.get(claim.key._replace(statistic="count"))
    percent = printed.get(claim.key._replace(statistic="proportion"))
    if count is None or percent is None or percent.comparator != "=" or not count.denominator:
        return True
    if count.value > count.denominator:
        return False
    row = sum(
        int(other.value)
        for key, other in printed.items()
        if key._replace(population="") == count.key._replace(population="")
    )
    sizes = {*range(max(1, int(count.value)), count.denominator + 1), max(row, 1)}
    low, step = Fraction(percent.printed), Fraction(1, 10**percent.decimals)
    exact = (Fraction(100 * int(count.value), n) for n in sizes)
    return any(low - step / 2 <= x < low + step for x in exact)


def _ratio(claim: Claim, printed: Printed) -> bool:
    """Whether some estimate in its rounding is the middle of some ends in theirs, or none is."""
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    known = [printed.get(claim.key._replace(statistic=name)) for name in names]
    if any(one is None for one in known):
        return True
    windows = [
        (np.log(max(c.value - 0.5 * 10.0**-c.decimals, 1e-9)),
         np.log(c.value + 0.5 * 10.0**-c.decimals))
        for c in known if c is not None
    ]  # fmt: skip
    (a, b), (low, low_), (high, high_) = windows
    return bool(a <= (low_ + high_) / 2 + 1e-9 and (low + high) / 2 - 1e-9 <= b)


def _survival(claim: Claim, printed: Printed) -> bool:
    """Whether some estimate and error print all three under some type of interval."""
    names = ("survival", "survival_ci_low", "survival_ci_high")
    known = [printed.get(claim.key._replace(statistic=name)) for name in names]
    if any(one is None or one.comparator != "=" for one in known):
        return True
    estimate, low, high = (one for one in known if one is not None)
    if estimate.value in (0, 100) or estimate.value > 100 or high.value > 100:
        return estimate.value <= 100 and low.value <= estimate.value <= high.value
    half = 0.5 * 10.0**-estimate.decimals
    points = np.linspace(max(estimate.value - half, 1e-6), min(estimate.value + half, 100), 41)
    for transform in KINDS_OF_INTERVAL.values():
        for s in points[(points < 100)] / 100:
            with np.errstate(all="ignore"):
                errors = np.linspace(1e-4, 3, 6000)
                ends = [np.clip(100 * np.asarray(x), 0, 100) for x in transform(s, errors, Z)]
            fits = [abs(x - c.value) <= half + 0.02 for x, c in zip(ends, (low, high), strict=True)]
            if (fits[0] & fits[1]).any():
                return True
    return False


def _p_value(claim: Claim, printed: Printed) -> bool:
    """Whether a test of the printed rows, of one against the rest or without one gives it."""
    if claim.key.analysis not in ("baseline_by_exposure",) or not claim.key.contrast:
        return True
    rows: dict[str, dict[str, tuple[int, int]]] = {}
    for key, other in printed.items():
        same = (key.analysis, key.variable, key.statistic)
        if same == ("baseline_by_exposure", claim.key.variable, "count"):
            group = Population.parse(key.population).level
            rows.setdefault(key.level, {})[group] = (int(other.value), other.denominator or 0)
    level, reference = claim.key.contrast.split("_vs_")
    tables = [
        [[cells[g][0] for g in (reference, level)] for name, cells in rows.items()
         if name != "missing" and {level, reference} <= set(cells)]
    ]  # fmt: skip
    counts = np.array(tables[0])
    if len(counts) < 3:  # a row that is not printed may hold the rest
        return True
    tried = [counts]
    for i in range(len(counts)):
        tried.append(np.array([counts[i], counts.sum(axis=0) - counts[i]]))
        tried.append(np.delete(counts, i, axis=0))
    found = [p_of(str(name), table) for table in tried for name in set(TESTS)]
    values = [p for p in found if p is not None and not np.isnan(p)]
    step = 10.0**-claim.decimals
    return any(claim.value - step / 2 - 1e-9 <= p < claim.value + step for p in values)


def _wald(claim: Claim, printed: Printed) -> bool:
    """Whether the P value of a ratio is that of some estimate and error in their rounding."""
    key = claim.key._replace(statistic="hazard_ratio")
    level = key.contrast.split("_vs_")[0] if key.contrast else ""
    low = printed.get(key._replace(level=level, statistic="hazard_ratio_ci_low"))
    high = printed.get(key._replace(level=level, statistic="hazard_ratio_ci_high"))
    if low is None or high is None or low.value <= 0:
        return True
    ends = [
        np.log(np.maximum(c.value + 0.5 * 10.0**-c.decimals * np.linspace(-1, 1, 21), 1e-6))
        for c in (low, high)
    ]
    first, second = ends[0][:, None], ends[1][None, :]
    z = np.abs(first + second) / np.maximum(second - first, 1e-9)
    found = 2 * norm.sf(z * Z)
    half = 0.5 * 10.0**-claim.decimals
    return bool(found.min() - half <= claim.value <= found.max() + 2 * half)


def _any_p(claim: Claim, printed: Printed) -> bool:
    return (
        _wald(claim, printed) if claim.key.analysis.startswith("cox") else _p_value(claim, printed)
    )


KINDS: dict[str, tuple[tuple[str, ...], Judge]] = {
    "a digit of a count": (("count",), _share),
    "a digit of a percent": (("proportion",), _share),
    "a digit of a hazard ratio or its end": (
        ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high"), _ratio,
    ),
    "a digit of a survival estimate or its end": (
        ("survival", "survival_ci_low", "survival_ci_high"), _survival,
    ),
    "a digit of a P value": (("p_value",), _any_p),
}  # fmt: skip
