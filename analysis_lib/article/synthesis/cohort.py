"""The synthetic cohort, step by step, and the CSV file of its extract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.synthesis import targets
from analysis_lib.article.synthesis.annealing import Found, best_of
from analysis_lib.article.synthesis.association import search_associations
from analysis_lib.article.synthesis.baseline import (
    draw_ages,
    draw_baseline,
    draw_blinatumomab,
    draw_exposure,
    draw_leads,
    draw_prior_lines,
    draw_strata,
)
from analysis_lib.article.synthesis.fate import (
    draw_causes,
    draw_consolidation,
    draw_consolidation_days,
    draw_fates,
    draw_response,
)
from analysis_lib.article.synthesis.outcome import draw_infusion_offset, draw_outcomes
from analysis_lib.article.synthesis.quantities import draw_hospital_days, draw_toxicity
from analysis_lib.article.synthesis.survival_search import search_jointly, search_survival
from analysis_lib.writing import write_text

# Those of the dictionary that this cohort has, in its order. The response is measured, so that
# nothing is recorded in its place.
COLUMNS = (
    "patient_id",
    "data_origin",
    "centre",
    "product_access",
    "age_years",
    "sex",
    "race_ethnicity",
    "disease_subtype",
    "marrow_status",
    "marrow_blasts_percent",
    "extramedullary_disease",
    "cns_involvement",
    "prior_lines",
    "prior_blinatumomab",
    "prior_hct",
    "ino_doses_preapheresis",
    "ino_doses_bridging",
    "ino_response",
    "last_ino_preapheresis_date",
    "last_ino_bridging_date",
    "bridging_therapy",
    "apheresis_date",
    "lymphodepletion_date",
    "infusion_date",
    "crs_grade",
    "crs_onset_date",
    "icans_grade",
    "icans_onset_date",
    "tocilizumab",
    "steroids",
    "anakinra",
    "hospital_days",
    "response_date",
    "response_marrow_blasts_percent",
    "response_circulating_blasts",
    "response_extramedullary_disease",
    "response_anc_per_ul",
    "response_platelets_per_ul",
    "response_not_evaluable_reason",
    "mrd_status",
    "mrd_method",
    "consolidation",
    "consolidation_date",
    "relapse_date",
    "death_date",
    "cause_of_death",
    "last_contact_date",
)


def write_cohort(frame: pd.DataFrame, path: str | Path) -> None:
    """Write ISO dates, yes/no, '' for missing and '\\n' line ends; replace `path` at once."""
    write_text(extract_text(frame), Path(path))


def extract_text(frame: pd.DataFrame) -> str:
    """Render the extract as CSV text."""
    rendered = pd.DataFrame({name: [_cell(value) for value in frame[name]] for name in frame})
    return rendered.to_csv(index=False, lineterminator="\n")


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return str(value)


CENTRES = 31
# Date column and the days from infusion it lies at.
AFTER_INFUSION = {
    "crs_onset_date": "crs_onset_day",
    "icans_onset_date": "icans_onset_day",
    "response_date": "response_day",
    "consolidation_date": "consolidation_day",
    "relapse_date": "relapse_day",
    "last_contact_date": "end_day",
}


def draw_dates(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add every date of the extract."""
    frame = frame.copy()
    offsets = [
        draw_infusion_offset(rng, int(end), not dead)
        for end, dead in zip(frame["end_day"], frame["dead"], strict=True)
    ]
    first = pd.Timestamp(targets.FIRST_INFUSION)
    frame["infusion_date"] = first + pd.to_timedelta(offsets, unit="D")
    infusion = frame["infusion_date"]
    for name, days in AFTER_INFUSION.items():
        frame[name] = _shift(infusion, frame[days])
    frame["death_date"] = frame["last_contact_date"].where(frame["dead"])
    frame["apheresis_date"] = _shift(infusion, -frame["apheresis_lead"])
    frame["lymphodepletion_date"] = _shift(infusion, -frame["lymphodepletion_lead"])
    frame["last_ino_preapheresis_date"] = _shift(
        frame["apheresis_date"], -frame["days_ino_to_apheresis"]
    )
    frame["last_ino_bridging_date"] = _shift(infusion, -frame["days_ino_to_infusion"])
    return frame


def draw_centres(rng: np.random.Generator, patients: int) -> np.ndarray:
    """Deal patients to 31 centres, from one of two dozen down to several of one or two."""
    weights = 1 / (np.arange(CENTRES) + 4.0)
    ideal = (patients - CENTRES) * weights / weights.sum()
    sizes = 1 + np.floor(ideal).astype(int)
    fraction = ideal - np.floor(ideal)
    sizes[np.argsort(-fraction, kind="stable")[: patients - sizes.sum()]] += 1
    labels = rng.permutation([f"C{number:02d}" for number in range(1, CENTRES + 1)])
    return rng.permutation(np.repeat(labels, sizes))


def _shift(start: pd.Series, days: pd.Series) -> pd.Series:
    """Whole days later, missing where they are: pandas rounds what lies in memory for a nan."""
    known = days.dropna().astype("int64")
    return (start[known.index] + pd.to_timedelta(known, unit="D")).reindex(days.index)


Progress = Callable[[str], None]
Step = Callable[[np.random.Generator, pd.DataFrame], pd.DataFrame]

# The seed of data/cohort.csv.
EMBEDDED_SEED = 21
ORIGIN = "synthetic"
ACCESS = "standard_of_care"


@dataclass(frozen=True)
class Effort:
    """Moves that an attempt of each search may spend, and attempts; met goals end both early."""

    survival: int = 30_000
    associations: int = 30_000
    joint: int = 160_000
    attempts: int = 1


def synthesize(
    seed: int,
    *,
    claims: Sequence[Claim],
    effort: Effort = Effort(),
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Build a cohort of 189 invented patients that print what the article prints.

    Counts, medians and the tests of them are exact by construction; survival, hazard ratios and
    the screen are searched for, towards the numbers of `claims`. The same seed gives the same
    cohort; each step draws from its own stream, so that a change in one step leaves the others'
    draws alone. Returns the `COLUMNS` of its extract: dates as timestamps, yes/no columns as
    booleans.

    Raises
    ------
    ClaimsError
        A number that a search aims at is not among the claims.
    ParameterError
        The seed admits no cohort with the printed medians and rank tests.
    """
    say = progress or _silent
    steps = _steps(claims, effort, say)
    streams = np.random.default_rng(seed).spawn(len(steps) + 2)
    frame = draw_strata(streams[0])
    for stream, (name, step) in zip(streams[1:-1], steps.items(), strict=True):
        say(name)
        frame = step(stream, frame)
    return _finish(streams[-1], frame)[list(COLUMNS)]


def _silent(text: str) -> None:
    """Nobody listens."""


def _person(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    frame = draw_baseline(rng, frame)
    frame["age_years"] = draw_ages(rng, frame["arm"])
    frame["prior_lines"] = draw_prior_lines(rng, frame)
    frame["prior_blinatumomab"] = draw_blinatumomab(rng, frame)
    return frame


def _stay(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    frame = draw_toxicity(rng, frame)
    frame["hospital_days"] = draw_hospital_days(rng, frame)
    return frame


def _ending(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    frame = draw_dates(rng, frame)
    frame["cause_of_death"] = draw_causes(rng, frame)
    return frame


def _steps(claims: Sequence[Claim], effort: Effort, say: Progress) -> dict[str, Step]:
    def survive(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
        def attempt(stream: np.random.Generator) -> Found:
            draft = draw_outcomes(stream, frame)
            return search_survival(stream, draft, claims=claims, moves=effort.survival, report=say)

        return best_of(effort.attempts, rng, attempt, report=say)

    def associate(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
        def attempt(stream: np.random.Generator) -> Found:
            draft = draw_consolidation(stream, frame)
            moves = effort.associations
            nearer = search_associations(stream, draft, claims=claims, moves=moves, report=say)
            say("both searches together")
            moves = effort.joint
            return search_jointly(stream, nearer.frame, claims=claims, moves=moves, report=say)

        return best_of(effort.attempts, rng, attempt, report=say)

    return {
        "baseline": _person,
        "inotuzumab ozogamicin": draw_exposure,
        "leukapheresis and lymphodepletion": draw_leads,
        "response and relapse": draw_fates,
        "survival times": survive,
        "consolidation and covariates": associate,
        "days of consolidation": draw_consolidation_days,
        "toxicity": _stay,
        "response assessment": draw_response,
        "dates and causes of death": _ending,
    }


def _finish(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Name the patients and empty what was not known of them."""
    frame = frame.copy()
    frame["patient_id"] = [f"SYN-{number:03d}" for number in range(1, len(frame) + 1)]
    frame["data_origin"] = ORIGIN
    frame["product_access"] = ACCESS
    frame["centre"] = draw_centres(rng, len(frame))
    exposed = frame["arm"] == "exposed"
    frame["ino_response"] = frame["stratum"].where(exposed, "")
    for name in ("crs_grade", "icans_grade"):
        frame[name] = frame[name].where(frame[name] >= 0)
    for name in ("response_circulating_blasts", "response_extramedullary_disease"):
        frame[name] = frame[name].where(frame["assessed"])
    return frame
