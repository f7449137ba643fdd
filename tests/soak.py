"""Cohorts at the edges and at random, as many as one has the time for: `make soak`.

    python tests/soak.py [--cohorts 250] [--first 0] [--only edges|choices|...|released]

A random valid cohort must give a results table, or a refusal for one of the known reasons. A
cohort at an edge must give a whole report without a fault, or its refusal; the embedded cohort
under other parameters a whole results table. From what is released with small counts suppressed,
of random cohorts of 30 to 200 patients and of parts and other exposures of the embedded one,
integer programs recover nothing below the bound. Extracts, mappings and parameter files at random
are answered in words and in time. Exit 1 on any failure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "edges"))
sys.path.insert(0, str(Path(__file__).parent / "results"))

from attacker import attack
from edges import CHOICES, EDGES, FAST
from fuzz_inputs import fuzz
from made_extract import make_extract
from random_cohorts import random_cohort, random_release
from whole_report import REFUSALS, check_choice, check_results, faults_of, open_extract

from analysis_lib.errors import CohortError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.whole import all_results

# All models of a registry's thousands take minutes; of a hundred thousand the chapters without one.
MODELLED, DESCRIBED = 5_000, 100_000
ATTACKED = 30  # random cohorts
BOUNDS = (11, 0)
INPUTS = 2_000  # extracts, mappings and parameter files each
REQUIRED = ("patient_id", "age_years", "infusion_date", "death_date", "last_contact_date")


Try = Callable[[Path], str]


def attempt(seed: int, folder: Path) -> str:
    """What became of one random cohort: `table`, the reason of its refusal, or the failure."""
    given = random_cohort(seed)
    study = open_extract(given.table, folder, given.parameters)
    if isinstance(study, str):
        known = next((reason for reason in REFUSALS if reason in study), "")
        return f"refused: {known}" if known else f"FAILED: {study}"
    assert check_results(study).rows
    return "table"


def attempt_edge(name: str, folder: Path) -> str:
    """What became of one edge: `report`, `refused`, or the failure."""
    edge = EDGES[name]
    study = open_extract(edge.make(), folder, {**FAST, **edge.parameters})
    if isinstance(study, str):
        return "refused" if edge.refused and edge.refused in study else f"FAILED: {study}"
    if edge.refused:
        return "FAILED: must be refused"
    faults = faults_of(study)
    return "report" if not faults else "FAILED: " + "\n".join(dict.fromkeys(faults))


def attempt_choice(name: str) -> str:
    """The results table of the embedded cohort under other parameters."""
    return "table" if check_choice(CHOICES[name]).rows else "FAILED: no rows"


def attempt_lacking(column: str, folder: Path) -> str:
    """The report of an extract that lacks one of the optional columns."""
    table = make_extract(150, seed=2).drop(columns=column)
    study = open_extract(table, folder, FAST)
    if isinstance(study, str):
        known = any(reason in study for reason in REFUSALS)
        return "refused" if known else f"FAILED: {study}"
    faults = faults_of(study)
    return "report" if not faults else "FAILED: " + "\n".join(dict.fromkeys(faults))


def attempt_modelled(folder: Path) -> str:
    """The results table of as many patients as a large registry has."""
    study = open_extract(make_extract(MODELLED, seed=1), folder, FAST)
    if isinstance(study, str):
        return f"FAILED: {study}"
    return f"table of {len(check_results(study).rows)} rows"


def attempt_described(folder: Path) -> str:
    """The chapters on cohort, toxicity and response of very many patients."""
    study = open_extract(make_extract(DESCRIBED, seed=1), folder, FAST)
    faults = (
        [study]
        if isinstance(study, str)
        else faults_of(study, chapters=("cohort", "toxicity", "response"))
    )
    return "three chapters" if not faults else "FAILED: " + "\n".join(faults)


def attempt_inputs(examples: int, folder: Path) -> str:
    """What commands answer to files at random."""
    tally = fuzz(folder, examples)
    if tally.failures:
        return "FAILED: " + "\n".join(tally.failures)
    return f"{tally.tried} inputs answered, the slowest in {tally.slowest:.1f} s"


RELEASED: dict[str, dict[str, Any]] = {
    "embedded": {},
    "prior blinatumomab": {"exposure": "prior_blinatumomab"},
    "prior transplant": {"exposure": "prior_hct"},
    "marrow status": {"exposure": "marrow_status"},
    "disease subtype": {"exposure": "disease_subtype"},
    "bridging therapy": {"exposure": "bridging_therapy"},
    "men": {"include": {"sex": ["male"]}},
    "Ph-negative": {
        "include": {"disease_subtype": ["ph_negative"]},
        "exposure": "prior_blinatumomab",
    },
    "without extramedullary disease": {"include": {"extramedullary_disease": ["no"]}},
}


def attempt_released(parameters: dict[str, Any]) -> str:
    """What an attacker recovers of the embedded cohort, released with other parameters."""
    given = {**FAST, **parameters}
    return _attacked(*(make_study(parse_parameters({**given, "small_cell": x})) for x in BOUNDS))


def attempt_random_release(seed: int, folder: Path) -> str:
    """The same of a random cohort of 30 to 200 patients."""
    made = random_release(seed)
    opened = [
        open_extract(made.table, folder, {**made.parameters, "small_cell": x}) for x in BOUNDS
    ]
    studies = [x for x in opened if isinstance(x, Study)]
    return _attacked(*studies) if len(studies) == len(opened) else "refused"


def _attacked(released: Study, exact: Study) -> str:
    try:
        shown = all_results(released)
    except CohortError:  # a group is smaller than the bound
        return "refused"
    found = attack(released, shown, all_results(exact))
    said = (
        f"{len(released.patients)} patients, {sum(x.suppressed for x in shown)} withheld, "
        f"{len(found.found)} small, {len(found.exact)} exact, {len(found.narrow)} narrow, "
        f"narrowest {min((x.width for x in found.found), default=np.inf):g}"
    )
    return "\n  ".join([f"FAILED: {said}", *map(str, found.narrow)]) if found.narrow else said


def soak(tries: dict[str, Try]) -> int:
    """Run every try, say what became of it, and count the failures."""
    found: Counter[str] = Counter()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, run) in enumerate(tries.items(), start=1):
            began = time.monotonic()
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    outcome = run(Path(folder))
            except Exception:  # a traceback is what is looked for
                outcome = "FAILED: " + traceback.format_exc()
            seconds = time.monotonic() - began
            print(f"{number}/{len(tries)} {name}: {outcome} ({seconds:.1f} s)", flush=True)
            found[outcome.partition(":")[0] if outcome.startswith("FAILED") else outcome] += 1
    for outcome, count in found.most_common():
        print(f"{count:5d}  {outcome}")
    print(f"{sum(found.values())} cohorts in {time.monotonic() - start:.0f} s")
    return 1 if found["FAILED"] else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cohorts", type=int, default=250)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument(
        "--only", choices=("edges", "choices", "lacking", "random", "large", "inputs", "released")
    )
    given = parser.parse_args()
    tries: dict[str, Try] = {}
    if given.only in (None, "random"):
        seeds = range(given.first, given.first + given.cohorts)
        tries |= {f"random {x}": (lambda folder, x=x: attempt(x, folder)) for x in seeds}
    if given.only in (None, "edges"):
        tries |= {x: (lambda folder, x=x: attempt_edge(x, folder)) for x in EDGES}
    if given.only in (None, "choices"):
        tries |= {x: (lambda folder, x=x: attempt_choice(x)) for x in CHOICES}
    if given.only in (None, "lacking"):
        optional = [x for x in make_extract(5, seed=2) if x not in REQUIRED]
        tries |= {
            f"without {x}": (lambda folder, x=x: attempt_lacking(x, folder)) for x in optional
        }
    if given.only in (None, "large"):
        tries[f"{MODELLED} patients"] = attempt_modelled
        tries[f"{DESCRIBED} patients"] = attempt_described
    if given.only in (None, "inputs"):
        tries["inputs at random"] = lambda folder: attempt_inputs(INPUTS, folder)
    if given.only in (None, "released"):
        tries |= {
            f"released: {name}": (lambda folder, x=x: attempt_released(x))
            for name, x in RELEASED.items()
        }
        tries |= {
            f"released: random {x}": (lambda folder, x=x: attempt_random_release(x, folder))
            for x in range(given.first, given.first + ATTACKED)
        }
    return soak(tries)


if __name__ == "__main__":
    sys.exit(main())
