"""A time zero before the day of entry: curves, tests and models against R, all else left out."""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np
import pytest

from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.study.endpoints import entry_of
from analysis_lib.study.study import Study
from analysis_lib.topics import competing, missing, over_time, screening, standardised, weighting
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.specifications.numbers import specification_curve
from analysis_lib.topics.survival.numbers import followup, survival_by_exposure


@pytest.fixture(scope="module")
def late(study_of: Callable[..., Study]) -> Study:
    return study_of(time_zero="apheresis_date")


def test_curves_tests_and_models_are_those_of_r(root, late) -> None:
    path = root / "tests" / "reference" / "golden" / "delayed.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [x for x in csv.DictReader(file) if x["data"] == "cohort"]
    assert len(rows) == 2 * (2 * 9 + 2 + 2 * 6) + 1
    for row in rows:
        expected = pytest.approx(float(row["value"]), rel=1e-6, nan_ok=True)
        assert _found(late, row) == expected, row


def _found(study: Study, row: dict[str, str]) -> float:
    outcome, statistic = row["outcome"], row["statistic"]
    if row["analysis"] == "reverse":
        key = Key("followup", "followup", "infused", "reverse_kaplan_meier")
        return followup(study).results.value(key, statistic)
    if row["analysis"] in ("survival", "test"):
        found = survival_by_exposure(study, outcome)
        where = f"infused[ino={row['where']}]"
        time = float(row["time"]) if row["time"] else None
        key = Key("survival_by_exposure", outcome, where, time_months=time)
        return found.results.value(found.test_key if row["analysis"] == "test" else key, statistic)
    ladder = exposure_ladder(study, outcome)
    rung = {"crude": ladder.crude, "baseline": ladder.baseline}[row["analysis"]]
    whole = statistic in ("n", "events")
    return rung.results.value(rung.key if whole else rung.contrast("exposed"), statistic)


def test_entry_is_the_wait_and_who_ends_on_that_day_was_there_for_half_of_it(
    study: Study, late: Study
) -> None:
    assert entry_of(study.patients, "os") is None
    patients = late.patients
    waited = (patients["infusion_date"] - patients["apheresis_date"]).dt.days / DAYS_PER_MONTH
    entry = entry_of(patients, "os")
    assert entry is not None
    assert (entry < patients["os_months"]).all()
    longer = patients["os_months"] > waited
    np.testing.assert_allclose(entry[longer], waited[longer])
    patients = patients.assign(os_months=waited)
    on_the_day = entry_of(patients, "os")
    assert on_the_day is not None
    np.testing.assert_allclose(waited - on_the_day, 0.5 / DAYS_PER_MONTH)


def test_what_takes_everyone_from_the_start_is_left_out_with_a_sentence(late: Study) -> None:
    found = [
        competing.relapse_and_death(late),
        competing.ways_to_fail(late),
        over_time.means(late, "os"),
        over_time.periods(late, "os"),
        weighting.survival(late, "os"),
        missing.imputed(late),
        standardised.survival(late, "os"),
        screening.penalised(late),
        specification_curve(late),
        exposure_ladder(late, "os").errors,
    ]
    for one in found:
        assert isinstance(one, Omitted)
        assert "Patients enter at infusion, later than apheresis" in one.reason
    assert exposure_ladder(late, "os").by_centre == ()
    tested = over_time.hazards(late, "os").checks[0].p_value
    assert np.isnan(tested)
