"""Cohorts at the edges: each an extract, its parameters, and whether it must be refused.

Beside them `CHOICES`: parameters under which the embedded cohort gives other tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from made_extract import LOCK, MAY_BE_MISSING, Rates, make_extract

FAST: dict[str, Any] = {"imputations": 2, "bootstrap_resamples": 10, "claims": ""}
CALM = Rates(death=0, relapse=0, missing=0)


@dataclass(frozen=True)
class Edge:
    """`refused` is a part of the message of an extract that cannot give a report; else empty."""

    make: Callable[[], pd.DataFrame]
    refused: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)


def _infused(table: pd.DataFrame, days: int | pd.Series = 0) -> pd.Series:
    """The day so many days after infusion, as text."""
    dates = pd.to_datetime(table["infusion_date"]) + pd.to_timedelta(days, unit="D")
    return dates.dt.strftime("%Y-%m-%d")


def _ended(table: pd.DataFrame, days: int, *, died: bool) -> pd.DataFrame:
    """The same patients, whose course ends so many days after infusion for all."""
    table = table.copy()
    last = _infused(table, days)
    after = [name for name in table if name.startswith(("response_", "mrd_"))]
    table[[*after, "relapse_date", "consolidation_date"]] = ""
    table["consolidation"] = "none"
    for name in ("crs", "icans"):
        table[f"{name}_onset_date"] = last.where(table[f"{name}_grade"] != "0", "")
    table["hospital_days"] = str(days)
    table["last_contact_date"] = last
    table["death_date"], table["cause_of_death"] = (last, "other") if died else ("", "")
    if died:
        table["response_not_evaluable_reason"] = "died_before_assessment"
    return table


def _dead_on(day: int) -> Callable[[], pd.DataFrame]:
    return lambda: _ended(make_extract(24, seed=11), day, died=True)


def _empty(name: str) -> Callable[[], pd.DataFrame]:
    return lambda: make_extract(40, seed=12).assign(**{name: ""})


def _two(seed: int) -> pd.DataFrame:
    """One patient of each group, both responders."""
    table = make_extract(60, seed=seed, rates=Rates(response=1.0, missing=0))
    exposed = table["ino_response"] != ""
    assessed = table["response_date"] != ""
    pair = [table[exposed & assessed].head(1), table[~exposed & assessed].head(1)]
    return pd.concat(pair, ignore_index=True)


def _constant() -> pd.DataFrame:
    table = make_extract(40, seed=13, rates=Rates(missing=0))
    for name in MAY_BE_MISSING:
        table[name] = table[name].iloc[0]
    exposed_by_bridging = table["ino_doses_bridging"] != "0"
    bridging = "yes" if exposed_by_bridging.any() else "no"
    return table.assign(age_years="50", bridging_therapy=bridging)


def _separated() -> pd.DataFrame:
    """All exposed die and nobody else does; three covariates are the exposure again."""
    table = make_extract(40, seed=14, rates=Rates(death=0, relapse=0, lost=0, missing=0))
    exposed = table["ino_response"] != ""
    last = _infused(table, pd.Series(np.arange(40) + 200, table.index))
    room = last < LOCK
    dead = exposed & room
    table = table[~exposed | room].copy()
    table.loc[dead, "death_date"] = last[dead]
    table.loc[dead, "last_contact_date"] = last[dead]
    table.loc[dead, "cause_of_death"] = "leukemia"
    for name in ("sex", "prior_hct", "marrow_status"):
        levels = {"sex": ("male", "female"), "prior_hct": ("yes", "no")}.get(
            name, ("active", "cr_mrd_negative")
        )
        table[name] = np.where(exposed[table.index], *levels)
    late = table["consolidation_date"] > table["last_contact_date"]
    table.loc[late, ["consolidation", "consolidation_date"]] = ["none", ""]
    return table


def _non_ascii() -> pd.DataFrame:
    table = make_extract(30, seed=15)
    table["patient_id"] = [f"Pátient-患者-{i}" for i in range(len(table))]
    table["centre"] = np.resize(["Zürich", "København", "北京 <b>&\"'*_|$^{}[]"], len(table))
    return table


def _relapse_on_day_0() -> pd.DataFrame:
    table = make_extract(30, seed=16, rates=Rates(relapse=0.2, missing=0))
    relapsed = table["relapse_date"] != ""
    for name in ("response_date", "relapse_date"):
        table.loc[relapsed, name] = table.loc[relapsed, "infusion_date"]
    table.loc[relapsed, ["consolidation", "consolidation_date"]] = ["none", ""]
    return table


def _same_day_death() -> pd.DataFrame:
    table = make_extract(30, seed=17)
    return pd.concat([_ended(table.head(6), 0, died=True), table.iloc[6:]], ignore_index=True)


def _long() -> pd.DataFrame:
    """Infused in 2011, followed until 2025."""
    table = make_extract(30, seed=18, rates=Rates(death=0, relapse=0, missing=0, lost=0))
    for name in [x for x in table if x.endswith("_date")]:
        given = table[name] != ""
        moved = pd.to_datetime(table.loc[given, name]) - pd.Timedelta(days=3800)
        table.loc[given, name] = moved.dt.strftime("%Y-%m-%d")
    died = np.arange(len(table)) % 3 == 0
    last = pd.Series("2025-06-30", table.index)
    last[died] = _infused(table, pd.Series(np.arange(len(table)) * 120 + 300, table.index))[died]
    table["last_contact_date"] = last
    table.loc[died, "death_date"], table.loc[died, "cause_of_death"] = last[died], "other"
    return table


def _dated(year: str) -> pd.DataFrame:
    table = make_extract(20, seed=19)
    return table.assign(infusion_date=table["infusion_date"].str.replace("20", year, n=1))


INFUSED = {"model_population": "infused"}
LONG = {"infusion_start": "2010-01-01", "data_lock": "2025-06-30"}
EDGES = {
    "one patient": Edge(lambda: make_extract(1, seed=1), "a comparison needs two", INFUSED),
    "two patients": Edge(lambda: _two(2), parameters=INFUSED),
    "two patients, both responders": Edge(lambda: _two(3)),
    "three patients": Edge(lambda: make_extract(3, seed=20), parameters=INFUSED),
    "nobody exposed": Edge(
        lambda: make_extract(30, seed=4, rates=Rates(exposed=0)), "a comparison needs two"
    ),
    "one of three levels empty": Edge(
        lambda: make_extract(30, seed=5).replace({"disease_subtype": {"ph_like": "ph_negative"}}),
        parameters={"exposure": "disease_subtype"},
    ),
    "no events": Edge(lambda: make_extract(40, seed=6, rates=CALM)),
    "nobody responded": Edge(
        lambda: make_extract(40, seed=7, rates=Rates(response=0)), "model_population"
    ),
    "nobody responded, models in all": Edge(
        lambda: make_extract(40, seed=7, rates=Rates(response=0)), parameters=INFUSED
    ),
    "dead on day 1": Edge(_dead_on(1), parameters=INFUSED),
    "dead on day 0": Edge(_dead_on(0), parameters=INFUSED),
    "all censored on day 100": Edge(
        lambda: _ended(make_extract(24, seed=8), 100, died=False), parameters=INFUSED
    ),
    **{f"{name} is missing in all": Edge(_empty(name)) for name in MAY_BE_MISSING},
    "one centre": Edge(lambda: make_extract(40, seed=9, rates=Rates(centres=1))),
    "200 centres": Edge(
        lambda: make_extract(400, seed=10, rates=Rates(centres=200)),
        "can be told apart",
        {"exposure": "centre"},
    ),
    "every patient another centre": Edge(
        lambda: make_extract(40, seed=10).assign(centre=[f"C{i}" for i in range(40)])
    ),
    "six centres": Edge(
        lambda: make_extract(60, seed=21, rates=Rates(centres=6)), parameters={"exposure": "centre"}
    ),
    "constant covariates": Edge(_constant),
    "separation": Edge(_separated),
    "ids and codes beyond ASCII": Edge(_non_ascii, parameters={"exposure": "centre"}),
    "duplicated rows": Edge(
        lambda: pd.concat([make_extract(20, seed=22)] * 2, ignore_index=True), "unique"
    ),
    "infused in 1900": Edge(lambda: _dated("19"), "infusion_date"),
    "infused in 2100": Edge(lambda: _dated("21"), "infusion_date"),
    "relapse on day 0": Edge(_relapse_on_day_0),
    "death on the day of infusion": Edge(_same_day_death),
    "no day in hospital": Edge(lambda: make_extract(30, seed=23).assign(hospital_days="0")),
    "followed for 13 years": Edge(_long, parameters=LONG),
}

PH_NEGATIVE = {"disease_subtype": ["ph_negative"]}
NO_MODEL: dict[str, Any] = {"endpoints": ["os"], "candidates": [], "as_published_terms": []}
CHOICES: dict[str, dict[str, Any]] = {
    "three groups, one endpoint": {"exposure": "disease_subtype", "endpoints": ["os"]},
    "other times, events and levels": {
        "landmarks": [3, 9],
        "nonresponse_is_pfs_event": True,
        "confidence_level": 0.9,
    },
    "models in all, missing as a level": {
        "model_population": "infused",
        "missing_rule": "missing_as_level",
    },
    "prior blinatumomab": {"exposure": "prior_blinatumomab"},
    "a subgroup": {"include": PH_NEGATIVE, "exposure": "prior_blinatumomab"},
    "race and ethnicity": {"exposure": "race_ethnicity"},
    "marrow status": {"exposure": "marrow_status"},
    "grades of CRS": {"exposure": "crs_grade_group"},
    "centres": {"exposure": "centre", **NO_MODEL},
}
