"""Numbers of the results table against counts made from the CSV file without the library."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from analysis_lib.results.rows import Key
from analysis_lib.topics.baseline.numbers import baseline_by_exposure
from analysis_lib.topics.flow.numbers import patient_flow
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure

GROUPS = ("naive", "exposed")


@pytest.fixture(scope="module")
def records(root):
    with (root / "data" / "cohort.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def group(record):
    doses = int(record["ino_doses_preapheresis"]) + int(record["ino_doses_bridging"])
    return "exposed" if doses else "naive"


@pytest.mark.parametrize(
    "variable",
    ["sex", "race_ethnicity", "disease_subtype", "marrow_status", "extramedullary_disease",
     "cns_involvement", "prior_blinatumomab", "prior_hct", "bridging_therapy"],
)  # fmt: skip
def test_counts_of_table_1(study, records, variable):
    counted = Counter((group(r), r[variable] or "missing") for r in records)
    results = baseline_by_exposure(study).results
    levels = [*study.dictionary[variable].levels, "missing"]
    for where in GROUPS:
        for level in levels:
            key = Key(
                "baseline_by_exposure",
                population=f"infused[ino={where}]",
                variable=variable,
                level=level,
                statistic="count",
            )
            assert results.value(key) == counted[where, level]


@pytest.mark.parametrize("syndrome", ["crs", "icans"])
def test_grades_of_the_evaluable_and_of_the_affected(study, records, syndrome):
    results = toxicity_by_exposure(study).results
    for where in GROUPS:
        grades = [r[f"{syndrome}_grade"] for r in records if group(r) == where]
        evaluable = [int(x) for x in grades if x]
        affected = [x for x in evaluable if x >= 1]
        severe = sum(x in (3, 4) for x in affected)
        group_of = f"{syndrome}_grade_group"
        for base, patients in (("evaluable", evaluable), ("affected", affected)):
            at = Key("toxicity", syndrome, f"{syndrome}_{base}[ino={where}]", group_of,
                     "grade_3_4", statistic="count")  # fmt: skip
            assert results.value(at) == severe
            assert results.row(at).denominator == len(patients)


def test_response_counts_from_the_five_measurements(study, records):
    results = response_by_exposure(study).results
    for where in GROUPS:
        mine = [r for r in records if group(r) == where]
        assessed = [r for r in mine if r["response_marrow_blasts_percent"]]
        responders = [
            r
            for r in assessed
            if float(r["response_marrow_blasts_percent"]) < 5
            and r["response_circulating_blasts"] == r["response_extramedullary_disease"] == "no"
        ]
        at = Key("response", "cr_cri", f"response_evaluable[ino={where}]", statistic="count")
        assert results.value(at) == len(responders)
        assert results.row(at).denominator == len(assessed)
        consolidated = Counter(r["consolidation"] for r in responders)
        for kind in ("allo_hct", "tki", "other", "none"):
            at = Key("response", "consolidation", f"responders[ino={where}]", "consolidation",
                     kind, statistic="count")  # fmt: skip
            assert results.value(at) == consolidated[kind]


def test_the_numbers_at_risk_are_the_patients_still_followed(study):
    comparison = survival_by_exposure(study, "os")
    for curve in comparison.curves:
        followed = study.patients.loc[study.patients["ino"] == curve.level, "os_months"]
        for time in comparison.risk_times:
            key = Key("survival_by_exposure", "os", curve.population, time_months=time,
                      statistic="at_risk")  # fmt: skip
            assert comparison.results.value(key) == (followed >= time).sum()


def test_every_split_of_the_flow_adds_up_to_its_parent(study):
    flow = patient_flow(study)
    sizes = {box.name: box.n for box in flow.boxes}
    splits: dict[tuple[str, str], int] = {}
    for box in flow.boxes:
        if box.parent:
            variable = box.name.partition("=")[0]
            splits[box.parent, variable] = splits.get((box.parent, variable), 0) + box.n
    assert len(splits) == 4
    for (parent, _), total in splits.items():
        assert total == sizes[parent]
