"""How long the parts take: `make bench`. It prints; it asserts nothing."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis_lib.parameters.definitions import Parameters
from analysis_lib.results.store import FOLDER_VARIABLE
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.proportional_hazards import proportional_hazards_test
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.consolidation.simulated import consolidation_simulation
from analysis_lib.topics.screening.bootstrap import screen_bootstrap
from analysis_lib.topics.screening.numbers import screen_simulation
from analysis_lib.topics.specifications.numbers import specification_curve
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


# Processor seconds in an empty cache when every resample, cohort and specification was fitted
# alone, on the machine on which fitting them together was measured first.
REPEATED = {
    "bootstrap of the screen": (screen_bootstrap, 17.0),
    "simulation of the screen": (screen_simulation, 30.1),
    "simulation of waiting": (consolidation_simulation, 7.1),
    "specification curve": (specification_curve, 15.7),
}


def processor_seconds(run: Callable[[Study], object]) -> float:
    """Of one run with nothing kept from before."""
    study = make_study(Parameters(), root=ROOT)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[FOLDER_VARIABLE] = folder
        start = time.process_time()
        run(study)
        return time.process_time() - start


def repeated() -> None:
    print(f"\n{'processor seconds in an empty cache':<40}{'now':>10}{'each alone':>12}{'times':>8}")
    for name, (run, before) in REPEATED.items():
        now = processor_seconds(run)
        print(f"{name:<40}{now:>10.2f}{before:>12.1f}{before / now:>8.0f}", flush=True)


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
    repeated()


if __name__ == "__main__":
    main()
