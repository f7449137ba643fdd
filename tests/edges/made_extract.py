"""A registry extract from scratch: every column of the dictionary, consistent, seeded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIRST, LAST, LOCK = np.datetime64("2021-10-01"), np.datetime64("2023-07-25"), "2023-10-30"
LEVELS = {
    "sex": ("female", "male"),
    "race_ethnicity": ("non_hispanic_white", "hispanic", "black", "asian", "other"),
    "disease_subtype": ("ph_positive", "ph_like", "ph_negative"),
    "marrow_status": ("active", "cr_mrd_positive_or_unknown", "cr_mrd_negative"),
    "extramedullary_disease": ("no", "yes"),
    "cns_involvement": ("no", "yes"),
    "prior_blinatumomab": ("no", "yes"),
    "prior_hct": ("no", "yes"),
    "bridging_therapy": ("no", "yes"),
}
# What a registry may fail to record without another column's value then contradicting it.
MAY_BE_MISSING = (*LEVELS, "marrow_blasts_percent", "prior_lines", "anakinra", "hospital_days")


@dataclass(frozen=True)
class Rates:
    """How the patients fare: hazards per month, probabilities, and how much is not recorded."""

    death: float = 0.04
    relapse: float = 0.05
    response: float = 0.85
    exposed: float = 0.5
    lost: float = 0.1
    missing: float = 0.03
    centres: int = 4


def make_extract(n: int, *, seed: int, rates: Rates | None = None) -> pd.DataFrame:
    """The extract as text, one row per patient; the same bytes from the same seed."""
    rates = rates or Rates()
    random = np.random.default_rng(seed)
    dates = _dates(random, n, rates)
    columns: dict[str, np.ndarray] = {
        "patient_id": np.array([f"P{i:06d}" for i in range(1, n + 1)], dtype=object),
        "data_origin": np.full(n, "patient", dtype=object),
        "centre": np.array([f"C{i:02d}" for i in random.integers(0, rates.centres, n)], object),
        "product_access": np.full(n, "standard_of_care", dtype=object),
        "age_years": _numbers(random.uniform(18, 82, n), 1),
        **{name: random.choice(levels, n).astype(object) for name, levels in LEVELS.items()},
        "marrow_blasts_percent": _numbers(random.uniform(0, 95, n), 0),
        "prior_lines": random.integers(1, 8, n).astype(str).astype(object),
        **_inotuzumab(random, n, rates, dates),
        **_toxicity(random, n, dates),
        **_response(random, n, rates, dates),
    }
    table = pd.DataFrame(columns | _ends(random, dates))
    bridged = table["ino_doses_bridging"] != "0"
    table.loc[bridged, "bridging_therapy"] = "yes"
    for name in MAY_BE_MISSING:
        table.loc[random.random(n) < rates.missing, name] = ""
    return table


def _text(days: np.ndarray, given: np.ndarray | None = None) -> np.ndarray:
    text = np.datetime_as_string(days.astype("datetime64[D]")).astype(object)
    return text if given is None else np.where(given, text, "").astype(object)


def _numbers(values: np.ndarray, digits: int) -> np.ndarray:
    return np.array([f"{x:.{digits}f}" for x in values], dtype=object)


def _yes(random: np.random.Generator, chosen: np.ndarray) -> np.ndarray:
    return np.where(chosen, "yes", "no").astype(object)


def _days(values: np.ndarray) -> np.ndarray:
    return values.astype(int).astype("timedelta64[D]")


def _dates(random: np.random.Generator, n: int, rates: Rates) -> dict[str, np.ndarray]:
    """Infusion, death, last contact, response and relapse in days; NaT where there is none."""
    lock = np.datetime64(LOCK)
    infusion = FIRST + _days(random.integers(0, int((LAST - FIRST).astype(int)), n))
    room = (lock - infusion).astype(int)
    observed = np.where(random.random(n) < rates.lost, 95 + random.random(n) * 200, room)
    end = np.minimum(observed.astype(int), room)
    to_death = np.ceil(random.exponential(30.4375 / max(rates.death, 1e-9), n))
    died = to_death <= end
    last = infusion + _days(np.where(died, to_death, end))
    to_response = random.integers(26, 33, n)
    assessed = to_response < np.where(died, to_death, end)
    responded = assessed & (random.random(n) < rates.response)
    to_relapse = to_response + np.ceil(random.exponential(30.4375 / max(rates.relapse, 1e-9), n))
    relapsed = responded & (infusion + _days(np.minimum(to_relapse, 1e6)) <= last)
    none = np.datetime64("NaT", "D")
    return {
        "infusion": infusion,
        "death": np.where(died, last, none),
        "last": last,
        "response": np.where(assessed, infusion + _days(to_response), none),
        "responded": responded,
        "relapse": np.where(relapsed, infusion + _days(np.minimum(to_relapse, 1e6)), none),
    }


def _inotuzumab(
    random: np.random.Generator, n: int, rates: Rates, dates: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    exposed = random.random(n) < rates.exposed
    bridged = exposed & (random.random(n) < 0.25)
    before = exposed & (~bridged | (random.random(n) < 0.3))
    apheresis = dates["infusion"] - _days(random.integers(21, 60, n))
    responses = random.choice(["responder", "refractory", "not_reported"], n, p=[0.6, 0.3, 0.1])
    return {
        "ino_doses_preapheresis": np.where(before, random.integers(1, 9, n), 0).astype(str),
        "ino_doses_bridging": np.where(bridged, random.integers(1, 4, n), 0).astype(str),
        "ino_response": np.where(exposed, responses, ""),
        "last_ino_preapheresis_date": _text(apheresis - _days(random.integers(5, 99, n)), before),
        "last_ino_bridging_date": _text(apheresis + _days(random.integers(2, 12, n)), bridged),
        "apheresis_date": _text(apheresis),
        "lymphodepletion_date": _text(dates["infusion"] - _days(np.full(n, 5))),
        "infusion_date": _text(dates["infusion"]),
    }


def _toxicity(
    random: np.random.Generator, n: int, dates: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    columns: dict[str, np.ndarray] = {}
    room = (dates["last"] - dates["infusion"]).astype(int)
    for name, chances in (("crs", [0.2, 0.4, 0.3, 0.1]), ("icans", [0.5, 0.3, 0.1, 0.1])):
        grade = random.choice(4, n, p=chances)
        onset = np.minimum(random.integers(0, 12, n), room)
        columns[f"{name}_grade"] = grade.astype(str).astype(object)
        columns[f"{name}_onset_date"] = _text(dates["infusion"] + _days(onset), grade > 0)
        columns[name] = grade
    severe = (columns.pop("crs") > 1) | (columns.pop("icans") > 1)
    columns |= {
        "tocilizumab": _yes(random, severe),
        "steroids": _yes(random, severe & (random.random(n) < 0.7)),
        "anakinra": _yes(random, random.random(n) < 0.05),
        "hospital_days": np.minimum(random.integers(0, 40, n), room).astype(str).astype(object),
    }
    return columns


def _response(
    random: np.random.Generator, n: int, rates: Rates, dates: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    assessed, responded = ~np.isnat(dates["response"]), dates["responded"]
    died_first = ~assessed & ~np.isnat(dates["death"])
    kind = random.choice(["none", "allo_hct", "tki", "other"], n, p=[0.6, 0.2, 0.1, 0.1])
    begins = dates["response"] + _days(random.integers(5, 90, n))
    ends = np.where(np.isnat(dates["relapse"]), dates["last"], dates["relapse"])
    given = responded & (kind != "none") & (begins < ends)
    blasts = np.where(responded, random.integers(0, 5, n), random.integers(5, 90, n))
    tested = responded & (random.random(n) < 0.9)
    status = np.where(random.random(n) < 0.75, "negative", "positive")

    def of_assessed(values: np.ndarray) -> np.ndarray:
        return np.where(assessed, values, "").astype(object)

    return {
        "response_date": _text(dates["response"], assessed),
        "response_marrow_blasts_percent": of_assessed(blasts.astype(str)),
        "response_circulating_blasts": of_assessed(
            _yes(random, ~responded & (random.random(n) < 0.3))
        ),
        "response_extramedullary_disease": of_assessed(np.full(n, "no", dtype=object)),
        "response_anc_per_ul": of_assessed(random.integers(200, 6000, n).astype(str)),
        "response_platelets_per_ul": of_assessed(random.integers(8_000, 300_000, n).astype(str)),
        "response_not_evaluable_reason": np.where(
            assessed, "", np.where(died_first, "died_before_assessment", "lost_before_assessment")
        ),
        "mrd_status": of_assessed(np.where(tested, status, "not_tested")),
        "mrd_method": np.where(tested, random.choice(["flow", "pcr", "ngs"], n), ""),
        "consolidation": np.where(given, kind, "none"),
        "consolidation_date": _text(begins, given),
    }


def _ends(random: np.random.Generator, dates: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    n, died = len(dates["last"]), ~np.isnat(dates["death"])
    causes = random.choice(["leukemia", "infection", "car_t_toxicity", "sos", "other"], n)
    return {
        "relapse_date": _text(dates["relapse"], ~np.isnat(dates["relapse"])),
        "death_date": _text(dates["death"], died),
        "cause_of_death": np.where(died, causes, ""),
        "last_contact_date": _text(dates["last"]),
    }
