"""Each adjusted estimate of the embedded cohort beside the R script that derives it on its own.

    python tests/agreement_with_r.py

writes `tests/reference/agreement.csv`: how many numbers were compared and how far apart they are at
most, relatively where both are deterministic, in Monte Carlo errors of the difference where each is
drawn. The tests of each topic hold the same; this is the table of it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from math import hypot
from pathlib import Path
from typing import Any

from analysis_lib.parameters.definitions import Parameters
from analysis_lib.results.rows import Key
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics import consolidation, standardised, unmeasured
from analysis_lib.topics.consolidation.cloned import ANALYSIS, CAUSES
from analysis_lib.topics.standardised.estimators import LABELS

REFERENCE = Path(__file__).parent / "reference"
GROUPS = {"0": "naive", "1": "exposed"}
ENDS = ("value", "ci_low", "ci_high")
Row = dict[str, str]
# What is compared, ours, R's, and the Monte Carlo error of R where it has one.
Compared = tuple[str, float, float, float]


def golden(name: str) -> Iterator[Row]:
    with (REFERENCE / "golden" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def of_standardised(study: Study) -> Iterator[Compared]:
    found = {x: standardised.survival(study, x) for x in study.parameters.endpoints}
    for row in golden("standardised_cohort"):
        one, time = found[row["data"]], float(row["time"])
        differs = row["statistic"].endswith("_difference")
        at = one.contrast if differs else one.of_group
        key = at(row["estimator"], GROUPS[row["group"]], time)
        label = LABELS[row["estimator"]]
        yield label, one.results.value(key, row["statistic"]), float(row["value"]), 0.0
        for end in ENDS[1:] if row["ci_low"] else ():
            ours = one.results.value(key, f"{row['statistic']}_{end}")
            error = float(row[f"{end}_mc_error"])
            yield f"{label}, ends of the interval", ours, float(row[end]), error


def of_strategies(study: Study) -> Iterator[Compared]:
    found = {x: consolidation.strategies(study, x) for x in study.parameters.endpoints}
    for row in golden("cloned_cohort"):
        one = found[row["data"]]
        key = one.of_strategy(row["strategy"], float(row["time"]))
        if row["cause"]:
            key = key._replace(analysis=f"{ANALYSIS}_{CAUSES[int(row['cause']) - 1]}")
        ours = one.results.value(key, row["statistic"])
        yield "cloned, censored and weighted", ours, float(row["value"]), 0.0


def of_unmeasured(study: Study) -> Iterator[Compared]:
    found = {x: unmeasured.yardstick(study, x) for x in study.parameters.endpoints}
    controls = unmeasured.controls(study)
    for row in golden("unmeasured"):
        results, key, statistic, label = _unmeasured_key(found, controls, row)
        for end in ENDS:
            name = statistic if end == "value" else f"{statistic}_{end}"
            yield label, results.value(key, name), float(row[end]), 0.0


def _unmeasured_key(found: Any, controls: Any, row: Row) -> tuple[Any, Key, str, str]:
    crude = row["analysis"].endswith("_crude")
    if row["outcome"] == "icans":
        key = controls.of_outcome("exposed", crude=crude)
        return controls.results, key, "odds_ratio", "negative control outcome"
    if row["analysis"].startswith("control"):
        key = controls.of_exposure(row["outcome"], "yes", crude=crude)
        return controls.results, key, "hazard_ratio", "negative control exposure"
    one = found[row["outcome"]]
    if row["analysis"] == "supposed":
        key = one.supposed(1, 1, "exposed")._replace(level=row["name"])
        return one.results, key, "hazard_ratio", "beside a supposed confounder"
    beside = "_beside_another" if row["analysis"] == "beside" else ""
    label = "beside another covariate as strong" if beside else "without a covariate"
    return one.results, one.without(row["name"], "exposed"), f"hazard_ratio{beside}", label


SCRIPTS: dict[str, Callable[[Study], Iterator[Compared]]] = {
    "standardised.R": of_standardised,
    "cloned.R": of_strategies,
    "unmeasured.R": of_unmeasured,
}


def lines(study: Study) -> Iterator[list[object]]:
    for script, compare in SCRIPTS.items():
        found: dict[str, list[tuple[float, float, float]]] = {}
        for label, *numbers in compare(study):
            found.setdefault(label, []).append((numbers[0], numbers[1], numbers[2]))
        for label, of in found.items():
            drawn = any(error for *_, error in of)
            apart = (abs(a - b) / (hypot(error, error) if drawn else abs(b)) for a, b, error in of)
            unit = "Monte Carlo errors" if drawn else "relative"
            yield [label, script, len(of), f"{max(apart):.2g}", unit]


if __name__ == "__main__":
    with (REFERENCE / "agreement.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("estimate", "script", "numbers", "apart_at_most", "unit"))
        writer.writerows(lines(make_study(Parameters())))
