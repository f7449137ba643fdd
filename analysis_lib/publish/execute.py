"""Execute notebooks by papermill, each in a process, and take out what differs from run to run."""

from __future__ import annotations

import copy
import inspect
import logging
import os
import re
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from jupyter_core.utils import ensure_event_loop
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from analysis_lib import errors
from analysis_lib.errors import BuildError, CartReportError
from analysis_lib.publish.kernels import (
    Fork,
    InterpreterKernelManager,
    kernel_managers,
    kill_kernels,
)
from analysis_lib.publish.request import Progress, ignore_progress
from analysis_lib.publish.warm import PACKAGE_PARENT

CELL_SECONDS = 1800

# papermill's own reading of the parameters cell stumbles over comments; names and types are
# checked by the cell after it.
logging.getLogger("papermill").setLevel(logging.ERROR)


@dataclass(frozen=True)
class ExecutedNotebook:
    """A notebook with its outputs; `name` is its file name without suffix.

    One that `is_kept` has them from an earlier run.
    """

    name: str
    notebook: NotebookNode
    messages: tuple[str, ...]
    is_kept: bool = False


def execute_notebooks(
    notebooks: tuple[Path, ...],
    *,
    parameters: Mapping[str, object],
    folder: Path,
    jobs: int = 2,
    fork: Fork | None = None,
    progress: Progress = ignore_progress,
) -> tuple[ExecutedNotebook, ...]:
    """Run every notebook in its own fresh kernel with the same parameters.

    Parameters
    ----------
    notebooks
        The committed .ipynb files, in the order of the chapters.
    parameters
        Native Python values, injected after the cell tagged `parameters`.
    folder
        Working folder of the kernels; relative data paths start there.
    fork
        Makes the kernels of a warm process; without it each is started anew.

    Raises
    ------
    CartReportError
        A notebook refused its input; the message is the notebook's own.
    BuildError
        A notebook failed for any other reason.
    """
    start = time.perf_counter()
    if not notebooks:
        return ()
    values = dict(parameters)
    workers = max(1, min(jobs, len(notebooks)))
    with kernel_managers(fork) as managers, ThreadPoolExecutor(max_workers=workers) as pool:
        runs = [pool.submit(execute_one, path, values, folder, managers) for path in notebooks]
        try:
            for done, run in enumerate(as_completed(runs), start=1):
                run.result()
                progress("execute", done, len(runs), time.perf_counter() - start)
        except BaseException:
            # An input refused by one notebook is refused by all: do not run the rest.
            pool.shutdown(wait=False, cancel_futures=True)
            # `wait` never calls a run done that was cancelled in the queue.
            while running := [run for run in runs if not run.done()]:
                kill_kernels()  # again and again: a kernel may only just be starting
                wait(running, timeout=0.2)
            raise
    return tuple(run.result() for run in runs)


def execute_one(
    path: Path,
    parameters: dict[str, object],
    folder: Path,
    managers: type[InterpreterKernelManager],
) -> ExecutedNotebook:
    """Run one notebook and strip what would differ in a second run."""
    try:
        # nbclient leaves the event loop of a worker thread open: close it with the notebook.
        with closing(ensure_event_loop()):
            notebook = papermill.execute_notebook(
                nbformat.read(path, as_version=4),
                None,
                parameters=parameters,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                execution_timeout=CELL_SECONDS,
                kernel_manager_class=managers,
                shutdown_kernel="immediate",  # it has answered all that it was asked
                # Not papermill's cwd: it changes the folder of this process, for all threads.
                resources={"metadata": {"path": str(folder)}},
            )
    except PapermillExecutionError as failure:
        raise _as_report_error(path, failure) from None
    except (RuntimeError, TimeoutError) as failure:  # a kernel that died, or did not start
        raise BuildError(
            f"notebook {path.name} did not finish: {type(failure).__name__}: {failure}"
        ) from failure
    return executed(path, strip_noise(notebook, folders={folder: "."}))


def executed(path: Path, notebook: NotebookNode) -> ExecutedNotebook:
    """A notebook that has run, with what it wrote to standard error."""
    messages = tuple(f"{path.stem}: {line}" for line in standard_error(notebook))
    return ExecutedNotebook(path.stem, notebook, messages)


def _as_report_error(path: Path, failure: PapermillExecutionError) -> CartReportError:
    """The user's own error if a cell refused its input, else where and how the notebook broke."""
    kind = _user_errors().get(failure.ename)
    if kind is not None:
        return kind(failure.evalue)
    return BuildError(
        f"notebook {path.name}, cell {failure.cell_index + 1} failed: "
        f"{failure.ename}: {failure.evalue}\nin the cell\n{_indented(failure.source)}"
    )


def _user_errors() -> dict[str, type[CartReportError]]:
    return {
        name: kind
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, CartReportError) and kind.exit_code == 2
    }


def _indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())


NOISY_METADATA = ("papermill", "execution")
# The file ipykernel pretends a cell came from; it holds the number of the process.
_CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")


def strip_noise(notebook: NotebookNode, *, folders: dict[Path, str]) -> NotebookNode:
    """A copy without timings, tool metadata and machine paths.

    `folders` maps a folder to the text that stands for it in outputs.
    """
    clean = copy.deepcopy(notebook)
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    clean.metadata = NotebookNode({"kernelspec": NotebookNode(kernelspec)})
    for number, cell in enumerate(clean.cells):
        for key in NOISY_METADATA:
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)  # papermill gives every cell an empty list
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{number}"  # papermill draws a random one
        for output in cell.get("outputs", []):
            _scrub_output(output, folders)
    return clean


def standard_error(notebook: NotebookNode) -> list[str]:
    """The non-empty lines a notebook wrote to standard error."""
    texts = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    return [line for text in texts for line in text.splitlines() if line.strip()]


def _scrub_output(output: NotebookNode, folders: dict[Path, str]) -> None:
    if "text" in output:
        output["text"] = _scrub(output["text"], folders)
    for mime, value in output.get("data", {}).items():
        if isinstance(value, str) and not mime.startswith("image/png"):
            output["data"][mime] = _scrub(value, folders)


def _scrub(text: str, folders: dict[Path, str]) -> str:
    known = {
        **folders,
        PACKAGE_PARENT: "<package>",
        Path(sys.prefix): "<python>",
        Path(sys.base_prefix): "<python>",
        Path.home(): "~",
    }
    if "ipykernel_" in text:  # to look for it everywhere takes most of the time
        text = _CELL_FILE.sub("<cell>", text)
    # Longest first: a folder inside another must be named by the inner one.
    for folder in sorted(known, key=lambda path: -len(str(path))):
        if len(folder.parts) > 1:
            text = text.replace(str(folder) + os.sep, known[folder] + "/")
            text = text.replace(str(folder), known[folder])
    return text
