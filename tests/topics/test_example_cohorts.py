"""The three example cohorts: reports by parameters alone, against R and against their own files."""

from __future__ import annotations

import argparse
import csv
import importlib.util
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from analysis_lib.command_line.given import given_parameters
from analysis_lib.results.rows import Key, Results
from analysis_lib.study.study import SYNTHETIC_LABEL, Study, make_study
from analysis_lib.topics.specifications.choices import all_choices
from analysis_lib.topics.specifications.numbers import specification_curve
from analysis_lib.topics.whole import all_results

Rows = list[dict[str, str]]
MadeOf = tuple[Study, Results]


def _made(root: Path, name: str) -> MadeOf:
    """The results table of an example, with few imputations."""
    call = argparse.Namespace(
        file=str(root / "data" / "examples" / name / "parameters.yaml"),
        cohort=None,
        exposure=None,
        pairs=[["imputations", "2"]],
    )
    study = make_study(given_parameters(call), root=root)
    return study, all_results(study)


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _count(results: Results, analysis: str, group: str, **key: str) -> float:
    given = {"population": f"infused[{group}]", "statistic": "count", **key}
    return results.value(Key(analysis, **given))


# ---- the embedded cohort by prior blinatumomab, in Ph-negative disease ----------------------


@pytest.fixture(scope="module")
def blinatumomab(root: Path) -> MadeOf:
    return _made(root, "blinatumomab")


@pytest.fixture(scope="module")
def ph_negative(root: Path) -> dict[str, Rows]:
    """The eligible patients with Ph-negative disease by prior blinatumomab, from the file."""
    groups: dict[str, Rows] = {"no": [], "yes": []}
    lock = date(2023, 10, 30)
    for row in _rows(root / "data" / "cohort.csv"):
        infused, last = (date.fromisoformat(row[x]) for x in ("infusion_date", "last_contact_date"))
        followed = (min(last, lock) - infused).days >= 90 or _by(row["death_date"], lock)
        if (
            row["disease_subtype"] == "ph_negative"
            and float(row["age_years"]) >= 18
            and row["product_access"] == "standard_of_care"
            and date(2021, 10, 1) <= infused <= date(2023, 8, 31)
            and followed
        ):
            groups[row["prior_blinatumomab"]].append(row)
    return groups


def _by(day: str, lock: date) -> bool:
    return bool(day) and date.fromisoformat(day) <= lock


def test_the_subgroup_by_blinatumomab_is_counted_by_hand(blinatumomab, ph_negative):
    study, results = blinatumomab
    assert {len(rows) > 10 for rows in ph_negative.values()} == {True}
    assert len(study.patients) == sum(map(len, ph_negative.values()))
    lock = date(2023, 10, 30)
    for group, rows in ph_negative.items():
        where = f"prior_blinatumomab={group}"
        for name in ("sex", "race_ethnicity", "prior_hct", "disease_subtype"):
            counted = Counter(row[name] for row in rows)
            for level, number in counted.items():
                key = {"variable": name, "level": level}
                assert _count(results, "baseline_by_exposure", where, **key) == number
        curves = Key("survival_by_exposure", "os", f"infused[{where}]")
        dead = sum(_by(row["death_date"], lock) for row in rows)
        assert results.value(curves._replace(statistic="n")) == len(rows)
        assert results.value(curves._replace(statistic="events")) == dead


def test_no_model_of_the_subgroup_holds_what_is_constant_in_it(blinatumomab):
    _, results = blinatumomab
    in_models = {row.key.variable for row in results if row.key.analysis.startswith("cox_")}
    assert "prior_hct" in in_models
    assert in_models.isdisjoint({"ph_positive", "disease_subtype"})


def test_the_subgroup_keeps_the_synthetic_label_and_is_compared_by_nothing_else(blinatumomab):
    study, results = blinatumomab
    assert study.label == SYNTHETIC_LABEL
    assert study.groups.variable == "prior_blinatumomab"
    contrasts = {row.key.contrast for row in results if row.key.analysis == "survival_by_exposure"}
    assert contrasts == {"", "yes_vs_no"}


# ---- transplantation, by a mapping file, against R ------------------------------------------


@pytest.fixture(scope="module")
def transplant(root: Path) -> MadeOf:
    return _made(root, "transplant")


@pytest.fixture(scope="module")
def golden(root: Path) -> dict[Key, float]:
    """What R derives from KMsurv's data frame itself."""
    values = {}
    for row in _rows(root / "tests" / "reference" / "golden" / "bmt.csv"):
        time = float(row["time_months"]) if row["time_months"] else None
        parts = {name: row[name] for name in Key._fields if name != "time_months"}
        values[Key(**parts, time_months=time)] = float(row["value"] or "nan")
    return values


R_ANALYSES = (
    "baseline_by_exposure",
    "survival_by_exposure",
    "followup",
    "cox_ladder_crude",
    "cox_ladder_baseline",
    "competing_risks",
    "cause_specific_crude",
    "cause_specific_baseline",
)


def test_r_derived_these_analyses_of_the_transplants(golden):
    assert {key.analysis for key in golden} == set(R_ANALYSES)
    assert len(golden) > 400


@pytest.mark.parametrize("analysis", R_ANALYSES)
def test_transplants_agree_with_r(transplant, golden, analysis):
    _, results = transplant
    expected = {key: value for key, value in golden.items() if key.analysis == analysis}
    actual = {key: results.value(key) for key in expected}
    assert actual == pytest.approx(expected, rel=1e-6, abs=0, nan_ok=True)


def test_transplants_lose_nobody_and_carry_no_synthetic_label(transplant, root):
    study, _ = transplant
    given = _rows(root / "data" / "examples" / "transplant" / "bmt.csv")
    assert len(study.patients) == len(given) == study.infused
    assert study.label == ""
    assert study.groups.labels == ("ALL", "AML, low risk", "AML, high risk")
    assert study.groups.reference == "all"


def test_specifications_in_responders_are_left_out_where_no_response_is_recorded(
    transplant, monkeypatch, tmp_path
):
    study, _ = transplant
    in_responders = [x for x in all_choices() if x.population == "responders"]
    assert {x.estimator for x in in_responders} == {"cox", "firth", "iptw", "overlap"}
    monkeypatch.setenv("CART_REPORT_CACHE", str(tmp_path))
    monkeypatch.setattr(
        "analysis_lib.topics.specifications.numbers.all_choices", lambda: in_responders
    )
    assert specification_curve(study).points == ()


# ---- myeloma, from REDCap -------------------------------------------------------------------


@pytest.fixture(scope="module")
def myeloma(root: Path) -> MadeOf:
    return _made(root, "myeloma_redcap")


@pytest.fixture(scope="module")
def exported(root: Path) -> dict[str, Rows]:
    """The raw export by prior BCMA-directed therapy: a checkbox."""
    groups: dict[str, Rows] = {"no": [], "yes": []}
    for row in _rows(root / "data" / "examples" / "myeloma_redcap" / "export.csv"):
        groups["yes" if row["prior_tx___4"] == "1" else "no"].append(row)
    return groups


# A field of the export, its codes, and the variable and levels they are in the report.
CODES = (
    ("sex", {"1": "female", "2": "male"}, "sex"),
    ("extramedullary", {"0": "no", "1": "yes"}, "extramedullary_disease"),
    ("bridging", {"0": "no", "1": "yes"}, "bridging_therapy"),
    ("iss", {"1": "stage_1", "2": "stage_2", "3": "stage_3", "": "missing"}, "iss_stage"),
    ("asct", {"0": "no", "1": "yes"}, "prior_asct"),
)


@pytest.mark.parametrize(("field", "levels", "variable"), CODES, ids=[x[0] for x in CODES])
def test_codes_of_redcap_are_the_levels_of_the_report(myeloma, exported, field, levels, variable):
    _, results = myeloma
    for group, rows in exported.items():
        counted = Counter(levels[row[field]] for row in rows)
        assert set(counted) == set(levels.values())
        for level, number in counted.items():
            where = f"prior_bcma={group}"
            key = {"variable": variable, "level": level}
            assert _count(results, "baseline_by_exposure", where, **key) == number


def test_events_of_redcap_are_the_events_of_the_report(myeloma, exported):
    _, results = myeloma
    for group, rows in exported.items():
        for outcome, fields in (("os", ("vital",)), ("pfs", ("vital", "progressed"))):
            events = sum("1" in [row[field] for field in fields] for row in rows)
            key = Key("survival_by_exposure", outcome, f"infused[prior_bcma={group}]")
            assert results.value(key._replace(statistic="n")) == len(rows)
            assert results.value(key._replace(statistic="events")) == events


def test_the_redcap_example_is_labelled_synthetic(myeloma, exported):
    study, _ = myeloma
    assert {row["origin"] for rows in exported.values() for row in rows} == {"2"}
    assert study.label == SYNTHETIC_LABEL


def test_the_redcap_example_is_written_by_its_script(root, tmp_path, monkeypatch):
    folder = root / "data" / "examples" / "myeloma_redcap"
    spec = importlib.util.spec_from_file_location("make_myeloma", folder / "make.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    script.main()
    for name in ("export.csv", "data_dictionary.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
