"""Can any survival data print these curves and hazard ratios? Grids, printed and compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import norm

from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

Floats = NDArray[np.float64]
Z = norm.isf(0.025)
TRIPLE = ("survival", "survival_ci_low", "survival_ci_high")
RATIO = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
FORWARD: dict[str, Callable[[Floats, Floats], tuple[Floats, Floats]]] = {
    "plain": lambda s, e: (s - Z * e, s + Z * e),
    "log": lambda s, e: (s * np.exp(-Z * e / s), s * np.exp(Z * e / s)),
    "log-log": lambda s, e: (
        s ** np.exp(-Z * e / (s * np.log(s))),
        s ** np.exp(Z * e / (s * np.log(s))),
    ),
    "logit": lambda s, e: (
        1 / (1 + (1 - s) / s * np.exp(Z * e / (s * (1 - s)))),
        1 / (1 + (1 - s) / s * np.exp(-Z * e / (s * (1 - s)))),
    ),
    "arcsine": lambda s, e: (
        np.sin(np.maximum(_angle(s) - Z * e / 2 / np.sqrt(s * (1 - s)), 0)) ** 2,
        np.sin(np.minimum(_angle(s) + Z * e / 2 / np.sqrt(s * (1 - s)), np.pi / 2)) ** 2,
    ),
}


def _angle(survival: Floats) -> Floats:
    return np.arcsin(np.sqrt(survival))


def curves_exist(printed: dict[Key, Claim]) -> bool:
    """Is there one type of interval by which curves that fall and lose patients print all?"""
    curves: dict[Key, list[tuple[Claim, ...]]] = defaultdict(list)
    points: dict[Key, list[Claim]] = defaultdict(list)
    for key, claim in sorted(printed.items(), key=lambda pair: pair[0].time_months or 0):
        if key.statistic == "survival":
            points[key._replace(time_months=None)].append(claim)
            triple = tuple(printed.get(key._replace(statistic=name)) for name in TRIPLE)
            known = tuple(claim for claim in triple if claim is not None)
            if len(known) == len(TRIPLE):
                curves[key._replace(time_months=None)].append(known)
    if any(b.value > a.value for curve in points.values() for a, b in pairwise(curve)):
        return False
    return any(all(_curve_exists(kind, c) for c in curves.values()) for kind in FORWARD)


def _curve_exists(kind: str, curve: list[tuple[Claim, ...]]) -> bool:
    ceiling = float("inf")
    for triple in curve:
        texts = (triple[0].printed, triple[1].printed, triple[2].printed)
        known = _effective(kind, texts, triple[0].denominator or 0)
        if known is None or known[0] > ceiling:
            return False
        ceiling = min(ceiling, known[1])
    return True


@lru_cache(maxsize=65536)
def _effective(kind: str, texts: tuple[str, str, str], patients: int) -> tuple[float, float] | None:
    """The smallest and largest S(1 - S)/SE² of at most `patients` that prints a triple."""
    value, low, high = (float(text) for text in texts)
    survival = np.clip((value + np.linspace(-0.5, 0.4999, 61)) / 100, 1e-6, 1 - 1e-6)[:, None]
    sizes = np.geomspace(2, patients, 400)[None, :]
    error = np.sqrt(survival * (1 - survival) / sizes)
    ends = FORWARD[kind](survival, error)
    close = [
        np.abs(np.clip(100 * end, 0, 100) - wanted) <= 0.5 + 1e-9
        for end, wanted in zip(ends, (low, high), strict=True)
    ]
    fitting = (close[0] & close[1]).any(axis=0)
    if not fitting.any():
        return None
    return float(sizes[0, fitting].min()), float(sizes[0, fitting].max())


def ratios_exist(printed: dict[Key, Claim]) -> bool:
    for key, claim in printed.items():
        if key.statistic == "hazard_ratio":
            ends = [printed[key._replace(statistic=name)].printed for name in RATIO[1:]]
            p = printed.get(key._replace(statistic="p_value"))
            texts = (p.comparator, p.printed) if p else ("", "")
            if not _wald_exists(claim.printed, ends[0], ends[1], *texts):
                return False
    return True


@lru_cache(maxsize=65536)
def _wald_exists(ratio: str, low: str, high: str, comparator: str, p: str) -> bool:
    """A grid of log hazard ratios and standard errors, printed and compared."""
    value, wanted = float(ratio), (float(low), float(high))
    if value <= 0 or wanted[0] <= 0 or wanted[1] <= 0:
        return False
    estimate = np.log(np.linspace(max(value - 0.005, 1e-4), value + 0.00499, 61))[:, None]
    about = np.log(wanted[1] / wanted[0]) / (2 * Z)
    error = about * np.linspace(0.5, 1.7, 1200)[None, :]
    fitting = np.full((61, 1200), about > 0)
    for sign, end in zip((-1, 1), wanted, strict=True):
        fitting &= np.abs(np.exp(estimate + sign * Z * error) - end) <= 0.005 + 1e-9
    if p:
        found = 2 * ndtr(-np.abs(estimate / error))
        half = 0.5 * 10.0 ** -len(p.partition(".")[2])
        fitting &= (
            found < float(p) if comparator == "<" else np.abs(found - float(p)) <= half + 1e-9
        )
    return bool(fitting.any())
