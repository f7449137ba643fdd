"""Random valid cohorts: each a registry extract and parameters that go with it, from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from edges import FAST
from made_extract import LEVELS, Rates, make_extract

# Columns that a registry may not have, each with those that would contradict its absence.
MAY_BE_ABSENT = (
    ("data_origin",),
    ("centre",),
    ("product_access",),
    ("marrow_blasts_percent",),
    ("extramedullary_disease", "cns_involvement"),
    ("prior_hct",),
    ("crs_onset_date", "icans_onset_date"),
    ("crs_grade", "crs_onset_date", "icans_grade", "icans_onset_date"),
    ("tocilizumab", "steroids", "anakinra"),
    ("hospital_days",),
    ("mrd_status", "mrd_method"),
    ("consolidation", "consolidation_date"),
    ("cause_of_death",),
    ("lymphodepletion_date",),
    ("response_not_evaluable_reason",),
)
EXPOSURES = ("ino", "ino", "ino", "centre", *LEVELS, "crs_grade_group", "ino_timing", "age_group")
FILTERS = ("sex", "disease_subtype", "marrow_status", "prior_hct")
OPTIONS: dict[str, tuple[Any, ...]] = {
    "endpoints": (["pfs", "os"], ["pfs"], ["os"], ["os", "pfs"]),
    "landmarks": ([6, 12], [3], [1, 2.5], [12]),
    "rmst_months": ([12, 18], [3], [2, 4]),
    "model_population": ("responders", "infused"),
    "missing_rule": ("complete_cases", "missing_as_level"),
    "nonresponse_is_pfs_event": (False, True),
    "minimum_followup_days": (90, 0, 30),
    "minimum_age": (18, 0, 25),
    "confidence_level": (0.95, 0.9, 0.99),
    "entry_p": (0.1, 0.0, 1.0),
    "time_zero": ("infusion_date", "infusion_date", "apheresis_date", "lymphodepletion_date"),
    "as_published_terms": (
        [],
        ["age_decades"],
        ["age_decades", "bridging_therapy", "consolidation"],
    ),
    "baseline_terms": (
        [],
        ["age_decades"],
        ["age_decades", "marrow_blasts_percent", "prior_lines"],
    ),
    "consolidation_landmarks": ([60, 90, 120], [45]),
}


@dataclass(frozen=True)
class RandomCohort:
    """An extract with its parameters; the same from the same seed."""

    seed: int
    table: pd.DataFrame
    parameters: dict[str, Any]


def random_cohort(seed: int) -> RandomCohort:
    """Between 2 and 80 patients, of whom anything a valid extract may hold can be true."""
    random = np.random.default_rng([seed, 20231030])
    rates = Rates(
        death=float(random.choice([0, 0.01, 0.04, 0.1, 0.6])),
        relapse=float(random.choice([0, 0.02, 0.05, 0.3])),
        response=float(random.choice([0.3, 0.7, 0.9, 1])),
        exposed=float(random.choice([0.1, 0.3, 0.5, 0.8])),
        lost=float(random.choice([0, 0.1, 0.6])),
        missing=float(random.choice([0, 0, 0.03, 0.1, 0.4])),
        centres=int(random.integers(1, 6)),
    )
    n = int(
        random.choice([random.integers(2, 16), random.integers(12, 40), random.integers(30, 81)])
    )
    table = make_extract(n, seed=seed, rates=rates)
    if random.random() < 0.3:
        table["data_origin"] = "synthetic"
    parameters = FAST | {
        name: values[random.integers(len(values))]
        for name, values in OPTIONS.items()
        if random.random() < 0.35
    }
    parameters["exposure"] = str(random.choice(EXPOSURES))
    for name in ("as_published_terms", "baseline_terms"):
        if name in parameters:  # the exposure is no covariate of its own
            kept = [term for term in parameters[name] if term != parameters["exposure"]]
            parameters[name] = kept
    if random.random() < 0.15:
        column = str(random.choice([x for x in FILTERS if x != parameters["exposure"]]))
        parameters["include"] = {column: list(LEVELS[column][:-1])}
    if not table["response_marrow_blasts_percent"].isin([str(x) for x in range(5)]).any():
        parameters["model_population"] = "infused"  # nobody responded
    for together in MAY_BE_ABSENT:
        if random.random() < 0.08:
            table = table.drop(columns=[x for x in together if x in table])
    return RandomCohort(seed, table, parameters)


def random_release(seed: int) -> RandomCohort:
    """Between 30 and 200 patients, of as many as a release may be made."""
    random = np.random.default_rng(seed)
    rates = Rates(exposed=float(random.uniform(0.3, 0.7)), missing=float(random.uniform(0.01, 0.1)))
    table = make_extract(int(random.integers(30, 201)), seed=seed, rates=rates)
    return RandomCohort(seed, table, {**FAST, "model_population": "infused"})
