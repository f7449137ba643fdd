"""A build that is interrupted, killed or out of space leaves the report whole and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from broken_builds import make_project, request_for
from nbformat.v4 import new_notebook

from analysis_lib.errors import OutputError, SourceError
from analysis_lib.publish import build
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.publish import previous_of, publish, staging_folder, sweep
from analysis_lib.writing import take_lock, write_text

# Seconds in which what is ended is over, however busy the machine: far from the ten minutes after
# which each program here would end by itself.
LIMIT = 120

# Holds the staging folder of a target, says so, and waits to be ended.
HOLD = """
import sys, time
from pathlib import Path
from analysis_lib.publish.publish import staging_folder
with staging_folder(Path(sys.argv[1])) as staging:
    (staging / "half").write_text("half")
    print("holding", flush=True)
    time.sleep(600)
"""
# Starts a kernel that computes for ten minutes, says its number, and waits to be killed.
COMPUTE = """
import sys
from pathlib import Path
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from analysis_lib.publish.execute import execute_notebooks
code = "import os, time\\nopen('kernel', 'w').write(str(os.getpid()))\\ntime.sleep(600)"
cells = [new_code_cell("", metadata={"tags": ["parameters"]}), new_code_cell(code)]
nbformat.write(new_notebook(cells=cells), "01_a.ipynb")
execute_notebooks((Path("01_a.ipynb"),), parameters={}, folder=Path.cwd())
"""

# A build whose notebooks take ten minutes.
RUN = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from broken_builds import make_project, request_for
from analysis_lib.publish import build
def execute(*notebooks, **options):
    print("running", flush=True)
    time.sleep(600)
build.execute_notebooks = execute
root = make_project(Path(sys.argv[2]))
build.build_report(request_for(root, root / "report"))
"""

# A command that takes ten minutes.
COMMAND = """
import sys, time
from analysis_lib.command_line import verify
from analysis_lib.command_line.main import main
def run(arguments):
    print("running", flush=True)
    time.sleep(600)
verify.run_verify = run
sys.exit(main(["verify", "report"]))
"""


def start(code: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, **options
    )


def hold(target: Path) -> subprocess.Popen[str]:
    """Another process that is building there."""
    process = start(HOLD, str(target))
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    return process


def end(process: subprocess.Popen[str], number: signal.Signals) -> None:
    process.send_signal(number)
    process.communicate(timeout=LIMIT)


def test_a_build_broken_at_any_file_operation_leaves_a_whole_report(tmp_path: Path) -> None:
    program = Path(__file__).with_name("broken_builds.py")
    run = subprocess.run(
        [sys.executable, str(program), str(tmp_path)], capture_output=True, text=True, check=True
    )
    found = json.loads(run.stdout)
    assert {fault: result["problems"] for fault, result in found.items()} == {
        fault: [] for fault in ("kill", "interrupt", "hammer", "full", "write", "closed")
    }
    assert all(result["status"] == 0 for result in found.values())  # the last one was let through
    assert min(result["broken"] for result in found.values()) >= 15


def test_second_build_into_a_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    target = tmp_path / "report"
    first = hold(target)
    with (
        pytest.raises(OutputError, match=r"another build is writing to .*report"),
        staging_folder(target),
    ):
        pytest.fail("two builds share a folder")
    with staging_folder(tmp_path / "other"):
        sweep(tmp_path)
    assert (tmp_path / ".cart-report-report" / "half").read_text() == "half"
    end(first, signal.SIGKILL)
    with staging_folder(target) as staging:
        assert list(staging.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_killed_build_leaves_no_row_of_a_patient(tmp_path: Path) -> None:
    process = start(RUN, str(Path(__file__).parent), str(tmp_path))
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    lent = [x for x in tmp_path.rglob("*") if x.name == "cohort.csv"]
    end(process, signal.SIGKILL)
    assert len(lent) == 2, "the build reads the extract by a name of its own"
    files = [x for x in tmp_path.rglob("*") if x.is_file() and not x.is_symlink()]
    assert [x for x in files if b"P017" in x.read_bytes()] == [tmp_path / "cohort.csv"]


def test_an_extract_that_changes_during_a_build_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_project(tmp_path)

    def execute(*notebooks: object, **options: object) -> tuple[ExecutedNotebook, ...]:
        (root / "cohort.csv").write_text("P017\nP018\n")
        return (ExecutedNotebook("01_a", new_notebook(), ()),)

    monkeypatch.setattr(build, "execute_notebooks", execute)
    with pytest.raises(SourceError, match=r"cohort\.csv changed while the report was built"):
        build.build_report(request_for(root, root / "report"))
    assert not (root / "report").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_ended_says_so(number: signal.Signals) -> None:
    process = start(COMMAND, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(number)
    _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    assert said == "cart-report: interrupted; nothing was changed\n"


def test_what_a_killed_build_left_goes_with_the_next_build_beside_it(tmp_path: Path) -> None:
    end(hold(tmp_path / "report"), signal.SIGKILL)
    assert len(list(tmp_path.iterdir())) == 2
    with staging_folder(tmp_path / "another"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_report_moved_away_by_a_killed_build_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "report"
    end(hold(target), signal.SIGKILL)
    previous_of(target).mkdir()
    (previous_of(target) / "index.html").write_text("first")
    sweep(tmp_path)
    assert (target / "index.html").read_text() == "first"
    assert list(tmp_path.iterdir()) == [target]


def test_what_came_into_the_target_during_a_build_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "report"
    with pytest.raises(OutputError, match="holds remarks"), staging_folder(target) as staging:
        (staging / "bundle").mkdir()
        target.mkdir()
        (target / "remarks.txt").write_text("mine")
        publish(staging / "bundle", target)
    assert (target / "remarks.txt").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [target]


def test_staging_folder_is_private_to_its_owner(tmp_path: Path) -> None:
    with staging_folder(tmp_path / "report") as staging:
        assert staging.stat().st_mode & 0o077 == 0


def test_kernel_ends_with_a_killed_build_and_its_files_with_the_next(
    tmp_path: Path, processes: SimpleNamespace
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "TMPDIR": str(scratch)}
    build = start(COMPUTE, cwd=tmp_path, env=environment)
    kernel = tmp_path / "kernel"
    started = processes.wait_until(lambda: kernel.is_file() and kernel.read_text(), LIMIT)
    end(build, signal.SIGKILL)
    assert started
    assert processes.wait_until(lambda: not processes.is_running(int(kernel.read_text())), LIMIT)
    assert any(name.name.startswith(".cart-report-kernels-") for name in scratch.iterdir())
    sweep(scratch)
    assert list(scratch.iterdir()) == []


def test_file_is_written_through_a_link_and_never_over_a_device(tmp_path: Path) -> None:
    real = tmp_path / "real.csv"
    real.write_text("before")
    (tmp_path / "link.csv").symlink_to(real)
    write_text("after", tmp_path / "link.csv")
    assert real.read_text() == "after"
    assert (tmp_path / "link.csv").is_symlink()
    for refused in (Path("/dev/null"), tmp_path):
        with pytest.raises(OutputError, match="must be a file"):
            write_text("text", refused)


def test_file_takes_over_what_a_killed_writer_left(tmp_path: Path) -> None:
    (tmp_path / ".results.csv.part").write_text("half of a very long text")
    write_text("whole", tmp_path / "results.csv")
    assert (tmp_path / "results.csv").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]


def test_failed_write_keeps_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "results.csv"
    path.write_text("before")

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match=r"results\.csv: cannot be written .No space"):
        write_text("after", path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_lock_is_held_by_one_and_ends_with_its_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = take_lock(path, wait=False)
    assert first is not None
    assert take_lock(path, wait=False) is None
    os.close(first)
    second = take_lock(path, wait=False)
    assert second is not None
    os.close(second)
