"""Pairs of time and status are found by name and content, and become dates."""

from __future__ import annotations

import pytest

from analysis_lib.intake.check import check_extract
from analysis_lib.intake.extract import open_intake
from analysis_lib.intake.proposal import propose_mapping
from analysis_lib.intake.proposal_text import mapping_text
from analysis_lib.intake.reading.kinds import Reading
from analysis_lib.intake.reading.read import read_table


@pytest.fixture
def proposed(tmp_path, dictionary):
    """A table's proposal, with the table that its mapping file gives."""

    def propose(text: str):
        path = tmp_path / "theirs.csv"
        path.write_text(text, encoding="utf-8")
        proposal = propose_mapping(read_table(path), dictionary)
        mapping = tmp_path / "mapping.yaml"
        mapping.write_text(mapping_text(proposal, path.name, Reading()), encoding="utf-8")
        return proposal, open_intake(path, dictionary, mapping).table

    return propose


def pairs(proposal):
    return {one.ours: (one.time, one.status) for one in proposal.times if one.ours}


def rows(header, *columns):
    return "\n".join([header, *(",".join(map(str, row)) for row in zip(*columns, strict=True))])


ID = ("a1", "b2", "c3", "d4")
ARM, SEX, AGE = ("Obs", "Lev", "Obs", "Lev"), ("m", "f", "m", "f"), (43, 63, 71, 66)
EARLY, EARLY_STATUS = (100, 200, 301, 400), (1, 0, 1, 0)
LATE, LATE_STATUS = (150, 250, 350, 450), (0, 1, 1, 0)
# The shapes of public data sets (colon, rotterdam, bmt) with numbers of our own.
SHAPES = {
    "id,rx,sex,age,time_recurrence,status_recurrence,time_death,status_death": True,
    "pid,trt,sex,age,rtime,recur,dtime,death": True,
    "id,arm,sex,age,ttr,relapse,os_time,os_status": True,
    "patient,group,sex,age,t2,d2,t1,d1": True,
    "id,arm,sex,age,relapse_days,relapsed,futime,death": True,
    "id,arm,sex,age,trel,rel,tdeath,dead": True,
    "subjid,treatment,gender,age,pfs_days,pfs_event,days,status": True,
}


@pytest.mark.parametrize("header", SHAPES)
def test_all_columns_of_a_plain_data_set_are_proposed(proposed, header):
    theirs = rows(header, ID, ARM, SEX, AGE, EARLY, EARLY_STATUS, LATE, LATE_STATUS)
    proposal, table = proposed(theirs)
    early, early_status, late, late_status = header.split(",")[4:]
    assert pairs(proposal) == {
        "relapse_date": (early, early_status),
        "death_date": (late, late_status),
    }
    assert proposal.unused == () and proposal.required == ()
    assert table["relapse_date"].tolist() == ["2015-04-11", "", "2015-10-29", ""]
    assert table["death_date"].tolist() == ["", "2015-09-08", "2015-12-17", ""]
    assert table["last_contact_date"].tolist()[0] == "2015-05-31"


def test_times_without_a_status_say_it_by_their_gaps(proposed):
    theirs = "id,trt,age,futime,death,txtime,rltime\na,A,40,235,1,NA,113\nb,B,50,286,0,200,NA\n"
    proposal, table = proposed(theirs + "c,A,60,300,0,NA,NA\n")
    assert table["consolidation_date"].tolist() == ["", "2015-07-20", ""]
    assert table["relapse_date"].tolist() == ["2015-04-24", "", ""]
    assert proposal.missing == ("NA",)


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        ((1, 2, 2, 1), 'where: {status: ["2"]}, otherwise: {status: ["1"]}'),
        (("Dead", "alive", "dead", "alive"), "[Dead, dead]}, otherwise: {status: [alive]}"),
        ((0, 1, 2, 0), 'where: {status: ["1"]}, otherwise: {status: ["0", "2"]}'),
        ((1, 0, "", 0), 'where: {status: ["1"]}, otherwise: {status: [""]}'),
    ],
)
def test_every_value_of_a_status_is_declared(proposed, status, rule):
    proposal, _ = proposed(rows("id,age,time,status", ID, AGE, LATE, status))
    text = mapping_text(proposal, "theirs.csv", Reading())
    line = next(x for x in text.splitlines() if x.startswith("  death_date"))
    assert rule in line and "check" in line


def test_zero_is_the_event_where_the_name_says_censored(proposed):
    _, table = proposed(rows("id,age,os_time,os_cnsr", ID, AGE, LATE, (0, 1, 1, 0)))
    assert [bool(x) for x in table["death_date"]] == [True, False, False, True]


def test_months_are_read_as_the_nearest_day(proposed):
    months = (1, 2.5, 12, 24)
    proposal, table = proposed(rows("id,age,os_months,os_event", ID, AGE, months, LATE_STATUS))
    assert [pair.unit for pair in proposal.times] == ["months"]
    assert table["last_contact_date"].tolist()[:3] == ["2015-01-31", "2015-03-18", "2016-01-01"]


def test_a_nominal_day_zero_is_no_day_of_a_calendar(proposed, dictionary):
    header, long, longest = "id,os_days,os_status", 11_999, 12_000
    _, table = proposed(rows(header, ID, (longest, 400, 200, long), (1, 0, 1, 0)))
    assert max(table["death_date"]) == "2047-11-09"
    assert check_extract(table, dictionary) == []
    dated = table.assign(infusion_date=["2015-01-01", *["2015-01-02"] * 3])
    broken = {(x.row, x.rule_name) for x in check_extract(dated, dictionary)}
    beyond = {"plausible_date", "date_in_the_future"}
    assert broken == {(row, name) for row in table.index[[0, 3]] for name in beyond}


def test_what_is_left_has_its_reason_in_the_file(proposed):
    header = "id,age,pfs_time,pfs_status,efs_time,efs_status,nodes"
    theirs = rows(header, ID, AGE, EARLY, EARLY_STATUS, LATE, LATE_STATUS, (1, 2, 3, 4))
    proposal, _ = proposed(theirs)
    text = mapping_text(proposal, "theirs.csv", Reading())
    assert "#   efs_time: a time or its status; other columns tell this date" in text
    assert "#   nodes: 4 different numbers, and none of our variables is called so" in text


def test_ages_and_calendar_years_are_no_times(proposed):
    theirs = rows("id,age_years,year,days,status", ID, AGE, (1984, 1990, 1991, 1992), LATE, SEX)
    proposal, _ = proposed(theirs)
    assert {one.time for one in proposal.times} <= {"days"}
