"""A warm process: it does the work that all chapters share once, and kernels are forked from it.

A kernel that is forked has the libraries imported and the results computed. The process has one
thread, or a fork of it would not be safe, and no socket of a kernel.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from analysis_lib import ONE_THREAD
from analysis_lib.errors import BuildError, CartReportError
from analysis_lib.publish.request import Progress

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
HASH_SEED = "0"  # so that sets have the same order in every run
# One thread, and the backend that a kernel would choose when it starts.
ENVIRONMENT = {
    "PYTHONHASHSEED": HASH_SEED,
    **ONE_THREAD,
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
PARENT_SECONDS = 1.0  # between two looks whether the process that is worked for still lives


def can_fork() -> bool:
    """Whether kernels can be forked; on macOS its own libraries forbid it."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def search_path() -> str:
    """PYTHONPATH with this library in front."""
    parts = (str(PACKAGE_PARENT), os.environ.get("PYTHONPATH", ""))
    return os.pathsep.join(part for part in parts if part)


def kernel_options(connection_file: str) -> list[str]:
    """What ipykernel is told: its end is no error, and its cells are in no history of the user."""
    return ["-f", connection_file, "--log-level=CRITICAL", "--HistoryManager.enabled=False"]


class Worker(Protocol):
    """Where tasks of the work are done."""

    @property
    def fork(self) -> Callable[[str, str], int] | None:
        """Starts a kernel that has the results: with a connection file, in a folder."""

    def ask(self, task: str, *arguments: object) -> Any:
        """The answer of a task."""


@contextmanager
def worker(place: str, order: object, progress: Progress) -> Iterator[Worker]:
    """Work at `module:class`, made from an order, in a warm process or, without forks, in this one.

    Raises
    ------
    CartReportError
        The work refuses its order.
    BuildError
        It fails.
    """
    if not can_fork():
        yield WorkHere(place, order, progress)
        return
    process = WarmProcess(place, order, progress)
    try:
        yield process
    finally:
        process.end()


class WorkHere:
    """The work in this process, of which no kernel can be made."""

    fork = None

    def __init__(self, place: str, order: object, progress: Progress) -> None:
        self._work = class_at(place)(order, progress)

    def ask(self, task: str, *arguments: object) -> Any:
        return getattr(self._work, task)(*arguments)


class WarmProcess:
    """The work in a process of its own, which ends with this one."""

    def __init__(self, place: str, order: object, progress: Progress) -> None:
        self._progress = progress
        self._turn = threading.Lock()  # notebooks are run by several threads
        self._connection, theirs = Pipe()
        code = f"from analysis_lib.publish.warm import serve; serve({theirs.fileno()})"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            env={**os.environ, **ENVIRONMENT, "PYTHONPATH": search_path()},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the process that it works for
        )
        theirs.close()
        self._connection.send((os.getpid(), place, order))
        self._has_begun = False

    def ask(self, task: str, *arguments: object) -> Any:
        with self._turn:
            try:
                if not self._has_begun:
                    self._answer()
                    self._has_begun = True
                self._connection.send((task, arguments))
                return self._answer()
            except (EOFError, ConnectionError):
                code = self._process.wait()
                raise BuildError(f"the process that computes ended by itself ({code})") from None

    def _answer(self) -> Any:
        while True:
            kind, content = self._connection.recv()
            if kind == "failed":
                raise content
            if kind == "done":
                return content
            self._progress(*content)

    def fork(self, connection_file: str, folder: str) -> int:
        return int(self.ask("fork", connection_file, folder))

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()


def serve(descriptor: int) -> None:
    """Begin the work, and do one task after another until the other end is gone."""
    connection = Connection(descriptor)
    parent, place, order = connection.recv()
    _end_with(parent)
    with contextlib.suppress(EOFError, ConnectionError):
        kind, work = _outcome(
            lambda: class_at(place)(order, lambda *step: connection.send(("step", step)))
        )
        connection.send((kind, work if kind == "failed" else None))
        while True:
            task, arguments = connection.recv()
            do = partial(_fork, connection) if task == "fork" else getattr(work, task)
            connection.send(_outcome(partial(do, *arguments)))


def _outcome(do: Callable[[], object]) -> tuple[str, Any]:
    """What came out, or an error that the one who asked can raise."""
    try:
        return "done", do()
    except CartReportError as error:
        return "failed", error
    except Exception:
        return "failed", BuildError(traceback.format_exc())


def class_at(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def _end_with(parent: int) -> None:
    """End soon after the parent does, however it ends, in the middle of whatever is computed."""

    def look(number: int, frame: FrameType | None) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, PARENT_SECONDS, PARENT_SECONDS)


@contextmanager
def in_a_copy(work: Callable[[], object]) -> Iterator[None]:
    """Do the work in a copy of this process as well, for what it leaves in files, and await it.

    If the copy fails, nothing is left of it: whoever asks for the same here finds out why.
    """
    this, copy = os.getpid(), os.fork()
    if not copy:
        try:
            _end_with(this)
            work()
        finally:
            os._exit(0)
    try:
        yield
    except BaseException:
        os.kill(copy, signal.SIGKILL)
        raise
    finally:
        os.waitpid(copy, 0)


def _fork(connection: Connection, connection_file: str, folder: str) -> int:
    """Start a kernel as a copy of this process; the number of its process."""
    gc.freeze()  # what all have stays where it is, and is shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here asks how a kernel ended
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        connection.close()
        _run_kernel(connection_file, folder)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def _run_kernel(connection_file: str, folder: str) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    for number in (signal.SIGALRM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(folder)
    sys.argv = ["ipykernel_launcher", *kernel_options(connection_file)]
    application = IPKernelApp.instance(parent_handle=os.getppid())
    application.initialize()
    application.start()
