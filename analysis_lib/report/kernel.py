"""A kernel of the running interpreter, whatever kernelspecs the machine has registered."""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakSet

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import default
from traitlets.config import Config

from analysis_lib.report.staging import staging_folder

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET = 90  # bytes of a path, to which ipykernel adds `-ipc-5`
_MANAGERS: WeakSet[InterpreterKernelManager] = WeakSet()


class InterpreterKernelManager(AsyncKernelManager):
    """Starts ipykernel in `sys.executable`, over files rather than TCP where the system can.

    A kernelspec named python3 in the user's own folder would otherwise decide which packages
    the report is computed with. Its connection files lie in `folder`.
    """

    folder = Path(tempfile.gettempdir())

    def __init__(self, *, kernel_name: str, config: Config | None = None) -> None:
        super().__init__(kernel_name=kernel_name, config=config)
        _MANAGERS.add(self)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one kernel this manager knows, with hash order fixed for reproducible outputs."""
        search_path = [str(PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
        return KernelSpec(
            argv=[
                *(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
                "--log-level=CRITICAL",  # or the end of a kernel is reported as an error
            ],
            display_name="Python 3",
            language="python",
            env={
                "PYTHONHASHSEED": "0",
                "PYTHONPATH": os.pathsep.join(part for part in search_path if part),
            },
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


@contextmanager
def kernel_managers() -> Iterator[type[InterpreterKernelManager]]:
    """The manager of this run's kernels, with a folder of its own for their connection files.

    A killed kernel leaves its files behind; this folder goes with the run, or with the next one.
    A kernel ends itself within seconds once the process that started it is gone.
    """
    name = f"kernels-{uuid.uuid4().hex[:6]}"
    target = Path(tempfile.gettempdir()) / name
    with staging_folder(target, what="what the notebooks need for a while") as scratch:
        yield type("RunKernelManager", (InterpreterKernelManager,), {"folder": scratch})


def kill_kernels() -> None:
    """End every kernel of this process at once, so that an interrupted build ends soon."""
    for manager in list(_MANAGERS):
        process = getattr(manager.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
