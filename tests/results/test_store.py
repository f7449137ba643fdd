"""A long computation runs once for the same study and the same code, and again for any other."""

from __future__ import annotations

import json
import math
import os
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from analysis_lib.results import store
from analysis_lib.results.rows import Key, Omitted, Results, Row
from analysis_lib.results.store import kept_results
from analysis_lib.study.study import Study


class Counter:
    """A computation that counts how often it runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> Results:
        self.runs += 1
        return Results(
            (
                Row(Key("made_up", time_months=6.0, statistic="n"), 0.1 + 0.2, "patients", n=3),
                Row(Key("made_up", statistic="p_value"), math.nan, denominator=4, method="none"),
            ),
            "",
        )


def rows_of(study: Study, compute: Counter) -> tuple[Row, ...]:
    found = kept_results(study, "made_up", compute)
    assert isinstance(found, Results)
    return found.rows


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CART_REPORT_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_the_second_call_reads_the_same_rows_to_the_bit(study: Study, folder: Path) -> None:
    compute = Counter()
    first, second = (rows_of(study, compute) for _ in range(2))
    assert compute.runs == 1
    assert repr(first) == repr(second)
    assert second[0].value == 0.1 + 0.2


def test_other_patients_parameters_or_names_are_computed(study: Study, folder: Path) -> None:
    compute = Counter()
    other_patients = replace(study, patients=study.patients.iloc[1:])
    other_level = replace(study, parameters=replace(study.parameters, confidence_level=0.9))
    for one in (study, other_patients, other_level):
        kept_results(one, "made_up", compute)
    kept_results(study, "other", compute)
    assert compute.runs == 4
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize(
    "damage", ["", "{", '[{"key": [1]}]', '[{"value": 1}]', "[3]", '{"a": 1}', '{"rows": []}', "3"]
)
def test_a_damaged_file_is_computed_again(study: Study, folder: Path, damage: str) -> None:
    compute = Counter()
    kept_results(study, "made_up", compute)
    (path,) = folder.iterdir()
    path.write_text(damage)
    assert len(rows_of(study, compute)) == 2
    assert compute.runs == 2


@pytest.mark.parametrize("damage", ["value", "row"])
def test_a_file_with_another_number_or_a_row_less_is_computed_again(
    study: Study, folder: Path, damage: str
) -> None:
    compute = Counter()
    first = rows_of(study, compute)
    (path,) = folder.iterdir()
    document = json.loads(path.read_text())
    if damage == "row":
        document["rows"].pop()
    else:
        document["rows"][0]["value"] = 7.0
    path.write_text(json.dumps(document))
    assert repr(rows_of(study, compute)) == repr(first)
    assert compute.runs == 2


def test_whoever_asks_while_another_computes_waits_for_its_rows(study: Study, folder: Path) -> None:
    begun, may_end, compute = Event(), Event(), Counter()

    def slowly() -> Results:
        begun.set()
        assert may_end.wait(60)
        return compute()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept_results, study, "made_up", slowly)
        assert begun.wait(60)
        second = pool.submit(rows_of, study, compute)
        assert not wait([second], timeout=0.2).done
        may_end.set()
        assert isinstance(found := first.result(), Results)
        assert repr(second.result()) == repr(found.rows)
    assert compute.runs == 1
    assert [path.suffix for path in folder.iterdir()] == [".json"]


def test_what_is_left_out_is_asked_again(study: Study, folder: Path) -> None:
    left_out = Omitted("Too few events.")
    assert kept_results(study, "made_up", lambda: left_out) is left_out
    assert len(rows_of(study, Counter())) == 2


def test_a_folder_that_cannot_be_made_costs_only_the_time(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CART_REPORT_CACHE", str(tmp_path / "file" / "kept"))
    compute = Counter()
    assert len(rows_of(study, compute)) == 2
    assert compute.runs == 1


def test_what_another_version_kept_is_computed_and_a_clock_set_back_changes_nothing(
    study: Study, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = Counter()
    rows_of(study, compute)
    (path,) = folder.iterdir()
    os.utime(path, (2**32, 2**32))  # written in the future
    rows_of(study, compute)
    assert compute.runs == 1
    store._digest_of_code.cache_clear()
    monkeypatch.setattr(store, "version", lambda library: "0.0")
    rows_of(study, compute)
    assert compute.runs == 2
    store._digest_of_code.cache_clear()
