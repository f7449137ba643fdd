"""The kernels of a build: each in this interpreter, started anew or forked from a warm process."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import default
from traitlets.config import Config

from analysis_lib.publish.publish import staging_folder
from analysis_lib.publish.warm import HASH_SEED, kernel_options, search_path

LONGEST_SOCKET = 90  # bytes of a path, to which ipykernel adds `-ipc-5`
_MANAGERS: WeakSet[InterpreterKernelManager] = WeakSet()

Fork = Callable[[str, str], int]
"""Starts a kernel with a connection file in a folder; the number of its process."""


class InterpreterKernelManager(AsyncKernelManager):
    """Starts ipykernel in `sys.executable`, over files rather than TCP where the system can.

    A kernelspec named python3 in the user's own folder would otherwise decide which packages
    the report is computed with. Its connection files lie in `folder`. With `fork` the kernel is
    a copy of a process that has imported, and computed, what all chapters need.
    """

    folder = Path(tempfile.gettempdir())
    fork: Fork | None = None

    def __init__(self, *, kernel_name: str, config: Config | None = None) -> None:
        super().__init__(kernel_name=kernel_name, config=config)
        if self.fork is not None:
            self.provisioner = ForkedProvisioner(
                kernel_id=uuid.uuid4().hex, kernel_spec=self.kernel_spec, parent=self
            )
        _MANAGERS.add(self)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one kernel this manager knows, with hash order fixed for reproducible outputs."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", *kernel_options("{connection_file}")],
            display_name="Python 3",
            language="python",
            env={"PYTHONHASHSEED": HASH_SEED, "PYTHONPATH": search_path()},
        )

    @default("transport")
    def _transport(self) -> str:
        # Sockets as files are private to the user and spare ipykernel's warning about open TCP,
        # but the system limits the length of their paths.
        usable = os.name != "nt" and len(os.fsencode(self.connection_file)) <= LONGEST_SOCKET
        return "ipc" if usable else "tcp"

    @default("connection_file")
    def _connection_file(self) -> str:
        return str(self.folder / f"{uuid.uuid4().hex[:8]}.json")


class ForkedProvisioner(LocalProvisioner):
    """A kernel that another process forks, in place of a command that is started."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        manager: Any = self.parent
        folder = str(options.get("cwd") or Path.cwd())
        pid = manager.fork(manager.connection_file, folder)
        self.process = ForkedKernel(pid)  # type: ignore[assignment]
        self.pid = self.pgid = pid  # it leads a group of its own
        return self.connection_info


class ForkedKernel:
    """The process of a forked kernel, in those words of `subprocess.Popen` that its owner uses.

    It is no child of this process, and its parent lets it go without a trace: how it ended cannot
    be known.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        while self.poll() is None:
            time.sleep(0.02)
        return 0

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


@contextmanager
def kernel_managers(fork: Fork | None = None) -> Iterator[type[InterpreterKernelManager]]:
    """The manager of this run's kernels, with a folder of its own for their connection files.

    A killed kernel leaves its files behind; this folder goes with the run, or with the next one.
    A kernel ends itself within seconds once the process that started it is gone.
    """
    name = f"kernels-{uuid.uuid4().hex[:6]}"
    target = Path(tempfile.gettempdir()) / name
    with staging_folder(target, what="what the notebooks need for a while") as scratch:
        given = {"folder": scratch, "fork": staticmethod(fork) if fork else None}
        yield type("RunKernelManager", (InterpreterKernelManager,), given)


def kill_kernels() -> None:
    """End every kernel of this process at once, so that an interrupted build ends soon."""
    for manager in list(_MANAGERS):
        process = getattr(manager.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
