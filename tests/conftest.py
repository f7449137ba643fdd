"""Fixtures that several folders share: the project, its dictionary, default study and claims."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from analysis_lib import ONE_THREAD

os.environ.update(ONE_THREAD)  # before numpy, as the command line does

import pandas as pd
import pytest

from analysis_lib.article.audit.finding import Audit, Finding
from analysis_lib.article.claims.claim import COLUMNS, Claim
from analysis_lib.article.claims.read import read_claims
from analysis_lib.article.comparison.compare import compare
from analysis_lib.article.comparison.published import PublishedComparison, compared_with_claims
from analysis_lib.dictionary import Dictionary, read_dictionary
from analysis_lib.format import take_notes
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish.trace import trace_numbers
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.results.store import FOLDER_VARIABLE, digest_of, kept_results, results_csv
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.whole import all_results
from analysis_lib.writing import release, take_lock

pytest_plugins = ["drawn", "tabled"]  # figures to look at, and the tables of each kind
ROOT = Path(__file__).resolve().parents[1]
PERCENT = {
    "claim_id": "crs_pct",
    "section": "toxicity",
    "analysis": "toxicity",
    "outcome": "crs",
    "population": "crs_evaluable",
    "statistic": "proportion",
    "value": "83",
    "comparator": "=",
    "printed_decimals": "0",
    "unit": "%",
    "source": "Table 2",
    "note": "as printed",
}

WriteClaims = Callable[..., Path]
MakeClaim = Callable[..., Claim]
MakeResults = Callable[..., Results]
ResultsOf = Callable[[Study], Results]
Untraced = Callable[..., list[str]]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    return read_dictionary(ROOT / "data" / "dictionary.csv")


@pytest.fixture(scope="session")
def study_of() -> Callable[..., Study]:
    """Makes the study of some parameters on the embedded cohort, once each."""
    made: dict[str, Study] = {}

    def make(**parameters: Any) -> Study:
        name = repr(sorted(parameters.items()))
        if name not in made:
            made[name] = make_study(parse_parameters(parameters), root=ROOT)
        return made[name]

    return make


@pytest.fixture(scope="session")
def study(study_of: Callable[..., Study]) -> Study:
    return study_of()


@pytest.fixture(scope="session")
def results_of(tmp_path_factory: pytest.TempPathFactory) -> ResultsOf:
    """All results of a study, computed once in a run: the first worker to ask keeps them.

    A worker reads them once.
    """
    folder, read = tmp_path_factory.getbasetemp(), dict[str, Results]()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of the run, which the workers share

    def make(study: Study) -> Results:
        digest = digest_of(study, "all_results")
        if digest not in read:
            read[digest] = computed_in_run(study)
        return read[digest]

    def computed_in_run(study: Study) -> Results:
        lock = folder / "results.lock"
        held = take_lock(lock, wait=True)
        assert held is not None
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(FOLDER_VARIABLE, str(folder / "results"))
                found = kept_results(study, "all_results", lambda: all_results(study))
        finally:
            release(lock, held)
        assert isinstance(found, Results)
        return found

    return make


@pytest.fixture(scope="module")
def computed_once(results_of: ResultsOf) -> Iterator[None]:
    """What commands and comparisons ask all results for, they get of those computed once."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("article.comparison.published", "command_line.study_work"):
            patch.setattr(
                f"analysis_lib.{module}.all_results", lambda study, **_progress: results_of(study)
            )
        yield


@pytest.fixture
def extract() -> pd.DataFrame:
    """The embedded cohort as text, to be changed and written elsewhere."""
    return pd.read_csv(ROOT / "data" / "cohort.csv", dtype=str, keep_default_na=False)


@pytest.fixture
def write_extract(tmp_path: Path) -> Callable[[pd.DataFrame], Path]:
    def write(frame: pd.DataFrame) -> Path:
        path = tmp_path / "extract.csv"
        frame.to_csv(path, index=False)
        return path

    return write


@pytest.fixture(scope="session")
def claims() -> tuple[Claim, ...]:
    return read_claims(ROOT / "data" / "published.csv")


@pytest.fixture
def write_claims(tmp_path: Path) -> WriteClaims:
    """Write lines that differ from a valid one by the given columns; `drop` leaves one out."""

    def write(*changes: dict[str, str], drop: str = "") -> Path:
        path = tmp_path / "claims.csv"
        columns = [column for column in COLUMNS if column != drop]
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**PERCENT, **change} for change in changes)
        return path

    return write


@pytest.fixture
def claim(write_claims: WriteClaims) -> MakeClaim:
    """One claim: the percent of patients with CRS, with the given columns changed."""

    def make(**change: str) -> Claim:
        return read_claims(write_claims(change))[0]

    return make


@pytest.fixture
def results_with() -> MakeResults:
    """Results of one row that has a claim's key."""

    def make(claim: Claim, value: float, unit: str = "proportion") -> Results:
        return Results((Row(claim.key, value, unit), Row(Key("flow"), 1.0, "patients")), "label")

    return make


@pytest.fixture
def untraced(tmp_path: Path) -> Untraced:
    """The findings on what one cell shows: `untraced(show, rows)`, rows of the results beside it.

    A cell that shows no number at all proves nothing and fails.
    """

    def trace(show: Callable[[], Any], rows: Iterable[Row], **parameters: Any) -> list[str]:
        take_notes()
        output = {"output_type": "display_data", "data": show()._repr_mimebundle_()}
        cell = {"cell_type": "code", "source": "show()", "outputs": [output]}
        (tmp_path / "01_a.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
        table = tmp_path / "rows.csv"
        table.write_text(results_csv(Results(tuple(rows), "")), encoding="utf-8")
        traced = trace_numbers(tmp_path, table, {**asdict(Parameters()), **parameters})
        assert traced.rows + traced.values
        return [finding.partition(": ")[2] for finding in traced.findings]

    return trace


@pytest.fixture(scope="session")
def published(study: Study, results_of: ResultsOf) -> PublishedComparison:
    """The embedded cohort beside the article."""
    made = compared_with_claims(study, results_of(study))
    assert isinstance(made, PublishedComparison)
    return made


@pytest.fixture(scope="session")
def every_status(
    study: Study, results_of: ResultsOf, claims: tuple[Claim, ...]
) -> PublishedComparison:
    """A comparison that holds every status, however well the embedded cohort does.

    The first percent is printed wrong and stands in an impossible finding, the first hazard ratio
    is printed wrong, and the first survival estimate is of a time that nobody looks at.
    """
    percent, ratio, survival = (
        next(x for x in claims if (x.key.statistic, x.comparator) == (name, "="))
        for name in ("proportion", "hazard_ratio", "survival")
    )
    changed = {
        percent: replace(percent, printed="99", value=99.0),
        ratio: replace(ratio, printed="9.99", value=9.99),
        survival: replace(survival, key=survival.key._replace(time_months=99.0)),
    }
    explanation = "The percent of 1 of 2 is 50, but 99% is printed."
    found = (
        Finding("rule", "Sex", "impossible", explanation, (percent.claim_id,), "It says nothing."),
        Finding("rule", "Age", "needs another denominator or test", "The ages need another.", ()),
        Finding("rule", "CRS", "not checkable", "No count is printed.", ()),
        Finding("rule", "Dose", "consistent", "The doses agree.", ()),
    )
    audit = Audit(found)
    results = results_of(study)
    compared = compare([changed.get(claim, claim) for claim in claims], results, audit=audit)
    return PublishedComparison(compared, audit, results, "published.csv", ())
