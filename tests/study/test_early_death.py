from __future__ import annotations

import pandas as pd
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.study.study import make_study


@pytest.mark.parametrize(("day", "early"), [(29, "yes"), (30, "yes"), (31, "no")])
def test_death_within_30_days_includes_day_30(root, extract, write_extract, day, early):
    row = extract.index[extract["death_date"] == ""][0]
    infusion = pd.Timestamp(extract.at[row, "infusion_date"])
    died = (infusion + pd.Timedelta(day, "D")).date().isoformat()
    later = ("relapse_date", "consolidation_date", "response_date", "crs_onset_date")
    extract.loc[row, [*later, "icans_onset_date"]] = ""
    extract.loc[row, ["death_date", "last_contact_date"]] = died
    path = write_extract(extract)
    study = make_study(parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root)
    patient = study.patients.set_index("patient_id").loc[extract.at[row, "patient_id"]]
    assert patient["death_30d"] == early
