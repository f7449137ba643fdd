"""Response to the infusion by the article's definition, from what was measured."""

from __future__ import annotations

import pandas as pd

from analysis_lib.source.response_criteria import (
    ANC_PER_UL,
    MARROW_BLASTS_PERCENT,
    MEASURED,
    PLATELETS_PER_UL,
)


def classify_response(patients: pd.DataFrame) -> pd.Series:
    """CR, CRi or no response per patient; missing where the response was not evaluable.

    CR needs marrow blasts < 5%, no circulating blasts, no extramedullary disease, neutrophils
    > 1000/µL and platelets > 100 000/µL; CRi is the same with either count at or below its bound
    (equality counts as CRi). Disease found by any one measurement is no response whatever else is
    missing; a remission needs all of them.
    """
    blasts = patients["response_marrow_blasts_percent"]
    circulating = patients["response_circulating_blasts"]
    extramedullary = patients["response_extramedullary_disease"]
    disease = (blasts >= MARROW_BLASTS_PERCENT) | (circulating == "yes") | (extramedullary == "yes")
    complete = patients[list(MEASURED)].notna().all(axis=1)
    recovered = (patients["response_anc_per_ul"] > ANC_PER_UL) & (
        patients["response_platelets_per_ul"] > PLATELETS_PER_UL
    )
    response = pd.Series(pd.NA, index=patients.index, dtype="object")
    response[complete & ~disease & recovered] = "cr"
    response[complete & ~disease & ~recovered] = "cri"
    response[disease] = "no_response"
    return pd.Series(
        pd.Categorical(response, categories=["cr", "cri", "no_response"]), index=patients.index
    )
