"""A cohort as far as it goes: its report without a fault, or the message that refuses it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd
from notebook_run import chapter_name, chapter_scripts, run_notebooks

from analysis_lib.errors import CartReportError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Results
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.whole import all_results

# Why a valid extract can still give no report: what is asked for cannot be had of its patients.
REFUSALS = (
    "a comparison needs two",
    "no patient is left after",
    "model_population: is 'responders'",
    "is not a column of the extract",
    "lie beyond",
    "time_zero",
)
WHOLE = {"flow", "toxicity", "response", "survival_by_exposure", "cox_univariable"}
ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = tuple(chapter_name(path) for path in chapter_scripts(ROOT))
OF_PATIENTS = tuple(x for x in CHAPTERS if x not in ("published_comparison", "appendix"))


def open_extract(table: pd.DataFrame, folder: Path, parameters: dict[str, Any]) -> Study | str:
    """The study of an extract and parameters, or why there is none."""
    path = folder / "extract.csv"
    table.to_csv(path, index=False)
    try:
        return make_study(
            parse_parameters({"preset": "aldoss_2024", **parameters, "cohort": str(path)}),
            root=ROOT,
        )
    except CartReportError as error:
        return str(error)


def faults_of(
    study: Study, *, chapters: Collection[str] = OF_PATIENTS, quick: bool = True
) -> list[str]:
    """What is wrong with the report of a study: nothing in a whole report."""
    shown = list(run_notebooks(ROOT, study, chapters=chapters, quick=quick))
    assert shown, "no notebook showed anything"
    return [fault for one in shown for fault in one.faults]


def check_results(study: Study) -> Results:
    """The results table; every value is a number or not estimable."""
    results = all_results(study)
    for row in results:
        assert isinstance(row.value, float), row
        if row.unit == "proportion" and row.key.statistic == "proportion":
            assert not row.value < 0 and not row.value > 1, row
    return results


def check_choice(parameters: dict[str, Any]) -> Results:
    """The results table of the embedded cohort under other parameters: every chapter has rows."""
    study = make_study(parse_parameters(parameters), root=ROOT)
    results = check_results(study)
    analyses = {row.key.analysis for row in results}
    assert not WHOLE - analyses, WHOLE - analyses
    assert ("survival_by_timing" in analyses) == (study.groups.variable == "ino")
    return results
