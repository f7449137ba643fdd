"""What must hold in every record: clinical rules, order of dates, eligibility."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

Row = dict[str, str]
LOCK = date(2023, 10, 30)
DICTIONARY = Path(__file__).parents[3] / "data" / "dictionary.csv"


def day(row: Row, column: str) -> date | None:
    return date.fromisoformat(row[column]) if row[column] else None


def infusion(row: Row) -> date:
    return date.fromisoformat(row["infusion_date"])


def gap(row: Row, start: str, end: str) -> int | None:
    first, last = day(row, start), day(row, end)
    return None if first is None or last is None else (last - first).days


def broken(rows: list[Row], *, unless: Callable[[Row], object]) -> list[str]:
    """Patients for whom the rule fails."""
    return [row["patient_id"] for row in rows if not unless(row)]


def responded(row: Row) -> bool:
    return (
        row["response_marrow_blasts_percent"] != ""
        and float(row["response_marrow_blasts_percent"]) < 5
        and row["response_circulating_blasts"] == "no"
        and row["response_extramedullary_disease"] == "no"
    )


@pytest.fixture(scope="module")
def definitions() -> dict[str, Row]:
    with DICTIONARY.open(encoding="utf-8", newline="") as stream:
        return {r["name"]: r for r in csv.DictReader(stream) if r["origin"] == "extract"}


def test_columns_are_the_dictionarys_in_its_order_and_none_that_is_required_is_missing(
    rows: list[Row], definitions: dict[str, Row]
) -> None:
    assert list(rows[0]) == [name for name in definitions if name in rows[0]]
    assert {name for name, x in definitions.items() if x["required"] != "optional"} <= {*rows[0]}


def test_every_value_is_of_the_dictionarys_type_and_range(
    rows: list[Row], definitions: dict[str, Row]
) -> None:
    for name in rows[0]:
        rule = definitions[name]
        values = {row[name] for row in rows} - {""}
        if rule["type"] in {"category", "yes_no"}:
            assert values <= {part.split("=")[0] for part in rule["levels"].split("|")}, name
        elif rule["type"] in {"integer", "decimal"}:
            low, high = float(rule["plausible_min"]), float(rule["plausible_max"])
            assert all(low <= float(value) <= high for value in values), name
            if rule["type"] == "integer":
                assert all(value.isdigit() for value in values), name
        elif rule["type"] == "date":
            assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", value) for value in values), name
        if rule["required"] == "value":
            assert all(row[name] for row in rows), name


def test_every_record_says_that_it_is_synthetic(rows: list[Row]) -> None:
    assert {row["data_origin"] for row in rows} == {"synthetic"}
    assert sorted(row["patient_id"] for row in rows) == [f"SYN-{n:03d}" for n in range(1, 190)]
    bodies = {tuple(v for k, v in row.items() if k != "patient_id") for row in rows}
    assert len(bodies) == 189
    assert len({row["centre"] for row in rows}) == 31


def test_every_patient_is_eligible(rows: list[Row]) -> None:
    def eligible(row: Row) -> bool:
        follow_up = gap(row, "infusion_date", "last_contact_date")
        assert follow_up is not None
        return (
            float(row["age_years"]) >= 18
            and date(2021, 10, 1) <= infusion(row) <= date(2023, 8, 31)
            and row["product_access"] == "standard_of_care"
            and (row["death_date"] != "" or follow_up >= 90)
        )

    assert broken(rows, unless=eligible) == []


def test_nothing_happens_after_last_contact_or_data_lock(rows: list[Row]) -> None:
    dates = [name for name in rows[0] if name.endswith("_date")]

    def closed(row: Row) -> bool:
        last = date.fromisoformat(row["last_contact_date"])
        known = [day(row, name) for name in dates]
        return last <= LOCK and all(one <= last for one in known if one)

    assert broken(rows, unless=closed) == []
    assert broken(rows, unless=lambda r: r["death_date"] in {"", r["last_contact_date"]}) == []
    assert broken(rows, unless=lambda r: gap(r, "infusion_date", "last_contact_date") > 0) == []


def test_active_marrow_means_more_than_5_percent_blasts(rows: list[Row]) -> None:
    known = [row for row in rows if row["marrow_blasts_percent"]]
    assert (
        broken(
            known,
            unless=lambda r: (
                (r["marrow_status"] == "active") == (float(r["marrow_blasts_percent"]) > 5)
            ),
        )
        == []
    )
    assert all(row["marrow_status"] for row in known)
    assert all(float(row["marrow_blasts_percent"]) != 5 for row in known)


def test_naive_patients_have_nothing_of_ino(naive: list[Row], exposed: list[Row]) -> None:
    columns = ("ino_response", "last_ino_preapheresis_date", "last_ino_bridging_date")
    assert broken(naive, unless=lambda r: not any(r[c] for c in columns)) == []
    assert broken(exposed, unless=lambda r: r["ino_response"] != "") == []
    for period in ("preapheresis", "bridging"):
        dose, last = f"ino_doses_{period}", f"last_ino_{period}_date"
        assert broken(exposed, unless=lambda r, d=dose, n=last: (r[d] != "0") == (r[n] != "")) == []


def test_apheresis_bridging_lymphodepletion_and_infusion_are_in_order(rows: list[Row]) -> None:
    contradiction = [r for r in rows if gap(r, "last_ino_bridging_date", "infusion_date") == 1]
    no_lymphodepletion = [r for r in rows if r["lymphodepletion_date"] == ""]
    assert len(contradiction) == 1
    assert no_lymphodepletion == contradiction
    usual = [row for row in rows if row["lymphodepletion_date"]]
    assert (
        broken(usual, unless=lambda r: 3 <= gap(r, "lymphodepletion_date", "infusion_date") <= 7)
        == []
    )
    bridged = [row for row in usual if row["last_ino_bridging_date"]]
    assert broken(bridged, unless=lambda r: r["bridging_therapy"] == "yes") == []
    assert (
        broken(bridged, unless=lambda r: gap(r, "apheresis_date", "last_ino_bridging_date") > 0)
        == []
    )
    assert (
        broken(
            bridged, unless=lambda r: gap(r, "last_ino_bridging_date", "lymphodepletion_date") > 0
        )
        == []
    )
    leads = sorted(gap(row, "apheresis_date", "infusion_date") or 0 for row in rows)
    # The 108 days from a bridging dose to infusion are the one exception to 15-60 days.
    assert leads[0] >= 15
    assert leads[-2] <= 60 < 108 < leads[-1]


def test_toxicity_dates_and_drugs_follow_the_grades(rows: list[Row]) -> None:
    for event, first, last in (("crs", 1, 10), ("icans", 3, 14)):
        grade, onset = f"{event}_grade", f"{event}_onset_date"
        had = [row for row in rows if row[grade] not in {"", "0"}]
        assert [row for row in rows if row[onset]] == had
        assert all(first <= (gap(row, "infusion_date", onset) or 0) <= last for row in had)
    drugs = ("tocilizumab", "steroids", "anakinra")
    treated = [row for row in rows if any(row[drug] == "yes" for drug in drugs)]
    assert (
        broken(treated, unless=lambda r: {r["crs_grade"], r["icans_grade"]} & {"1", "2", "3", "4"})
        == []
    )
    severe = [row for row in rows if row["crs_grade"] in {"3", "4"}]
    assert broken(severe, unless=lambda r: "yes" in (r["tocilizumab"], r["steroids"])) == []


def test_nobody_stays_in_hospital_beyond_last_contact(rows: list[Row]) -> None:
    assert (
        broken(
            rows,
            unless=lambda r: (
                int(r["hospital_days"]) <= gap(r, "infusion_date", "last_contact_date")
            ),
        )
        == []
    )


def test_response_fields_are_complete_or_empty_with_a_reason(rows: list[Row]) -> None:
    fields = (
        "response_date",
        "response_marrow_blasts_percent",
        "response_circulating_blasts",
        "response_extramedullary_disease",
        "response_anc_per_ul",
        "response_platelets_per_ul",
        "mrd_status",
    )
    for row in rows:
        given = [row[field] != "" for field in fields]
        assert all(given) or not any(given)
        assert (row["response_not_evaluable_reason"] != "") == (not all(given))
        assert row["mrd_method"] == "" or row["mrd_status"] in {"negative", "positive"}
        assert row["mrd_status"] not in {"negative", "positive"} or row["mrd_method"]
        if row["response_not_evaluable_reason"] == "died_before_assessment":
            assert row["death_date"]
    assessed = [row for row in rows if row["response_date"]]
    assert all(24 <= (gap(row, "infusion_date", "response_date") or 0) <= 35 for row in assessed)
    pcr = [row for row in rows if row["mrd_method"] == "pcr"]
    assert pcr
    assert broken(pcr, unless=lambda r: r["disease_subtype"] == "ph_positive") == []


def test_blood_counts_are_per_microlitre_and_some_responders_have_cri(rows: list[Row]) -> None:
    remissions = [row for row in rows if responded(row)]
    complete = [
        float(row["response_anc_per_ul"]) > 1000 and float(row["response_platelets_per_ul"]) > 1e5
        for row in remissions
    ]
    assert 75 < sum(complete) < 125
    assert (
        min(float(row["response_platelets_per_ul"]) for row in rows if row["response_date"]) > 1e3
    )


def test_relapse_and_consolidation_follow_response_in_order(rows: list[Row]) -> None:
    later = [row for row in rows if row["relapse_date"] or row["consolidation"] != "none"]
    assert broken(later, unless=responded) == []
    for row in later:
        for column in ("relapse_date", "consolidation_date"):
            delay = gap(row, "response_date", column)
            assert delay is None or delay > 0
        delay = gap(row, "consolidation_date", "relapse_date")
        assert delay is None or delay > 0
    assert (
        broken(
            rows, unless=lambda r: (r["consolidation"] == "none") == (r["consolidation_date"] == "")
        )
        == []
    )
    tki = [row for row in rows if row["consolidation"] == "tki"]
    assert broken(tki, unless=lambda r: r["disease_subtype"] == "ph_positive") == []


def test_causes_of_death_fit_the_course(rows: list[Row]) -> None:
    assert (
        broken(rows, unless=lambda r: (r["cause_of_death"] == "") == (r["death_date"] == "")) == []
    )
    dead = [row for row in rows if row["death_date"]]
    for row in dead:
        if row["cause_of_death"] == "sos":
            assert row["consolidation"] == "allo_hct"
            assert (gap(row, "consolidation_date", "death_date") or 0) > 0
        if row["cause_of_death"] == "leukemia":
            assert row["relapse_date"] or not responded(row)
        if row["cause_of_death"] == "car_t_toxicity":
            assert "4" in (row["crs_grade"], row["icans_grade"])
    relapsed = [row for row in dead if row["relapse_date"]]
    assert sum(row["cause_of_death"] == "leukemia" for row in relapsed) > len(relapsed) / 2


def test_infusions_grow_over_the_calendar(rows: list[Row]) -> None:
    middle = date(2021, 10, 1) + timedelta(days=350)
    assert sum(infusion(row) >= middle for row in rows) > 189 / 2


def test_follow_up_of_survivors_is_alike_and_not_piled_up(
    naive: list[Row], exposed: list[Row]
) -> None:
    medians = []
    for arm in (naive, exposed):
        follow_up = sorted(
            gap(row, "infusion_date", "last_contact_date") or 0
            for row in arm
            if not row["death_date"]
        )
        medians.append(follow_up[len(follow_up) // 2])
        assert max(
            sum(low <= f < low + 30 for f in follow_up) for low in range(60, 760)
        ) < 0.3 * len(follow_up)
    assert abs(medians[0] - medians[1]) < 75
