"""A kernel of the running interpreter, whatever kernelspecs the machine has registered."""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from pathlib import Path
from weakref import WeakSet

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import default
from traitlets.config import Config

PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_MANAGERS: WeakSet[InterpreterKernelManager] = WeakSet()


class InterpreterKernelManager(AsyncKernelManager):
    """Starts ipykernel in `sys.executable`, over files rather than TCP where the system can.

    A kernelspec named python3 in the user's own folder would otherwise decide which packages
    the report is computed with.
    """

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
        # Sockets as files are private to the user and spare ipykernel's warning about open TCP.
        return "tcp" if os.name == "nt" else "ipc"

    @default("connection_file")
    def _connection_file(self) -> str:
        # Short, because the path of a socket file is limited to about 100 characters.
        return str(Path(tempfile.gettempdir()) / f"cart-{uuid.uuid4().hex[:12]}.json")


def kill_kernels() -> None:
    """End every kernel of this process at once, so that an interrupted build ends soon."""
    for manager in list(_MANAGERS):
        process = getattr(manager.provisioner, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
