"""Kernels forked from a process that has computed what they need, and the end of that process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from analysis_lib.errors import BuildError, SourceError
from analysis_lib.publish.execute import execute_notebooks
from analysis_lib.publish.request import ignore_progress
from analysis_lib.publish.warm import can_fork, in_a_copy, worker

WORK = """
from analysis_lib.errors import SourceError
computed = []
class Work:
    def __init__(self, order, progress):
        if order == "refused":
            raise SourceError("age must be >= 18")
        progress("compute", 1, 2, 0.5)
        computed.append(order)
    def facts(self):
        return computed
    def fail(self):
        1 / 0
    def end(self):
        import os
        os._exit(7)
    def beside(self):
        from time import sleep
        from analysis_lib.publish.warm import in_a_copy
        with in_a_copy(lambda: (write_pids("copy"), sleep(600))):
            sleep(600)
def write_pids(name):
    import os
    with open(name, "w") as file:
        file.write(f"{os.getpid()} {os.getppid()}")
"""
# A build that is computing, with a kernel that computes as well.
BUILD = """
from pathlib import Path
from analysis_lib.publish.execute import execute_notebooks
from analysis_lib.publish.request import ignore_progress
from analysis_lib.publish.warm import worker
with worker("some_work:Work", "study", ignore_progress) as work:
    execute_notebooks((Path("01_a.ipynb"),), parameters={}, folder=Path.cwd(), fork=work.fork)
"""
COMPUTING = """
from analysis_lib.publish.request import ignore_progress
from analysis_lib.publish.warm import worker
with worker("some_work:Work", "study", ignore_progress) as work:
    work.ask("beside")
"""
# Seconds in which what is ended is over, however busy the machine: far from the ten minutes after
# which the kernel would end by itself.
LIMIT = 120
WAIT = """
import os, time
open("kernel", "w").write(f"{os.getpid()} {os.getppid()}")
time.sleep(600)
"""

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system does not fork safely")


@pytest.fixture(autouse=True)
def work_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the work, where it is imported from."""
    (tmp_path / "some_work.py").write_text(WORK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path


def write_notebook(book: SimpleNamespace, folder: Path, *sources: str) -> Path:
    cells = [book.code(source) for source in ("given = 1", *sources)]
    cells[0].metadata["tags"] = ["parameters"]
    path = folder / "01_a.ipynb"
    nbformat.write(book.chapter("# Chapter", *cells), path)
    return path


def test_a_forked_kernel_has_what_was_computed_and_else_sees_what_a_new_one_sees(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    seen = "(given, __name__, os.getcwd() == here, matplotlib.get_backend(), hash('a'))"
    path = write_notebook(
        book,
        tmp_path,
        f"import os, matplotlib\nhere = {str(tmp_path.resolve())!r}\n{seen}",
        "import some_work\nsome_work.computed",
    )
    steps: list[tuple[object, ...]] = []
    with worker("some_work:Work", "study", lambda *step: steps.append(step)) as work:
        assert work.ask("facts") == ["study"]
        shown = []
        for fork in (work.fork, None):
            (run,) = execute_notebooks(
                (path,), parameters={"given": 2}, folder=tmp_path.resolve(), fork=fork
            )
            cells = run.notebook.cells
            shown.append([x.data["text/plain"] for c in cells for x in c.get("outputs", [])])
    assert steps == [("compute", 1, 2, 0.5)]
    assert shown[0][0] == shown[1][0]
    assert [texts[1] for texts in shown] == ["['study']", "[]"]


def test_what_the_work_refuses_or_fails_at_reaches_the_build() -> None:
    with (
        pytest.raises(SourceError, match=r"^age must be >= 18$"),
        worker("some_work:Work", "refused", ignore_progress) as work,
    ):
        work.ask("facts")
    with worker("some_work:Work", "study", ignore_progress) as work:
        with pytest.raises(BuildError, match="ZeroDivisionError"):
            work.ask("fail")
        assert work.ask("facts") == ["study"]
        with pytest.raises(BuildError, match=r"ended by itself \(7\)"):
            work.ask("end")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize(("code", "name"), [(BUILD, "kernel"), (COMPUTING, "copy")])
def test_nothing_goes_on_when_the_build_is_ended(
    book: SimpleNamespace,
    tmp_path: Path,
    processes: SimpleNamespace,
    number: signal.Signals,
    code: str,
    name: str,
) -> None:
    write_notebook(book, tmp_path, WAIT)
    build = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.DEVNULL, env={**os.environ}
    )
    written = tmp_path / name
    started = processes.wait_until(lambda: written.is_file() and written.read_text(), LIMIT)
    build.send_signal(number)
    build.wait(timeout=LIMIT)
    assert started
    for process in written.read_text().split():
        assert processes.wait_until(
            lambda process=process: not processes.is_running(int(process)), LIMIT
        )


def test_a_copy_works_beside_and_is_awaited(tmp_path: Path) -> None:
    written = tmp_path / "pid"
    with in_a_copy(lambda: (time.sleep(0.2), written.write_text(str(os.getpid())))):
        assert not written.exists()
    assert int(written.read_text()) != os.getpid()


def test_a_copy_that_fails_leaves_nothing_and_stops_nobody() -> None:
    with in_a_copy(lambda: 1 / 0):
        pass


def test_a_copy_ends_with_an_error_beside_it(tmp_path: Path) -> None:
    written = tmp_path / "late"
    begun = time.monotonic()
    with (
        pytest.raises(KeyError),
        in_a_copy(lambda: (time.sleep(LIMIT), written.write_text("late"))),
    ):
        raise KeyError
    assert time.monotonic() - begun < LIMIT
    assert not written.exists()
