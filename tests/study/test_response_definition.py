from __future__ import annotations

import itertools

import pandas as pd
import pytest

from analysis_lib.study.derive import classify_response

COLUMNS = (
    "response_marrow_blasts_percent",
    "response_circulating_blasts",
    "response_extramedullary_disease",
    "response_anc_per_ul",
    "response_platelets_per_ul",
)


def classify(*measured):
    return classify_response(pd.DataFrame([measured], columns=COLUMNS)).iloc[0]


@pytest.mark.parametrize(
    ("blasts", "circulating", "extramedullary", "anc", "platelets"),
    list(
        itertools.product(
            (0.0, 4.9, 5.0, 60.0),
            ("no", "yes"),
            ("no", "yes"),
            (999, 1000, 1001),
            (99e3, 1e5, 101e3),
        )
    ),
)
def test_truth_table_of_the_article(blasts, circulating, extramedullary, anc, platelets):
    disease = blasts in (5.0, 60.0) or circulating == "yes" or extramedullary == "yes"
    recovered = anc == 1001 and platelets == 101e3
    expected = "no_response" if disease else "cr" if recovered else "cri"
    assert classify(blasts, circulating, extramedullary, anc, platelets) == expected


@pytest.mark.parametrize("absent", range(len(COLUMNS)))
def test_a_remission_needs_every_measurement(absent):
    measured = [1.0, "no", "no", 2000.0, 2e5]
    measured[absent] = None
    assert pd.isna(classify(*measured))


def test_disease_needs_only_one():
    assert classify(80.0, None, None, None, None) == "no_response"
    assert classify(None, "yes", None, None, None) == "no_response"
    assert classify(None, None, "yes", None, None) == "no_response"
