"""One survival data set in seven formats gives one table of results."""

from __future__ import annotations

import shutil
from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.store import OF_CONTENT, results_csv
from analysis_lib.study.study import Study, make_study

FORMATS = Path(__file__).parents[1] / "reference" / "formats" / "bmt"
COLUMNS = {
    "id": "patient_id", "grp": "disease_group", "age": "age_years", "sex": "sex",
    "site": "centre", "fab": "fab_4_or_5",
}  # fmt: skip
OF_ADSL = {
    "USUBJID": "patient_id", "TRT01P": "disease_group", "AGE": "age_years", "SEX": "sex",
    "SITEID": "centre", "FABFL": "fab_4_or_5", "STUDYID": '""',
}  # fmt: skip
CODES = """
levels:
  disease_group: {1: all, 2: aml_low, 3: aml_high}
  sex: {1: male, 0: female}
  centre: {1: Ohio State, 2: Alfred, 3: St. Vincent, 4: Hahnemann}
  fab_4_or_5: {1: yes, 0: no}
"""
LABELS = """
levels:
  disease_group: {ALL: all, "AML, low risk": aml_low, "AML, high risk": aml_high}
  sex: {Male: male, Female: female}
  fab_4_or_5: {Yes: yes, No: no}
"""
TIMES = """
dates_from_days:
  zero: {column: infusion_date, date: 2012-01-01}
  death_date: {days: tdeath, where: {dead: 1}}
  relapse_date: {days: trel, where: {rel: 1}}
  last_contact_date: tdeath
"""
NAMED = TIMES.replace("{dead: 1}", "{dead: Dead}, otherwise: {dead: Alive}").replace(
    "{rel: 1}", "{rel: Relapsed}, otherwise: {rel: Relapse free}"
)
ADAM = """
adtte: adtte.xpt
levels:
  disease_group: {ALL: all, "AML, low risk": aml_low, "AML, high risk": aml_high}
  sex: {M: male, F: female}
  centre: {1: Ohio State, 2: Alfred, 3: St. Vincent, 4: Hahnemann}
  fab_4_or_5: {Y: yes, N: no}
dates_from_days:
  zero: {column: infusion_date, date: 2012-01-01}
  death_date: {days: OS_DAYS, where: {OS_EVENT: 1}}
  relapse_date: {days: RELAPSE_DAYS, where: {RELAPSE_EVENT: 1}}
  last_contact_date: OS_DAYS
"""
REDCAP = """
redcap: redcap_dictionary.csv
levels:
  disease_group: {ALL: all, AML low risk: aml_low, AML high risk: aml_high}
"""
VARIABLES = """
variables:
  disease_group:
    label: Disease group
    type: category
    levels: {all: ALL, aml_low: Low, aml_high: High}
  fab_4_or_5: {label: FAB M4 or M5, type: yes_no}
"""
IN_REDCAP = {
    "record_id" if x == "id" else "fab___1" if x == "fab" else x: COLUMNS[x] for x in COLUMNS
}
MAPPINGS = {
    "bmt.csv": (COLUMNS, CODES + TIMES),
    "bmt.sas7bdat": (COLUMNS, CODES + TIMES),
    "bmt.xpt": (COLUMNS, CODES + TIMES),
    "bmt.sav": (COLUMNS, LABELS + NAMED),
    "bmt.dta": (COLUMNS, LABELS + NAMED),
    "adsl.xpt": (OF_ADSL, ADAM),
    "redcap.csv": (IN_REDCAP, REDCAP + TIMES),
}
PARAMETERS = {
    "claims": "", "exposure": "disease_group", "product_access": [], "minimum_age": 0,
    "minimum_followup_days": 0, "infusion_start": "2012-01-01", "infusion_end": "2012-01-01",
    "data_lock": "2019-12-31", "landmarks": [12], "rmst_months": [24],
    "model_population": "infused",
    "as_published_terms": ["age_decades"], "baseline_terms": ["age_decades", "sex", "fab_4_or_5"],
    "before_exposure_terms": ["age_decades"], "candidates": ["age_decades", "sex", "fab_4_or_5"],
    "forced_terms": ["age_decades"], "imputations": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, Study]:
    """The study of each format, under its mapping."""
    folder = tmp_path_factory.mktemp("formats")
    shutil.copytree(FORMATS, folder, dirs_exist_ok=True)
    made = {}
    for name, (columns, rest) in MAPPINGS.items():
        named = "".join(f"  {theirs}: {ours}\n" for theirs, ours in columns.items())
        (folder / f"{name}.yaml").write_text(f"columns:\n{named}{rest}{VARIABLES}")
        files = {"cohort": str(folder / name), "mapping": str(folder / f"{name}.yaml")}
        made[name] = make_study(parse_parameters({**PARAMETERS, **files}), root=root)
    return made


def test_the_patients_are_the_same_in_every_format(studies):
    first, *others = (study.patients for study in studies.values())
    assert (
        len(first) == 137 and first["os_event"].sum() == 81 and first["relapse_date"].count() == 42
    )
    for other in others:
        pd.testing.assert_frame_equal(other, first)


def test_the_studies_differ_in_their_files_alone(studies):
    """So that a table of results that is kept for one of them is also that of the others."""
    apart = ("parameters", "patients", "computed", "intake_notes")
    kept = [x.name for x in fields(Study) if x.name not in apart]
    first, *others = (
        [
            *(getattr(study, name) for name in kept),
            {x: y for x, y in asdict(study.parameters).items() if x not in OF_CONTENT},
        ]
        for study in studies.values()
    )
    for other in others:
        assert other == first


def test_seven_formats_give_one_table_of_results(studies, results_of):
    tables = {name: results_csv(results_of(study)) for name, study in studies.items()}
    assert len(tables) == 7 and set(tables.values()) == {tables["bmt.csv"]}
    assert len(tables["bmt.csv"].splitlines()) > 1000
