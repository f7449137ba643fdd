"""Main cause of each death, in keeping with relapse, toxicity and transplantation."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Chance that a death of this fate is from leukaemia; infection and other causes share the rest.
LEUKAEMIA = {
    "early_death": 0.35,
    "not_evaluable_death": 0.5,
    "refractory_death": 0.85,
    "relapse_death": 0.9,
    "remission_death": 0.0,
    "sos_death": 0.0,
}
INFECTION = 0.7


def draw_causes(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    """Draw causes of death; empty in the living."""
    n = len(frame)
    leukaemic = rng.uniform(size=n) < frame["fate"].map(LEUKAEMIA).fillna(0.0).to_numpy()
    other = np.where(rng.uniform(size=n) < INFECTION, "infection", "other")
    cause = pd.Series(np.where(leukaemic, "leukemia", other), index=frame.index, dtype=object)
    grave = (frame["crs_grade"] >= 4) | (frame["icans_grade"] >= 4)
    cause[grave & (frame["fate"] == "early_death")] = "car_t_toxicity"
    cause[frame["fate"] == "sos_death"] = "sos"
    return cause.where(frame["dead"], "")
