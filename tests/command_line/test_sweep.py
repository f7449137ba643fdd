"""A grid of parameters gives a folder each and one comparison, whatever stops on the way."""

from __future__ import annotations

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis_lib.command_line import sweep as command
from analysis_lib.command_line.main import main
from analysis_lib.errors import OutputError, ParameterError
from analysis_lib.publish.sweep_plan import Combination, combinations, dimensions_of, read_plan
from analysis_lib.publish.sweep_run import FAILED, MADE, Made, Order, make_here, make_on_cluster
from analysis_lib.results.store import COLUMNS
from analysis_lib.study.study import SYNTHETIC_LABEL

PLAN = {
    "parameters": {
        "endpoints": ["os"],
        "claims": "",
        "imputations": 2,
        "bootstrap_resamples": 10,
        "candidates": ["age_decades"],
        "as_published_terms": ["age_decades"],
    },
    "grid": {
        "exposure": ["prior_hct"],
        "who": {
            "Women": {"include": {"sex": ["female"]}},
            "Nobody": {"include": {"sex": ["female"]}, "minimum_age": 110},
        },
    },
}
OVER_TIME = {"early": {"infusion_end": "2022-08-31"}, "late": {"infusion_start": "2022-09-01"}}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"gird": {}}, r"'gird' is no part of it; did you mean 'grid'\?"),
        ({}, "nothing varies; name values under grid"),
        ({"grid": {"exposure": "ino"}}, "grid: exposure: must be a list of values"),
        ({"grid": {"exposure": []}}, "grid: exposure: names no value"),
        ({"grid": {"exposures": ["ino"]}}, r"is no parameter.*did you mean 'exposure'\?"),
        ({"grid": {"entry_p": [0.1, 2]}}, "grid: entry_p: 2: entry_p: must lie between 0 and 1"),
        ({"grid": {"time": {"a": {"infusion_ends": "2022-01-01"}}}}, "is no parameter; did you"),
        ({"grid": {"seed": [1, 1]}}, "two values are called '1' as a folder"),
        ({"grid": {"confidence_level": [0.9, 0.95]}}, "must be the same in all combinations"),
        ({"grid": {"include": [{}], "w": {"a": {"include": {}}}}}, "is set by 'include' and by"),
        (
            {"each": "sex", "grid": {"include": {"women": {"sex": ["female"]}}}},
            "each: sex varies in the grid's 'women' too",
        ),
        ({"each": {"include": "centre"}}, "each: must be a column or a list of columns"),
        ({"each": "sex", "at_most": 0}, "at_most: must be a whole number above 0"),
        ({"parameters": ["ino"], "each": "sex"}, "parameters: must map names to values"),
        ({"parameters": {"entry_p": 7}, "each": "sex"}, "entry_p: must lie between 0 and 1"),
    ],
)
def test_a_bad_plan_is_refused_with_field_rule_and_remedy(given: dict, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        read_plan(given)


def test_every_option_meets_every_other_and_filters_hold_together() -> None:
    plan = read_plan(
        {
            "parameters": {"include": {"marrow_status": ["active"]}},
            "grid": {"exposure": ["ino", "prior_hct"], "time": OVER_TIME},
            "each": "sex",
        }
    )
    dimensions = dimensions_of(plan, lambda column: [("female", "Female"), ("male", "Male")])
    every = combinations(plan, dimensions)
    assert [x.name for x in dimensions] == ["exposure", "time", "sex"]
    assert len(every) == len({x.name for x in every}) == 8
    assert every[0].name == "ino_early_female" and every[-1].labels == ("prior_hct", "late", "Male")
    first = every[0].parameters
    assert first and first.infusion_end == "2022-08-31"
    assert first.include == {"marrow_status": ["active"], "sex": ["female"]}


def test_levels_that_the_plan_filters_out_are_no_combinations() -> None:
    plan = read_plan({"parameters": {"include": {"sex": ["male"]}}, "each": "sex"})
    (dimension,) = dimensions_of(plan, lambda column: [("female", "Female"), ("male", "Male")])
    assert [option.name for option in dimension.options] == ["Male"]
    with pytest.raises(ParameterError, match="no patient has a level of 'sex'"):
        dimensions_of(plan, lambda column: [])


def test_the_number_of_combinations_is_bounded() -> None:
    plan = read_plan({"grid": {"seed": [1, 2, 3], "exposure": ["ino", "sex"]}, "at_most": 5})
    with pytest.raises(ParameterError, match=r"has 6 combinations \(3 of seed, 2 of exposure\)"):
        combinations(plan, plan.grid)


def test_what_contradicts_itself_in_one_combination_has_a_reason_there() -> None:
    plan = read_plan({"grid": {"exposure": ["ino", "sex"]}, "each": "sex"})
    every = combinations(plan, dimensions_of(plan, lambda column: [("female", "Female")]))
    assert every[0].parameters and every[1].parameters is None
    assert "'sex' is the exposure, and this filter leaves 1 of the levels" in every[1].reason


@pytest.fixture
def write_plan(tmp_path: Path) -> Any:
    def write(plan: Any) -> str:
        path = tmp_path / "plan.yaml"
        path.write_text(yaml.safe_dump(plan, sort_keys=False))
        return str(path)

    return write


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"grid": {"exposure": ["ino", "prior_hzt"]}}, "plan: prior_hzt: exposure: 'prior_hzt' is"),
        ({"each": "age_years"}, "each: 'age_years' is no column with levels"),
        ({"each": "sex", "grid": {"cohort": ["a.csv", "b.csv"]}}, "each: needs one extract"),
        ({"parameters": "none.yaml", "each": "sex"}, "none.yaml: cannot be read"),
        ({"parameters": {"cohort": "none.csv"}, "each": "sex"}, "none.csv"),
        (["exposure"], "must map names to values"),
    ],
)
def test_a_plan_that_does_not_fit_the_extract_is_refused_before_anything_is_made(
    plan: Any, said: str, write_plan: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", write_plan(plan), "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, int]:
    """Plan, folder and exit code of a sweep of which one combination has nobody."""
    folder = tmp_path_factory.mktemp("sweep")
    plan = folder / "plan.yaml"
    plan.write_text(yaml.safe_dump(PLAN, sort_keys=False))
    call = ["sweep", str(plan), "--out", str(folder / "out"), "--jobs", "1"]
    return plan, folder / "out", main(call)


def test_a_combination_without_patients_is_a_line_with_its_reason(
    swept: tuple[Path, Path, int],
) -> None:
    _, out, code = swept
    assert code == 1
    names = sorted(path.name for path in out.iterdir())
    assert names == ["comparison.csv", "comparison.html", "prior_hct_women"]
    page = (out / "comparison.html").read_text()
    assert "2 combinations, 1 of them without results" in page
    assert "<td>Nobody</td><td>eligibility: no patient is left after" in page
    assert SYNTHETIC_LABEL in page and 'href="prior_hct_women/results.csv"' in page


def read_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_the_comparison_holds_the_rows_of_the_results(swept: tuple[Path, Path, int]) -> None:
    _, out, _ = swept
    rows = read_rows(out / "comparison.csv")
    of_results = read_rows(out / "prior_hct_women" / "results.csv")
    made = [{name: row[name] for name in COLUMNS} for row in rows if not row["reason"]]
    assert len(made) == 12 and all(row in of_results for row in made)
    assert {row["by_who"] for row in rows if row["reason"]} == {"Nobody"}
    ratio = {row["analysis"]: row for row in made if row["statistic"] == "hazard_ratio"}
    assert set(ratio) == {"cox_ladder_baseline", "cox_ladder_crude"}
    assert {row["contrast"] for row in ratio.values()} == {"yes_vs_no"}


def test_what_is_done_is_not_done_again(
    swept: tuple[Path, Path, int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plan, before, _ = swept
    out = tmp_path / "out"
    shutil.copytree(before, out)
    manifest = out / "prior_hct_women" / "manifest.json"
    written = manifest.stat().st_mtime_ns, (out / "comparison.csv").read_text()
    assert main(["sweep", str(plan), "--out", str(out), "--jobs", "1"]) == 1
    assert "1 kept, 1 refused" in capsys.readouterr().out
    assert written == (manifest.stat().st_mtime_ns, (out / "comparison.csv").read_text())
    changed = {**PLAN, "parameters": {**PLAN["parameters"], "landmarks": [3]}}
    plan = tmp_path / "plan.yaml"
    plan.write_text(yaml.safe_dump(changed))
    assert main(["sweep", str(plan), "--out", str(out), "--jobs", "1"]) == 1
    assert "1 made, 1 refused" in capsys.readouterr().out
    assert json.loads(manifest.read_text())["parameters"]["landmarks"] == [3]


def test_an_interrupted_sweep_keeps_what_is_done_and_says_so(
    swept: tuple[Path, Path, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*arguments: object) -> Iterator[Made]:
        yield Made("prior_hct_women", MADE)
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis_lib.publish.sweep_run.make_here", interrupted)
    plan, out, _ = swept
    assert main(["sweep", str(plan), "--out", str(out)]) == 130
    assert "interrupted; 1 of 2 combinations are done and stay" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--jobs", "0"], ["--reports", "odt"]])
def test_options_are_checked_first(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "no-plan.yaml", "--out", "out", *option]) == 2
    assert option[0] in capsys.readouterr().err


def test_the_project_and_a_file_are_no_folder_of_a_sweep(
    root: Path, write_plan: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = write_plan({"each": "sex"})
    for out in (str(root), plan):
        assert main(["sweep", plan, "--out", out]) == 2
        assert "--out: must" in capsys.readouterr().err


WORK = """
import os, signal
from pathlib import Path
from analysis_lib.errors import OutputError
from analysis_lib.publish.sweep_run import Made

class Work:
    def __init__(self, order, progress):
        self.out = order.out

    def make(self, combination):
        name = combination.name
        begun = self.out / (name + ".begun")
        tries = len(begun.read_text()) if begun.exists() else 0
        begun.write_text("x" * (tries + 1))
        if name == "killed" and not tries or name == "always":
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "full":
            raise OutputError("no space")
        (self.out / name).write_text(str(os.getpid()))
        return Made(name, "made")
"""


@pytest.fixture
def order(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    """An order to a work that ends its own process where a combination is called so."""
    (tmp_path / "work_of_test.py").write_text(WORK)
    path = os.pathsep.join((str(tmp_path), str(root), os.environ.get("PYTHONPATH", "")))
    monkeypatch.setenv("PYTHONPATH", path)
    return Order(root, tmp_path, (), False, ((), ()))


def called(*names: str) -> list[Combination]:
    return [Combination(name, (name,), None) for name in names]


def test_a_killed_process_loses_nothing(order: Order) -> None:
    every = called("a", "killed", "b", "c", "d")
    found = list(make_here("work_of_test:Work", order, every, 2))
    assert {one.name for one in found} == {one.name for one in every}
    assert {one.state for one in found} == {MADE}
    assert (order.out / "killed.begun").read_text() == "xx"
    assert len({(order.out / one.name).read_text() for one in every}) >= 2, "processes"


def test_what_ends_every_process_fails_and_the_others_go_on(order: Order) -> None:
    found = {
        one.name: one for one in make_here("work_of_test:Work", order, called("always", "a"), 1)
    }
    assert found["a"].state == MADE and found["always"].state == FAILED
    assert "(3 tries)" in found["always"].reason


def test_what_cannot_be_written_ends_the_sweep(order: Order) -> None:
    with pytest.raises(OutputError, match="no space"):
        list(make_here("work_of_test:Work", order, called("full"), 1))
    assert (order.out / "full.begun").read_text() == "xxx"


def test_without_the_library_of_clusters_the_remedy_is_said(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(OutputError, match="install cart-report\\[cluster\\]"):
        list(make_on_cluster("tcp://127.0.0.1:1", "work_of_test:Work", order, called("a")))


@pytest.fixture
def scheduler(order: Order) -> Iterator[str]:
    """The address of a Dask scheduler with two workers, each a process."""
    pytest.importorskip("distributed", reason="distributed is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    port = address.rpartition(":")[2]
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", port]
    worker = ["worker", address, "--no-nanny", "--nthreads", "1", "--local-directory"]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options, "--no-dashboard"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for kind, *options in (scheduler, *([*worker, str(order.out / x)] for x in ("w1", "w2")))
    ]
    try:
        _wait_for_workers(address, 2)
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _wait_for_workers(address: str, number: int) -> None:
    from distributed import Client

    end = time.monotonic() + 60
    while True:
        try:
            with Client(address, timeout=5, set_as_default=False) as client:
                client.wait_for_workers(number, timeout=60)
            return
        except OSError:
            if time.monotonic() > end:
                raise


@pytest.mark.filterwarnings("default")
def test_a_cluster_that_loses_a_worker_loses_no_combination(order: Order, scheduler: str) -> None:
    every = called("a", "killed", "b", "c")
    found = list(make_on_cluster(scheduler, "work_of_test:Work", order, every))
    assert {one.name: one.state for one in found} == {one.name: MADE for one in every}
    assert (order.out / "killed.begun").read_text() == "xx"


@pytest.mark.filterwarnings("default")
def test_workers_with_other_code_are_refused(
    order: Order, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "analysis_lib.publish.sweep_run.library_of_workers", lambda client: {"w": []}
    )
    with pytest.raises(OutputError, match="worker w has another version of cart-report"):
        list(make_on_cluster(scheduler, "work_of_test:Work", order, called("a")))


def test_the_plan_of_the_guide_is_a_plan(root: Path) -> None:
    guide = (root / "docs" / "howto" / "sweep.md").read_text(encoding="utf-8")
    shown = [block.partition("```")[0] for block in guide.split("```yaml\n")[1:]]
    assert shown
    for text in shown:
        assert read_plan(yaml.safe_load(text)).at_most
    assert all(part in guide for part in (command.PAGE, command.TABLE))
