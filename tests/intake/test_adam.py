"""ADSL with ADTTE gives the table that the same times as columns of one file give."""

from __future__ import annotations

import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import files_beside, open_intake

ADSL = "USUBJID,SEX,AGE\nA-1,M,60\nA-2,F,50\nA-3,M,70\n"
ADTTE = """\
USUBJID,PARAMCD,AVAL,AVALU,CNSR,EVNTDESC
A-1,OS,100,DAYS,0,Death
A-2,OS,2,MONTHS,1,Alive
A-3,OS,50,DAYS,2,Lost to follow-up
A-1,TTP,40,DAYS,0,Progression
A-2,TTP,20,DAYS,1,None
"""
MAPPING = """\
adtte: adtte.csv
columns: {USUBJID: patient_id, SEX: sex, AGE: age_years}
levels: {sex: {M: male, F: female}}
dates_from_days:
  zero: {column: infusion_date, date: 2020-01-01}
  death_date: {days: OS_DAYS, where: {OS_EVENT: "1"}}
  last_contact_date: {days: OS_DAYS}
  relapse_date: {days: TTP_DAYS, where: {TTP_EVENT: "1"}, otherwise: {TTP_EVENT: ""}}
"""


@pytest.fixture
def taken_in(tmp_path, dictionary):
    def take_in(adtte: str):
        for name, text in (("adsl.csv", ADSL), ("adtte.csv", adtte), ("m.yaml", MAPPING)):
            (tmp_path / name).write_text(text)
        return open_intake(tmp_path / "adsl.csv", dictionary, tmp_path / "m.yaml")

    return take_in


def test_zero_is_an_event_and_any_other_number_is_censored(taken_in, tmp_path):
    table = taken_in(ADTTE).table
    assert table["death_date"].tolist() == ["2020-04-10", "", ""]
    assert table["last_contact_date"].tolist() == ["2020-04-10", "2020-03-02", "2020-02-20"]
    assert table["relapse_date"].tolist() == ["2020-02-10", "", ""]
    assert table["OS_EVNTDESC"].tolist() == ["Death", "Alive", "Lost to follow-up"]
    assert list(files_beside(tmp_path / "m.yaml")) == ["adtte.csv"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A-3,OS", "A-9,OS", "row 4 name a patient whom ADSL does not have"),
        ("A-2,TTP", "A-1,TTP", "row 6 give a patient a PARAMCD twice"),
        ("DAYS,2", "DAYS,yes", "row 4 hold no number in CNSR"),
        ("MONTHS", "HOURS", "row 3 have another AVALU than years, months, weeks, days"),
        ("CNSR", "CENSOR", "has no column CNSR"),
    ],
)
def test_what_adtte_must_not_hold_is_refused_with_its_row(taken_in, old, new, said):
    with pytest.raises(SourceError, match=said):
        taken_in(ADTTE.replace(old, new))
