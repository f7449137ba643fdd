"""The response assessment: day, marrow, blood counts and MRD behind each response."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.synthesis import fate, targets
from analysis_lib.synthesis.allocation import deal_by_score

ASSESSMENT = (24, 35)
SHARE_CRI = 0.35


def draw_response(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the fields of the response assessment; empty, with a reason, where there was none."""
    frame = frame.copy()
    frame["assessed"] = ~frame["fate"].isin(fate.UNASSESSED)
    day = np.clip(np.round(rng.normal(28.5, 2.2, size=len(frame))), *ASSESSMENT)
    frame["response_day"] = pd.Series(day, index=frame.index).where(frame["assessed"])
    _add_marrow(rng, frame)
    _add_blood_counts(rng, frame)
    frame["response_not_evaluable_reason"] = _reasons(frame)
    _add_mrd(rng, frame)
    return frame


def _add_marrow(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    """Responders have < 5% blasts and nothing elsewhere; non-responders a reason for failure."""
    n, responded = len(frame), frame["responded"]
    clear = np.round(4.0 * rng.beta(0.7, 4.0, size=n), 1)
    leukaemic = np.floor(8 + 82 * rng.beta(1.0, 1.3, size=n))
    blasts = pd.Series(np.where(responded, clear, leukaemic), index=frame.index)
    elsewhere = frame["extramedullary_disease"] & ~responded & (rng.uniform(size=n) < 0.6)
    # Extramedullary disease alone is failure too: some of those marrows are clear.
    marrow_clear = elsewhere & (rng.uniform(size=n) < 0.3)
    frame["response_marrow_blasts_percent"] = blasts.mask(marrow_clear, 1.0).where(
        frame["assessed"]
    )
    frame["response_extramedullary_disease"] = elsewhere
    frame["response_circulating_blasts"] = ~responded & (blasts > 40) & (rng.uniform(size=n) < 0.7)


def _add_blood_counts(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    """CR needs > 1000 neutrophils and > 100 000 platelets per microlitre; CRi misses one."""
    n = len(frame)
    incomplete = ~frame["responded"].to_numpy() | (rng.uniform(size=n) < SHARE_CRI)
    low_anc = incomplete & (rng.uniform(size=n) < 0.6)
    low_platelets = incomplete & (~low_anc | (rng.uniform(size=n) < 0.5))
    anc = np.where(low_anc, rng.uniform(100, 990, n), 1050 + 3500 * rng.beta(1.2, 3.0, size=n))
    platelets = np.where(
        low_platelets, rng.uniform(9, 97, n), 104 + 190 * rng.beta(1.2, 2.2, size=n)
    )
    assessed = frame["assessed"]
    frame["response_anc_per_ul"] = pd.Series(np.round(anc, -1), frame.index).where(assessed)
    frame["response_platelets_per_ul"] = pd.Series(
        1000 * np.round(platelets), index=frame.index
    ).where(assessed)


def _reasons(frame: pd.DataFrame) -> pd.Series:
    died = frame["fate"].isin(["early_death", "not_evaluable_death"])
    reason = pd.Series("no_marrow_assessment", index=frame.index)
    return reason.mask(died, "died_before_assessment").mask(frame["assessed"], "")


def _add_mrd(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    """MRD-negative remissions exact by arm; relapse follows MRD more often than not."""
    responders = frame[frame["responded"]]
    score = 0.8 * responders["relapsed"].astype(float)
    status = pd.Series("", index=frame.index, dtype=object)
    status[frame["assessed"]] = "positive"
    status[responders.index] = deal_by_score(rng, responders["arm"], targets.MRD, score=score)
    frame["mrd_status"] = status
    blasts = frame["response_marrow_blasts_percent"]
    frame["response_marrow_blasts_percent"] = blasts.mask(
        status == "negative", (blasts / 4).round(1)
    )
    tested = status.isin(["negative", "positive"])
    method = pd.Series(rng.choice(["flow", "ngs"], p=[0.65, 0.35], size=len(frame)), frame.index)
    pcr = (frame["disease_subtype"] == "ph_positive") & (rng.uniform(size=len(frame)) < 0.4)
    # Residual disease that flow cytometry cannot miss needs no other method.
    obvious = frame["response_marrow_blasts_percent"] >= 5
    frame["mrd_method"] = method.mask(pcr, "pcr").mask(obvious, "flow").where(tested, "")
