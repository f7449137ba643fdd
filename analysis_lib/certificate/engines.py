"""The engines: R with its package survival, or packages of Python that were written after it."""

from __future__ import annotations

import csv
import importlib.util
import io
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from analysis_lib.certificate.statement import SCRIPT
from analysis_lib.certificate.task import Task
from analysis_lib.errors import OutputError

LONGEST = 1800.0  # seconds
SEPARATOR = "----"  # a line between two tables
EXTRA = "certify"

Found = dict[str, float]


class Engine(Protocol):
    """Finds the numbers of tasks of its kinds again; `name` says with which versions."""

    @property
    def name(self) -> str: ...

    def knows(self, kind: str) -> bool: ...

    def find(self, tasks: Sequence[Task], confidence_level: float) -> list[Found]: ...


def find_engine(wanted: str = "auto") -> Engine:
    """R where it is on the machine with survival, else the packages of the optional extra.

    Raises
    ------
    OutputError
        Neither is there, or not the one that is wanted.
    """
    if wanted in ("auto", "r") and (engine := find_r()):
        return engine
    if wanted in ("auto", "python") and importlib.util.find_spec("survival"):
        from analysis_lib.certificate.python_engine import PythonEngine

        return PythonEngine()
    needed = {
        "r": "Rscript with the package survival",
        "python": f"the optional packages: pip install 'cart-report[{EXTRA}]'",
    }
    either = needed.get(wanted, " or ".join(needed.values()))
    raise OutputError(f"certify: no second engine is on this machine; it takes {either}")


@dataclass(frozen=True)
class REngine:
    """R by the script that the report brings along."""

    program: str
    name: str

    def knows(self, kind: str) -> bool:
        """The script has every kind."""
        return True

    def find(self, tasks: Sequence[Task], confidence_level: float) -> list[Found]:
        """The numbers of each task; a task that R cannot do has none.

        Raises
        ------
        OutputError
            R ends with an error.
        """
        done = subprocess.run(
            [self.program, "--vanilla", str(SCRIPT)],
            input=asked(tasks, confidence_level),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONGEST,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise OutputError(f"certify: R ended with an error: {last}")
        return read_found(done.stdout, len(tasks))


_ASK = (
    'cat(paste0("R ", getRversion(), ", survival ", packageVersion("survival")));'
    'if (requireNamespace("cmprsk", quietly = TRUE)) cat(paste0(", cmprsk ", '
    'packageVersion("cmprsk")))'
)


def find_r() -> REngine | None:
    """R, if it is there and has survival."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "--vanilla", "-e", _ASK],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else REngine(program, done.stdout.strip())


def asked(tasks: Sequence[Task], confidence_level: float) -> str:
    """The tasks as tables at full precision, without a word of the extract.

    They are handed over through a pipe: no patient's row is in a file, however the run ends.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("id", "kind", "wanted", "times", "level"))
    for number, task in enumerate(tasks):
        times = " ".join(repr(float(time)) for time in task.times)
        writer.writerow(
            (str(number), task.kind, " ".join(task.wanted), times, repr(confidence_level))
        )
    series = (task.series.to_csv(index=False, lineterminator="\n") for task in tasks)
    return f"{SEPARATOR}\n".join((table.getvalue(), *series))


def read_found(text: str, tasks: int) -> list[Found]:
    """What was found for each task."""
    found: list[Found] = [{} for _ in range(tasks)]
    for row in csv.DictReader(text.splitlines()):
        value = float(row["value"]) if row["value"] else float("nan")
        found[int(row["task"])][row["name"]] = value
    return found
