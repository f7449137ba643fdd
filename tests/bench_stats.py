"""How long the estimators take, and in how much memory: `make bench`. It asserts nothing.

Seconds of one processor and the megabytes that are held beside the data, at 189 patients and up to
a million, each in a process of its own; where Rscript with survival and cmprsk is on the machine,
what the same rows take in R. `python tests/bench_stats.py 189 20000` measures these sizes alone.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_intervals import fit_cox_intervals
from analysis_lib.stats.cox_maximum import infinite_direction
from analysis_lib.stats.cox_robust import fit_weighted_cox, jackknife_errors
from analysis_lib.stats.cumulative_incidence import cumulative_incidence
from analysis_lib.stats.fine_gray import fit_fine_gray
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.gray_test import gray_test
from analysis_lib.stats.group_tests import chi_square_test, logrank_test, rank_test
from analysis_lib.stats.inputs import SurvivalData
from analysis_lib.stats.kaplan_meier import kaplan_meier, kaplan_meier_intervals
from analysis_lib.stats.propensity import fit_propensity
from analysis_lib.stats.proportional_hazards import proportional_hazards_test
from analysis_lib.stats.restricted_mean import restricted_mean
from analysis_lib.stats.ridge_cox import fit_ridge_cox
from analysis_lib.stats.standardized_difference import continuous_difference
from analysis_lib.stats.weighted_kaplan_meier import weighted_kaplan_meier

SIZES = (189, 2_000, 20_000, 200_000, 1_000_000)
R_SECONDS = 60  # R's crr and robust curves are quadratic: what takes longer is given up
COVARIATES = ["group", "age", "marker"]
COLUMNS = ("time", "event", "other", "entry", "centre", "weight", "age", "marker", "group")


def simulated(n: int) -> pd.DataFrame:
    """Patients of three groups with two causes of failure; no two times are the same."""
    rng = np.random.default_rng(20240823)
    codes, age = rng.integers(0, 3, n), rng.normal(50, 15, n)
    marker = rng.normal(size=n)
    hazard = np.exp(0.3 * (codes == 1) - 0.2 * (codes == 2) + 0.01 * (age - 50) + 0.2 * marker)
    waits = rng.exponential(size=(3, n)) / np.array([hazard, np.full(n, 0.4), np.full(n, 0.5)])
    first = waits.argmin(axis=0)
    stop = waits.min(axis=0) * 24
    return pd.DataFrame(
        {
            "time": stop,
            "event": first == 0,
            "other": first == 1,
            "entry": stop * rng.uniform(0, 0.5, n),
            "centre": rng.integers(0, 50, n),
            "weight": rng.uniform(0.5, 2, n),
            "age": age,
            "marker": marker,
            "group": pd.Categorical.from_codes(codes, ["a", "b", "c"]),
        }
    )


def separated(x: pd.DataFrame) -> object:
    """The search for an infinite coefficient, where a covariate nearly orders the events."""
    matrix = np.column_stack([-x["time"] + x["marker"] / 100, x["age"], x["marker"]])
    data = SurvivalData(x["time"].to_numpy(), x["event"].to_numpy())
    return infinite_direction(data, matrix, np.zeros(len(x), dtype=np.int64))


def differences(x: pd.DataFrame) -> object:
    return continuous_difference(x["age"][x["group"] == "a"], x["age"][x["group"] == "b"])


# Name, call, and the same in R.
ESTIMATORS: tuple[tuple[str, Callable[[pd.DataFrame], object], str], ...] = (
    ("Kaplan-Meier", lambda x: kaplan_meier(x["time"], x["event"]),
     'survfit(Surv(time, event) ~ 1, conf.type = "log-log")'),
    ("Kaplan-Meier, late entry",
     lambda x: kaplan_meier_intervals(x["entry"], x["time"], x["event"]),
     'survfit(Surv(entry, time, event) ~ 1, conf.type = "log-log")'),
    ("Kaplan-Meier, weighted",
     lambda x: weighted_kaplan_meier(x["time"], x["event"], x["weight"]),
     "survfit(Surv(time, event) ~ 1, weights = weight, robust = TRUE)"),
    ("restricted mean", lambda x: restricted_mean(x["time"], x["event"], 12.0),
     "summary(survfit(Surv(time, event) ~ 1), rmean = 12)"),
    ("log-rank test", lambda x: logrank_test(x["time"], x["event"], x["group"]),
     "survdiff(Surv(time, event) ~ group)"),
    ("Cox model", lambda x: fit_cox(x["time"], x["event"], x[COVARIATES]),
     "coxph(Surv(time, event) ~ group + age + marker)"),
    ("Cox model, pieces of time",
     lambda x: fit_cox_intervals(
         x["entry"], x["time"], x["event"], x[COVARIATES], patient=np.arange(len(x))),
     "coxph(Surv(entry, time, event) ~ group + age + marker)"),
    ("Cox model, weighted",
     lambda x: fit_weighted_cox(x["time"], x["event"], x[COVARIATES], x["weight"]),
     "coxph(Surv(time, event) ~ group + age + marker, weights = weight, robust = TRUE)"),
    ("Cox model, errors by centre",
     lambda x: jackknife_errors(
         fit_cox(x["time"], x["event"], x[COVARIATES]),
         x["time"], x["event"], x[COVARIATES], x["centre"], columns=[("age", "")]),
     "for (g in unique(centre)) coxph(Surv(time, event) ~ group + age + marker,"
     " subset = centre != g)"),
    ("Cox model, ridge",
     lambda x: fit_ridge_cox(x["time"], x["event"], x[COVARIATES], theta=10),
     "coxph(Surv(time, event) ~ group + ridge(age, marker, theta = 10))"),
    ("Cox model, Firth",
     lambda x: fit_firth_cox(x["time"], x["event"], x[COVARIATES], profiled="group"), ""),
    ("proportional hazards",
     lambda x: proportional_hazards_test(x["time"], x["event"], x[COVARIATES]),
     'cox.zph(coxph(Surv(time, event) ~ group + age + marker), transform = "km")'),
    ("separation", separated, ""),
    ("cumulative incidence",
     lambda x: cumulative_incidence(x["time"], x["event"], x["other"]),
     "cuminc(time, cause)"),
    ("Gray's test", lambda x: gray_test(x["time"], x["event"], x["other"], x["group"]),
     "cuminc(time, cause, group)"),
    ("Fine-Gray model",
     lambda x: fit_fine_gray(x["time"], x["event"], x["other"], x[COVARIATES]),
     "crr(time, cause, model.matrix(~ group + age + marker)[, -1])"),
    ("propensity of two groups",
     lambda x: fit_propensity(x["event"], x[["age", "marker"]]),
     "glm(event ~ age + marker, family = binomial)"),
    ("rank test", lambda x: rank_test(x["age"], x["group"]), "kruskal.test(age ~ group)"),
    ("chi-square test", lambda x: chi_square_test(pd.crosstab(x["group"], x["event"])),
     "chisq.test(table(group, event), correct = FALSE)"),
    ("standardised difference", differences, ""),
)  # fmt: skip

SCRIPT = """
suppressMessages({{library(survival); library(cmprsk)}})
x <- as.data.frame(matrix(readBin("{file}", "double", {n} * {k}), ncol = {k}))
names(x) <- c({names})
x$group <- factor(x$group); x$cause <- x$event + 2 * x$other
attach(x)
cat(sum(system.time({call})[c("user.self", "sys.self")]))
"""


def measure(name: str, n: int) -> tuple[float, float]:
    """Seconds and megabytes of one estimator; the least of up to five runs."""
    run = next(call for label, call, _ in ESTIMATORS if label == name)
    table = simulated(n)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds: list[float] = []
    while len(seconds) < 5 and sum(seconds) < 2:
        start = time.process_time()
        run(table)
        seconds.append(time.process_time() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return min(seconds), (after - before) / 1024


def measure_in_r(call: str, n: int, file: Path) -> float:
    """Seconds of one estimator in R; nan where it takes too long or is not there."""
    names = ", ".join(f'"{x}"' for x in COLUMNS)
    script = SCRIPT.format(file=file, n=n, k=len(COLUMNS), names=names, call=call)
    try:
        done = subprocess.run(
            ["Rscript", "-e", script], capture_output=True, text=True, timeout=R_SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return float("nan")
    return float(done.stdout)


def main(sizes: tuple[int, ...], folder: Path) -> None:
    known = {name: call for name, _, call in ESTIMATORS if call and shutil.which("Rscript")}
    for n in sizes:
        table, file = simulated(n), folder / "rows"
        table["group"] = table["group"].cat.codes
        table[list(COLUMNS)].to_numpy(dtype=float).T.tofile(file)
        print(f"{f'{n:,} patients':<30}{'seconds':>10}{'MB':>8}{'R':>10}{'R / ours':>10}")
        for name, _, _ in ESTIMATORS:
            with multiprocessing.get_context("spawn").Pool(1) as one:
                seconds, megabytes = one.apply(measure, (name, n))
            r = measure_in_r(known[name], n, file) if name in known else float("nan")
            if np.isnan(r):  # and of more patients it takes longer
                known.pop(name, None)
            row = f"{name:<30}{seconds:>10.4f}{megabytes:>8.0f}{r:>10.3f}{r / seconds:>10.1f}"
            print(row.replace("nan", "  -"), flush=True)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as made:
        main(tuple(int(x) for x in sys.argv[1:]) or SIZES, Path(made))
