"""How long the parts take: `make bench`. It prints medians; it asserts nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis_lib.parameters.definitions import Parameters
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.proportional_hazards import proportional_hazards_test
from analysis_lib.study.study import make_study
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.whole import all_results

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5


def median_seconds(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def simulated(n: int) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    rng = np.random.default_rng(Parameters().seed)
    group = pd.Categorical.from_codes(rng.integers(0, 3, n), ["a", "b", "c"])
    covariates = pd.DataFrame({"group": group, "age": rng.normal(50, 15, n)})
    time = np.ceil(rng.exponential(400, n))
    return time, rng.random(n) < 0.6, covariates


def main() -> None:
    study = make_study(Parameters(), root=ROOT)
    curves = survival_by_exposure(study, "os")
    rows = [
        ("study from the embedded extract", lambda: make_study(Parameters(), root=ROOT)),
        ("all results of the embedded cohort", lambda: all_results(study)),
        ("one survival comparison", lambda: survival_by_exposure(study, "os")),
        ("one Kaplan-Meier figure as SVG", lambda: plot_kaplan_meier(curves).svg()),
    ]
    for n in (200, 100_000):
        time, event, covariates = simulated(n)
        group = covariates["group"].astype(str)
        rows += [
            (f"Kaplan-Meier, n = {n}", lambda t=time, e=event: kaplan_meier(t, e)),
            (f"log-rank, n = {n}", lambda t=time, e=event, g=group: logrank_test(t, e, g)),
            (f"Cox model, n = {n}", lambda t=time, e=event, x=covariates: fit_cox(t, e, x)),
        ]
    time, event, covariates = simulated(200)
    rows.append(
        (
            "proportional hazards, n = 200",
            lambda: proportional_hazards_test(time, event, covariates),
        )
    )
    print(f"{'median of ' + str(RUNS) + ' runs':<40}{'seconds':>10}")
    for name, run in rows:
        print(f"{name:<40}{median_seconds(run):>10.3f}", flush=True)


if __name__ == "__main__":
    main()
