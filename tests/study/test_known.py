"""When variables are known, by stage or by date, and what may therefore be a baseline term."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis_lib.dictionary import BEFORE_ZERO, INFUSED, STAGES, Dictionary, Variable
from analysis_lib.errors import CohortError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.known import (
    AFTER,
    BEFORE,
    UNSURE,
    is_after_time_zero,
    order_in_time,
    with_known_stages,
)
from analysis_lib.study.study import make_study

DAY = pd.Timestamp("2022-01-10")
DATED = Variable("score", "Score", "integer", known="scored_on")


def patients(*days: int | None) -> pd.DataFrame:
    scored = [pd.NaT if x is None else DAY + pd.Timedelta(days=x) for x in days]
    return pd.DataFrame({"score": range(len(days)), "scored_on": scored, "infusion_date": DAY})


@pytest.mark.parametrize(
    ("days", "stage"),
    [((-3, 0), BEFORE_ZERO), ((-3, 1), INFUSED), ((-3, None), ""), ((1, None), INFUSED)],
)
def test_a_date_becomes_a_stage_by_the_patients(days, stage):
    found = with_known_stages(Dictionary((DATED,)), patients(*days), "infusion_date")["score"]
    assert (found.known, found.known_by) == (stage, "scored_on")


def test_a_value_that_nobody_has_needs_no_date():
    nobody = patients(None, -1).assign(score=[None, 3])
    found = with_known_stages(Dictionary((DATED,)), nobody, "infusion_date")["score"]
    assert found.known == BEFORE_ZERO


@pytest.mark.parametrize(
    ("covariate", "exposure", "order"),
    [
        ("fixed before therapy", "earlier therapy", BEFORE),
        ("at apheresis", "earlier therapy", AFTER),
        ("earlier therapy", "earlier therapy", UNSURE),
        ("before the exposure", "earlier therapy", BEFORE),
        ("before the exposure", "", BEFORE),
        ("before time zero", "at time zero", BEFORE),
        ("before time zero", "earlier therapy", UNSURE),
        ("fixed before therapy", "before time zero", BEFORE),
        ("earlier therapy", "before time zero", UNSURE),
        ("before time zero", "after infusion", BEFORE),
        ("", "earlier therapy", UNSURE),
        ("at apheresis", "", UNSURE),
    ],
)
def test_the_order_of_two_stages(covariate, exposure, order):
    assert {covariate, exposure} <= {"", *STAGES}
    first, second = (Variable("a", "A", "category", known=x) for x in (covariate, exposure))
    assert order_in_time(first, second, pd.DataFrame()) == order


@pytest.mark.parametrize(("days", "order"), [((1, 2), BEFORE), ((3, 2), AFTER)])
def test_two_dates_are_compared_patient_by_patient(days, order):
    frame = pd.DataFrame(
        {name: [DAY + pd.Timedelta(days=x)] * 2 for name, x in zip("ab", days, strict=True)}
    )
    pair = [replace(DATED, known=BEFORE_ZERO, known_by=name) for name in "ab"]
    assert order_in_time(*pair, frame) == order
    frame.loc[0, "a"] = frame.loc[0, "b"] + pd.Timedelta(days=5 if order == BEFORE else -5)
    assert order_in_time(*pair, frame) == UNSURE


def test_what_follows_apheresis_is_late_where_time_is_counted_from_it(dictionary):
    bridging = dictionary["bridging_therapy"]
    assert is_after_time_zero(bridging, "apheresis_date")
    assert not is_after_time_zero(bridging, "infusion_date")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"baseline_terms": ["age_decades", "consolidation"]}, "known only after it; take it out"),
        ({"before_exposure_terms": ["consolidation"]}, "before_exposure_terms: must be known"),
        ({"before_exposure_terms": ["active_marrow"]}, "known at apheresis and ino earlier"),
        (
            {"baseline_terms": ["bridging_therapy"], "time_zero": "apheresis_date"},
            "baseline_terms: must be known before time zero",
        ),
    ],
)
def test_a_term_that_is_known_too_late_is_refused_with_its_remedy(root, given, message):
    with pytest.raises(CohortError, match=message):
        make_study(parse_parameters(given), root=root)
