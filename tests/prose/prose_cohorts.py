"""A hundred seeded cohorts of six families, for whose data every sentence must be true.

Null, reversed and extreme effects, a group without an event, 4 to 15 patients, three groups or
more; among them all of missing values, responders only, no toxicity, and long labels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from edges import FAST
from made_extract import LEVELS, Rates, make_extract

NUMBER = 100
CALM = Rates(death=0.01, relapse=0.01)
HARD = Rates(death=0.25, relapse=0.25, response=0.4)
LONG = {
    "sex": {
        "female": "women of any age, with or without a donor, of every centre that took part (A_1)",
        "male": "men [*] as recorded by the centre & nobody else: 100% of them",
    },
    "prior_hct": {
        "no": "never transplanted before, in short: no HCT",
        "yes": "HCT >= 1, any donor",
    },
    "marrow_status": {
        "active": "marrow with 5% or more of blasts and no treatment since",
        "cr_mrd_positive_or_unknown": "remission, residual disease found or not looked for",
        "cr_mrd_negative": "remission, residual disease looked for and not found",
    },
}
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"confidence_level": 0.9},
    {"endpoints": ["os", "pfs"], "landmarks": [3, 9]},
    {"nonresponse_is_pfs_event": True},
    {"model_population": "infused"},
    {"time_zero": "apheresis_date"},
    {"missing_rule": "missing_as_level", "rmst_months": [6]},
)


@dataclass(frozen=True)
class ProseCohort:
    """An extract with its parameters, and the family that it is of."""

    number: int
    family: str
    table: pd.DataFrame
    parameters: dict[str, Any]


def prose_cohort(number: int) -> ProseCohort:
    """The cohort of a number; its family is the number's remainder by six."""
    random = np.random.default_rng([number, 2024])
    family, make = list(FAMILIES.items())[number % len(FAMILIES)]
    exposure = _exposure(random, family)
    rates = make(random, len(_levels(exposure)))
    missing = float(random.choice([0, 0.03, 0.3]))
    rates = [replace(x, missing=missing) for x in rates]
    if random.random() < 0.15:
        rates = [replace(x, response=1.0) for x in rates]
    sizes = _sizes(random, family, len(rates))
    table = _extract(exposure, rates, sizes, number)
    if random.random() < 0.15:
        table = _without_toxicity(table)
    if random.random() < 0.3:
        table["data_origin"] = "synthetic"
    if number % 4 == 1:
        table = _with_salvage(table)
    return ProseCohort(number, family, table, _parameters(random, exposure, table))


def _with_salvage(table: pd.DataFrame) -> pd.DataFrame:
    """Every second one never consolidated is treated on the day of relapse, or without response."""
    table, free = table.copy(), table["consolidation"] == "none"
    failed = table["response_marrow_blasts_percent"].replace("", "0").astype(float) >= 5
    days = table["relapse_date"].where(table["relapse_date"] != "", table["response_date"])
    chosen = free & (failed | (table["relapse_date"] != "")) & (days != "")
    chosen &= chosen.cumsum() % 2 == 1
    table.loc[chosen, "consolidation"] = "allo_hct"
    table.loc[chosen, "consolidation_date"] = days[chosen]
    early = (table["consolidation"] == "other") & (table["response_date"] != "")
    table.loc[early, "consolidation_date"] = table.loc[early, "infusion_date"]
    return table


def _null(random: np.random.Generator, groups: int) -> list[Rates]:
    return [Rates(death=float(random.choice([0.02, 0.06])))] * groups


def _reversed(_: np.random.Generator, groups: int) -> list[Rates]:
    """The group that fared worse in the article fares better."""
    return [Rates(death=0.08, relapse=0.08, response=0.6), *[CALM] * (groups - 1)]


def _extreme(_: np.random.Generator, groups: int) -> list[Rates]:
    return [replace(CALM, response=1.0), *[HARD] * (groups - 1)]


def _no_event(random: np.random.Generator, groups: int) -> list[Rates]:
    rates = [Rates(death=0.08, relapse=0.1)] * groups
    rates[int(random.integers(groups))] = Rates(death=0, relapse=0)
    return rates


def _several(random: np.random.Generator, groups: int) -> list[Rates]:
    return [Rates(death=float(x)) for x in random.choice([0.01, 0.05, 0.2], groups)]


FAMILIES: dict[str, Callable[[np.random.Generator, int], list[Rates]]] = {
    "null": _null,
    "reversed": _reversed,
    "extreme": _extreme,
    "one group without an event": _no_event,
    "tiny": _null,
    "three groups or more": _several,
}


def _exposure(random: np.random.Generator, family: str) -> str:
    if family == "three groups or more":
        return str(random.choice(["disease_subtype", "marrow_status", "race_ethnicity", "centre"]))
    return str(random.choice(["ino", "ino", "ino", "sex", "prior_hct", "prior_blinatumomab"]))


def _levels(exposure: str) -> tuple[str, ...]:
    return {"ino": ("naive", "exposed"), "centre": ("A", "B", "C", "D")}.get(exposure) or LEVELS[
        exposure
    ]


def _sizes(random: np.random.Generator, family: str, groups: int) -> list[int]:
    if family == "tiny":
        first = int(random.integers(2, 8))
        return [first, *random.integers(2, 8, groups - 1).tolist()]
    return random.integers(12, 90 // groups, groups).tolist()


def _extract(exposure: str, rates: list[Rates], sizes: list[int], seed: int) -> pd.DataFrame:
    """Each group made with its own rates; only the exposure tells them apart."""
    parts = []
    for i, (level, rate, size) in enumerate(zip(_levels(exposure), rates, sizes, strict=True)):
        if exposure == "ino":
            rate = replace(rate, exposed=float(i))
        part = make_extract(size, seed=1000 * seed + i, rates=rate)
        parts.append(part if exposure == "ino" else part.assign(**{exposure: level}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(patient_id=[f"P{i:04d}" for i in range(len(table))])


def _without_toxicity(table: pd.DataFrame) -> pd.DataFrame:
    for name in ("crs", "icans"):
        table = table.assign(**{f"{name}_grade": "0", f"{name}_onset_date": ""})
    return table.assign(tocilizumab="no", steroids="no", anakinra="no")


def _parameters(random: np.random.Generator, exposure: str, table: pd.DataFrame) -> dict[str, Any]:
    chosen = FAST | OPTIONS[int(random.integers(len(OPTIONS)))] | {"exposure": exposure}
    if exposure in LONG:
        chosen["exposure_levels"] = LONG[exposure]
    if not table["response_marrow_blasts_percent"].isin([str(x) for x in range(5)]).any():
        chosen["model_population"] = "infused"  # nobody responded
    return chosen
