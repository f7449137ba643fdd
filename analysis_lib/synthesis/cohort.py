"""The synthetic cohort, step by step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis_lib.synthesis.age import draw_ages
from analysis_lib.synthesis.baseline import draw_baseline, draw_blinatumomab, draw_strata
from analysis_lib.synthesis.calendar import draw_centres, draw_dates
from analysis_lib.synthesis.causes import draw_causes
from analysis_lib.synthesis.columns import COLUMNS
from analysis_lib.synthesis.consolidation import draw_consolidation
from analysis_lib.synthesis.exposure import draw_exposure, draw_leads
from analysis_lib.synthesis.fate import draw_fates
from analysis_lib.synthesis.hospital_stay import draw_hospital_days
from analysis_lib.synthesis.outcome import draw_outcomes
from analysis_lib.synthesis.prior_lines import draw_prior_lines
from analysis_lib.synthesis.response import draw_response
from analysis_lib.synthesis.toxicity import draw_toxicity

Progress = Callable[[str], None]
Step = Callable[[np.random.Generator, pd.DataFrame], pd.DataFrame]

ORIGIN = "synthetic"
ACCESS = "standard_of_care"


def synthesize(seed: int, *, progress: Progress | None = None) -> pd.DataFrame:
    """Build a cohort of 189 invented patients whose counts are those of the article.

    The same seed gives the same cohort; another seed another one with the same counts. Each step
    draws from its own stream, so that a change in one step leaves the others' draws alone.
    Returns the columns of the extract: dates as timestamps, yes/no columns as booleans.
    """
    streams = np.random.default_rng(seed).spawn(len(STEPS) + 2)
    frame = draw_strata(streams[0])
    for stream, (name, step) in zip(streams[1:-1], STEPS.items(), strict=True):
        if progress is not None:
            progress(name)
        frame = step(stream, frame)
    return _finish(streams[-1], frame)


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


STEPS: dict[str, Step] = {
    "baseline": _person,
    "inotuzumab ozogamicin": draw_exposure,
    "leukapheresis and lymphodepletion": draw_leads,
    "response and relapse": draw_fates,
    "survival times": draw_outcomes,
    "consolidation": draw_consolidation,
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
