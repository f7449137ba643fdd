"""The synthetic cohort, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.claims import Claim
from analysis_lib.synthesis.age import draw_ages
from analysis_lib.synthesis.annealing import Found, best_of
from analysis_lib.synthesis.association_search import search_associations
from analysis_lib.synthesis.baseline import draw_baseline, draw_blinatumomab, draw_strata
from analysis_lib.synthesis.calendar import draw_centres, draw_dates
from analysis_lib.synthesis.causes import draw_causes
from analysis_lib.synthesis.columns import COLUMNS
from analysis_lib.synthesis.consolidation import draw_consolidation, draw_consolidation_days
from analysis_lib.synthesis.exposure import draw_exposure, draw_leads
from analysis_lib.synthesis.fate import draw_fates
from analysis_lib.synthesis.hospital_stay import draw_hospital_days
from analysis_lib.synthesis.joint_search import search_jointly
from analysis_lib.synthesis.outcome import draw_outcomes
from analysis_lib.synthesis.prior_lines import draw_prior_lines
from analysis_lib.synthesis.response import draw_response
from analysis_lib.synthesis.survival_search import search_survival
from analysis_lib.synthesis.toxicity import draw_toxicity

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
    draws alone. Returns the columns of the extract: dates as timestamps, yes/no columns as
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
    return _finish(streams[-1], frame)


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
    """Name the patients and keep the extract's columns."""
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
    return frame[list(COLUMNS)]
