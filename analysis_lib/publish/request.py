"""What a build is asked for, and what it answers."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Literal

from analysis_lib.publish.origin import Origin

Renderer = Literal["auto", "quarto", "builtin"]
Format = Literal["html", "pdf", "docx"]
Paper = Literal["a4", "us-letter"]
Progress = Callable[[str, int, int, float], None]
"""Called with (stage, done, total, seconds) whenever a unit of work ends."""


def ignore_progress(stage: str, done: int, total: int, seconds: float) -> None:
    """Report nothing."""


def prepare_nothing(folder: Path) -> None:
    """Compute nothing beforehand."""


def write_no_extras(folder: Path) -> Mapping[str, object]:
    """Add nothing to the bundle."""
    return {}


@dataclass(frozen=True)
class ReportInfo:
    """What the text of the report calls its subject; each field is a `{{< var >}}`.

    `label` is the synthetic-data label shown on every page, or "" for real data; `data_lock` is
    the date as text, "" where none is stated; `variables` holds further names for the text.
    `authors` are no variable; there may be none.
    """

    title: str
    exposure: str
    cohort_label: str
    data_lock: str
    label: str = ""
    renderer: str = ""
    authors: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def subtitle(self) -> str:
        """What Quarto prints below the title; the built-in renderer has a field for each."""
        lock = f", data lock {self.data_lock}" if self.data_lock else ""
        return f"{self.cohort_label}{lock}"


@dataclass(frozen=True)
class BuildRequest:
    """Everything a build depends on.

    `inputs` maps a name relative to the composed project (`data/cohort.csv`) to the file it is
    copied from; the parameters then use that name, so that no machine path enters a notebook.
    The copies exist while the notebooks run and never reach the bundle. Without inputs the
    notebooks run in `project_root`. `prepare` is called with that folder before the notebooks run,
    once the target is known to be ours, and not if none has to run; `fork` makes their kernels.
    `origin` tells which chapters of the report that is replaced can be taken over, unless all is to
    be `is_fresh`. `write_extras`
    adds files to the bundle; what it returns and `manifest`, the seed say, are entries of
    manifest.json.
    """

    project_root: Path
    notebooks: tuple[Path, ...]
    parameters: Mapping[str, object]
    info: ReportInfo
    out: Path
    formats: tuple[Format, ...] = ("html", "pdf", "docx")
    paper: Paper = "a4"
    renderer: Renderer = "auto"
    jobs: int = 2
    inputs: Mapping[str, Path] = field(default_factory=dict)
    manifest: Mapping[str, object] = field(default_factory=dict)
    origin: Origin | None = None
    is_fresh: bool = False
    prepare: Callable[[Path], None] = prepare_nothing
    fork: Callable[[str, str], int] | None = None
    write_extras: Callable[[Path], Mapping[str, object]] = write_no_extras
    progress: Progress = ignore_progress


@dataclass(frozen=True)
class StageTime:
    """Seconds spent in one stage of a build."""

    stage: str
    seconds: float


@dataclass(frozen=True)
class BuildResult:
    """Where the report lies, what rendered it (`reason`: why not Quarto), how long each stage took.

    `messages` are the lines the notebooks wrote to standard error, one per notebook and line;
    they are for the analyst and are not part of the report. `edited` are the names under which
    files that somebody had edited in the earlier report lie beside the new ones; `kept` chapters
    were taken over from it.
    """

    out: Path
    files: tuple[Path, ...]
    renderer: str
    stages: tuple[StageTime, ...]
    messages: tuple[str, ...] = ()
    reason: str = ""
    edited: tuple[str, ...] = ()
    kept: int = 0

    @property
    def seconds(self) -> float:
        """Wall-clock seconds of the whole build."""
        return sum(stage.seconds for stage in self.stages)


_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is unknown to Windows
SIGNALS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Finish what is inside, then deliver the first signal that arrived meanwhile.

    A second Ctrl-C would otherwise break off the tidying up after the first. Python delivers
    signals to the main thread alone: in any other there is nothing to put off.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []

    def keep(number: int, frame: FrameType | None) -> None:
        arrived.append(number)

    before = {number: signal.signal(number, keep) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
    if arrived:
        signal.raise_signal(arrived[0])
