"""Bias and coverage of the standardised differences where the truth is known.

    python tests/simulate_standardised.py [COHORTS]

Cohorts of the size of the report's draw two covariates, an exposure that depends on both, and
times of proportional hazards that depend on all three; data are locked on one day. Each estimator
is given the right models, a wrong outcome model, a wrong propensity, or two wrong ones: wrong is
without the second covariate. `tests/reference/golden/standardised_simulation.csv` holds the
performance, a line
an estimator and scenario; it takes some minutes and is no part of the suite, which reads that file.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from analysis_lib.stats.many_curves import draw_counts, step_values
from analysis_lib.stats.standardised_survival import OVERLAP, Compared, standardised_curves
from analysis_lib.topics.standardised.estimators import Drawn

FILE = Path(__file__).parent / "reference" / "golden" / "standardised_simulation.csv"
COLUMNS = (
    "scenario", "resampled", "estimator", "cohorts", "truth", "bias", "bias_mc_error", "coverage",
    "coverage_mc_error", "empirical_std_error",
)  # fmt: skip
PATIENTS, CENTRES, RESAMPLES, TIME = 172, 31, 200, 12.0
HAZARD, LOG_RATIO, ON_HAZARD, ON_EXPOSURE = 0.035, 0.4, (0.5, 0.6), (0.8, 0.7)
FOLLOWED = (6.0, 30.0)  # months from infusion to the lock, evenly


@dataclass(frozen=True)
class Scenario:
    """Which covariates the outcome model and the propensity hold, and the true log hazard ratio."""

    name: str
    outcome: tuple[int, ...] = (0, 1)
    propensity: tuple[int, ...] = (0, 1)
    log_ratio: float = LOG_RATIO


SCENARIOS = (
    Scenario("both models right"),
    Scenario("both models right, no effect", log_ratio=0.0),
    Scenario("outcome model wrong", outcome=(0,)),
    Scenario("propensity wrong", propensity=(0,)),
    Scenario("both models wrong", outcome=(0,), propensity=(0,)),
)


def covariates(random: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """One yes/no and one continuous covariate, and the chance to be exposed."""
    found = np.array([random.random(n) < 0.4, random.normal(size=n)], dtype=float)
    linear = np.array(ON_EXPOSURE) @ found - 0.4
    return found, 1 / (1 + np.exp(-linear))


def drawn(random: np.random.Generator, scenario: Scenario) -> Compared:
    """One cohort, with what its models may hold."""
    x, chance = covariates(random, PATIENTS)
    group = (random.random(PATIENTS) < chance).astype(np.int64)
    rate = HAZARD * np.exp(scenario.log_ratio * group + np.array(ON_HAZARD) @ x)
    time, lock = random.exponential(1 / rate), random.uniform(*FOLLOWED, PATIENTS)
    return Compared(
        np.minimum(time, lock),
        time <= lock,
        group,
        2,
        x[list(scenario.outcome)],
        np.column_stack([np.ones(PATIENTS), *x[list(scenario.propensity)]]),
    )


@cache
def truth(log_ratio: float, *, overlap: bool) -> float:
    """The difference of survival of everyone, or of those whom overlap weights describe."""
    x, chance = covariates(np.random.default_rng(1), 2_000_000)
    hazard = HAZARD * TIME * np.exp(np.array(ON_HAZARD) @ x)
    difference = np.exp(-hazard * np.exp(log_ratio)) - np.exp(-hazard)
    return float(np.average(difference, weights=chance * (1 - chance) if overlap else None))


def differences(of: Compared, counts: np.ndarray) -> dict[str, np.ndarray]:
    """Each estimator's difference at the time in each resample."""
    found = {}
    for name, curves in standardised_curves(of, counts).items():
        at = step_values(curves, of.grid.times, np.array([TIME]))[..., 0]
        found[name] = at[:, 1] - at[:, 0]
    return found


def simulate(
    scenario: Scenario, cohorts: int, *, by_centre: bool = False
) -> Iterator[list[object]]:
    """The performance of each estimator."""
    random = np.random.default_rng([20231030, SCENARIOS.index(scenario)])
    everyone = np.ones((1, PATIENTS), dtype=np.int64)
    estimates: dict[str, list[float]] = {}
    holds: dict[str, list[bool]] = {}
    for _ in range(cohorts):
        of = drawn(random, scenario)
        centres = random.permutation(np.arange(PATIENTS) % CENTRES) if by_centre else None
        counts = draw_counts(random, RESAMPLES, PATIENTS, centres)
        tail = Drawn(counts, CENTRES if by_centre else PATIENTS, by_centre).tail(0.95)
        whole, resampled = differences(of, everyone), differences(of, counts)
        for name, value in whole.items():
            true = truth(scenario.log_ratio, overlap=name == OVERLAP)
            low, high = np.nanquantile(resampled[name], [tail, 1 - tail])
            estimates.setdefault(name, []).append(float(value[0]))
            holds.setdefault(name, []).append(bool(low <= true <= high))
    for name, values in estimates.items():
        true = truth(scenario.log_ratio, overlap=name == OVERLAP)
        spread, covered = float(np.std(values, ddof=1)), float(np.mean(holds[name]))
        yield [
            scenario.name, "centres" if by_centre else "patients", name, cohorts, true,
            float(np.mean(values)) - true, spread / cohorts**0.5, covered,
            (covered * (1 - covered) / cohorts) ** 0.5, spread,
        ]  # fmt: skip


def main(cohorts: int) -> None:
    with FILE.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        for scenario in SCENARIOS:
            for line in simulate(scenario, cohorts):
                writer.writerow(line)
            handle.flush()
        for line in simulate(SCENARIOS[0], cohorts, by_centre=True):
            writer.writerow(line)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
